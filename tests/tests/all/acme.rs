//! A certificate from an authority: Debian's `pebble`, which behaves as Let's Encrypt does. Where it is not installed
//! the test says so and proves nothing; `ATTUNE_PEBBLE=1` makes that a failure.

use attune_tests::process::Process;
use attune_tests::tls::{Authority, NAME, connect, connect_to, get};
use attune_tests::waiting::within_limit;
use rustls::version::TLS13;
use serde_json::json;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

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
        .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_WFE_NONCEREJECT", "0")])
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

/// An authority that runs, with the helper that answers its questions for names.
struct Pebble {
    _running: [Running; 2],
    directory: String,
    management: SocketAddr,
    own: Authority,
}

impl Pebble {
    fn start(folder: &Path, ports: [SocketAddr; 5]) -> Option<Self> {
        let [server, api, management, names, helper] = ports;
        let own = Authority::new();
        own.write(folder, &[HOST]);
        let config = json!({ "pebble": {
            "listenAddress": api.to_string(),
            "managementListenAddress": management.to_string(),
            "certificate": "cert.pem",
            "privateKey": "key.pem",
            "httpPort": 1,
            "tlsPort": server.port(),
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
        }});
        fs::write(folder.join("pebble.json"), config.to_string()).expect("can be written");
        fs::write(folder.join("root.pem"), own.pem()).expect("can be written");
        let (names, helper) = (names.to_string(), helper.to_string());
        // Every name leads to this machine; the helper's other services stay off.
        let off = ["-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""];
        let on = ["-defaultIPv4", HOST, "-dns01", &names, "-management", &helper];
        let helper = start("pebble-challtestsrv", &[on.as_slice(), off.as_slice()].concat(), folder)?;
        let pebble = start("pebble", &["-config", "pebble.json", "-strict", "-dnsserver", &names], folder)?;
        let directory = format!("https://{api}/dir");
        Some(Self { _running: [helper, pebble], directory, management, own })
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
    let Some(pebble) = Pebble::start(folder.path(), ports) else {
        assert!(std::env::var_os("ATTUNE_PEBBLE").is_none(), "pebble is not installed");
        println!("skipped: pebble is not installed (apt-get install pebble)");
        return;
    };
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
