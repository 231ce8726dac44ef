//! A certificate from an authority: Debian's `pebble`, which behaves as Let's Encrypt does. Where it is not installed
//! the test says so and proves nothing; `ATTUNE_PEBBLE=1` makes that a failure.

use attune_protocol::ids::{Millis, Timestamp};
use attune_server::clock::{Clock, ManualClock, SystemClock};
use attune_server::config::TlsFlags;
use attune_server::tls::Encryption;
use attune_tests::process::Process;
use attune_tests::server::{Setup, TestServer};
use attune_tests::tls::{Authority, NAME, connect, connect_to, get};
use attune_tests::waiting::{until, within_limit};
use rustls::pki_types::CertificateDer;
use rustls::version::TLS13;
use serde_json::json;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::client::TlsStream;

/// A helper that ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _killed = self.0.kill();
        let _gone = self.0.wait();
    }
}

fn start(program: &str, arguments: &[&str], folder: &Path) -> Option<Running> {
    let child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        // Without pauses, and without the refusals that it makes at random.
        // Nor does it take an earlier proof for the next order, which it does at random too.
        .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_WFE_NONCEREJECT", "0"), ("PEBBLE_AUTHZREUSE", "0")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.ok().map(Running)
}

/// An address of this machine that no other test uses, so that a port which was free a moment ago still is.
const HOST: &str = "127.0.0.77";

/// Free ports: neither pebble nor its helper can say which one they took.
fn free_ports() -> [SocketAddr; 5] {
    let listeners = [(); 5].map(|()| TcpListener::bind((HOST, 0)).expect("the system has a free port"));
    listeners.map(|listener| listener.local_addr().expect("a listener has an address"))
}

/// How long its certificates hold: as long as those of authorities that everybody may use.
const LIFE: Millis = Millis::hours(90 * 24);

/// Where it is asked.
fn directory(api: SocketAddr) -> String {
    format!("https://{api}/dir")
}

/// The helper: every name leads to one address of this machine. Its other services stay off.
fn start_names(folder: &Path, leads_to: &str, names: &str, management: &str) -> Option<Running> {
    let off = ["-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""];
    let on = ["-defaultIPv4", leads_to, "-dns01", names, "-management", management];
    start("pebble-challtestsrv", &[on.as_slice(), off.as_slice()].concat(), folder)
}

/// Says that a test proves nothing here, or fails where that was not to be.
fn skip() {
    assert!(std::env::var_os("ATTUNE_PEBBLE").is_none(), "pebble is not installed");
    println!("skipped: pebble is not installed (apt-get install pebble)");
}

/// An authority that runs, with the helper that answers its questions for names.
struct Pebble {
    _pebble: Running,
    helper: Running,
    directory: String,
    management: SocketAddr,
    own: Authority,
}

impl Pebble {
    /// Writes what it and those who ask it need: the certificate of its own address, and `root.pem`, which vouches for it.
    fn prepare(folder: &Path) -> Authority {
        let own = Authority::new();
        own.write(folder, &[HOST]);
        fs::write(folder.join("root.pem"), own.pem()).expect("can be written");
        own
    }

    /// Starts it for a server at the first of these addresses. `None`: it is not installed.
    fn start(folder: &Path, own: Authority, ports: [SocketAddr; 5]) -> Option<Self> {
        let [server, api, management, names, helper] = ports;
        let config = json!({ "pebble": {
            "listenAddress": api.to_string(),
            "managementListenAddress": management.to_string(),
            "certificate": "cert.pem",
            "privateKey": "key.pem",
            "httpPort": 1,
            "tlsPort": server.port(),
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
            "certificateValidityPeriod": LIFE.0 / 1_000,
        }});
        fs::write(folder.join("pebble.json"), config.to_string()).expect("can be written");
        let leads_to = server.ip().to_string();
        let names = names.to_string();
        let helper = start_names(folder, &leads_to, &names, &helper.to_string())?;
        let pebble = start("pebble", &["-config", "pebble.json", "-strict", "-dnsserver", &names], folder)?;
        let directory = directory(api);
        Some(Self { _pebble: pebble, helper, directory, management, own })
    }

    /// The root of the certificates that it gives, in PEM. Waits until it runs.
    async fn root(&self) -> String {
        let asking = async {
            loop {
                let stream =
                    connect_to(HOST, self.management, &self.own.pem(), &[&TLS13], &["http/1.1"]).await;
                if let Ok(mut stream) = stream
                    && let Ok(answer) = get(&mut stream, "/roots/0").await
                {
                    return answer[answer.find("-----BEGIN").expect("is PEM")..].to_owned();
                }
            }
        };
        within_limit("pebble to start", asking).await
    }
}

#[tokio::test]
async fn run_18_a_certificate_is_fetched_from_an_authority_and_kept() {
    let folder = TempDir::new().expect("the system has a folder for temporary files");
    let ports = free_ports();
    let own = Pebble::prepare(folder.path());
    let Some(pebble) = Pebble::start(folder.path(), own, ports) else { return skip() };
    let root = pebble.root().await;
    let own_root = folder.path().join("root.pem");
    let listen = ports[0].to_string();
    let public = format!("https://{listen}");
    let flags = [
        ["--listen", &listen],
        ["--public-url", &public],
        ["--acme-domain", NAME],
        ["--acme-email", "it@attune.test"],
        ["--acme-directory", &pebble.directory],
        ["--acme-root", own_root.to_str().expect("is text")],
    ]
    .concat();
    let mut process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &flags).await;
    let opened = async {
        loop {
            if let Ok(stream) = connect(process.address(), &root, &[&TLS13]).await {
                return stream;
            }
            assert!(!process.log().contains("could not be fetched"), "{}", process.log());
        }
    };
    let mut stream = within_limit("the certificate", opened).await;
    assert!(get(&mut stream, "/").await.expect("an answer").starts_with("HTTP/1.1 200"));
    for file in ["acme/account.json", "acme/certificate.pem"] {
        let mode = fs::metadata(process.data().join(file)).expect("is kept").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    // It is shown again after a restart, also when the authority has gone.
    let kept = fs::read(process.data().join("acme/certificate.pem")).expect("can be read");
    drop(pebble);
    process.kill();
    process.start_again().await;
    connect(process.address(), &root, &[&TLS13]).await.expect("is shown at once");
    assert_eq!(fs::read(process.data().join("acme/certificate.pem")).expect("can be read"), kept);
}

/// Connects, and gives the certificate that was shown.
async fn look(server: SocketAddr, root: &str) -> Option<(TlsStream<TcpStream>, CertificateDer<'static>)> {
    let stream = connect(server, root, &[&TLS13]).await.ok()?;
    let shown = stream.get_ref().1.peer_certificates()?.first()?.clone().into_owned();
    Some((stream, shown))
}

/// A server in this process that has a certificate of an authority, and whose time of renewing is moved by hand.
struct Renewing {
    folder: TempDir,
    ports: [SocketAddr; 5],
    server: TestServer,
    pebble: Pebble,
    root: String,
    clock: ManualClock,
    keeping: JoinHandle<()>,
    /// A connection from before, and the certificate that was shown to it.
    open: TlsStream<TcpStream>,
    first: CertificateDer<'static>,
    /// When it is to be renewed.
    renewal: Timestamp,
}

impl Renewing {
    /// `None`: pebble is not installed.
    async fn start() -> Option<Self> {
        let folder = TempDir::new().expect("the system has a folder for temporary files");
        let mut ports = free_ports();
        let own = Pebble::prepare(folder.path());
        let flags = TlsFlags {
            acme_domain: Some(NAME.to_owned()),
            acme_directory: directory(ports[1]),
            acme_root: Some(folder.path().join("root.pem")),
            ..TlsFlags::default()
        };
        let mut setup = Setup::default();
        let data = folder.path().join("data");
        let encryption = Encryption::set_up(&flags, &data).expect("the flags are good").expect("it encrypts");
        setup.config.encryption = Some(encryption.clone());
        let server = TestServer::with(setup).await;
        ports[0] = server.address();
        let pebble = Pebble::start(folder.path(), own, ports)?;
        let root = pebble.root().await;
        let clock = ManualClock::new(SystemClock::new().expect("there is a clock").now());
        let begun = clock.now();
        let keeping = tokio::spawn({
            let clock = clock.clone();
            async move { encryption.maintain(&clock).await }
        });
        let (open, first) = first_shown(server.address(), &root).await;
        let is_late = |at: &Timestamp| *at > begun + Millis::hours(24);
        let renewal = until("the renewal to be set", || clock.earliest_sleeper().filter(is_late)).await;
        Some(Self { folder, ports, server, pebble, root, clock, keeping, open, first, renewal })
    }

    /// Waits until an attempt to renew has failed, and the next one is set for so much later.
    async fn fails(&self, wait: Millis) {
        let next = Some(self.clock.now() + wait);
        until("the attempt to fail", || (self.clock.earliest_sleeper() == next).then_some(())).await;
    }
}

/// Waits for the first certificate that this root vouches for.
async fn first_shown(server: SocketAddr, root: &str) -> (TlsStream<TcpStream>, CertificateDer<'static>) {
    within_limit("a certificate", async {
        loop {
            if let Some(seen) = look(server, root).await {
                return seen;
            }
        }
    })
    .await
}

#[tokio::test]
async fn run_31_a_certificate_is_renewed_in_time_and_without_a_restart() {
    let Some(mut renewing) = Renewing::start().await else { return skip() };
    let Renewing { clock, renewal, .. } = &renewing;
    // It waits until two thirds are over, and not a moment less.
    let due = clock.now() + Millis(LIFE.0 / 3 * 2);
    assert!(*renewal > due - Millis::hours(2) && *renewal < due + Millis::minutes(10), "{renewal:?}");
    clock.set(*renewal - Millis(1));
    assert_eq!(clock.earliest_sleeper(), Some(*renewal));
    // The authority cannot find us just then: the one before stays, and it is tried again after a minute.
    renewing.pebble.helper.0.kill().expect("is ours");
    renewing.pebble.helper.0.wait().expect("is ours");
    renewing.clock.set(renewing.renewal);
    renewing.fails(Millis::minutes(1)).await;
    let (address, root) = (renewing.server.address(), renewing.root.clone());
    let (_, shown) = look(address, &root).await.expect("one is shown");
    assert_eq!(shown, renewing.first);
    let [_, _, _, names, helper] = renewing.ports.map(|port| port.to_string());
    let folder = renewing.folder.path();
    renewing.pebble.helper =
        start_names(folder, &address.ip().to_string(), &names, &helper).expect("was there before");
    let clock = &renewing.clock;
    clock.advance(Millis::minutes(1));
    within_limit("the renewed certificate", async {
        loop {
            // Should the helper not listen yet, the next attempt is two minutes later.
            if let Some(next) = clock.earliest_sleeper().filter(|at| *at == clock.now() + Millis::minutes(2))
            {
                clock.set(next);
            }
            let (_, shown) = look(address, &root).await.expect("one is shown at every moment");
            if shown != renewing.first {
                return;
            }
        }
    })
    .await;
    // Who is connected goes on.
    assert!(get(&mut renewing.open, "/").await.expect("an answer").starts_with("HTTP/1.1 200"));
    renewing.keeping.abort();
}

#[tokio::test]
async fn run_32_an_account_that_the_authority_does_not_know_any_more_is_made_anew() {
    let Some(mut renewing) = Renewing::start().await else { return skip() };
    let account = renewing.folder.path().join("data/acme/account.json");
    let before = fs::read(&account).expect("is kept");
    // Pebble forgets all when it ends, its own key too.
    let folder = renewing.folder.path();
    drop(renewing.pebble);
    let own = Pebble::prepare(folder);
    renewing.pebble = Pebble::start(folder, own, renewing.ports).expect("was there before");
    let root = renewing.pebble.root().await;
    renewing.clock.set(renewing.renewal);
    renewing.fails(Millis::minutes(1)).await;
    assert!(!account.exists());
    renewing.clock.advance(Millis::minutes(1));
    first_shown(renewing.server.address(), &root).await;
    assert_ne!(fs::read(&account).expect("is kept"), before);
    renewing.keeping.abort();
}
