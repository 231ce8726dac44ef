//! Encryption by the server itself: handshakes, headers, new certificates, and one from an authority.

use attune_protocol::client::{ClientMessage, Command};
use attune_protocol::ids::Millis;
use attune_server::clock::ManualClock;
use attune_server::config::TlsFlags;
use attune_server::tls::Encryption;
use attune_tests::group::create;
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::raw::Raw;
use attune_tests::secrets::{draw_invite, draw_request, draw_token, seal};
use attune_tests::server::{START, Setup, TestServer};
use attune_tests::tls::{Authority, NAME, ask, connect, get};
use attune_tests::waiting::within_limit;
use futures_util::{SinkExt, StreamExt};
use rustls::version::{TLS12, TLS13};
use std::path::Path;
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

fn folder() -> TempDir {
    TempDir::new().expect("the system has a folder for temporary files")
}

fn flags(authority: &Authority, folder: &Path, names: &[&str]) -> [String; 4] {
    let (certificate, key) = authority.write(folder, names);
    let text = |path: &Path| path.to_str().expect("is text").to_owned();
    ["--tls-cert".to_owned(), text(&certificate), "--tls-key".to_owned(), text(&key)]
}

/// A server in this process that encrypts, with what a test changes in its limits.
async fn encrypted(authority: &Authority, folder: &Path, setup: Setup) -> TestServer {
    let (certificate, key) = authority.write(folder, &[NAME]);
    let flags = TlsFlags { tls_cert: Some(certificate), tls_key: Some(key), ..TlsFlags::default() };
    let mut setup = setup;
    setup.config.encryption = Encryption::set_up(&flags, folder).expect("the certificate is good");
    TestServer::with(setup).await
}

#[tokio::test]
async fn t35_the_server_encrypts_by_itself() {
    let (authority, home) = (Authority::new(), folder());
    let flags = flags(&authority, home.path(), &[NAME]);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &flags).await;
    for version in [&TLS12, &TLS13] {
        let mut stream = connect(process.address(), &authority.pem(), &[version]).await.expect("is trusted");
        let answer = get(&mut stream, "/").await.expect("an answer").to_ascii_lowercase();
        assert!(answer.starts_with("http/1.1 200"), "{answer}");
        assert!(
            answer.contains("strict-transport-security: max-age=31536000; includesubdomains"),
            "{answer}"
        );
    }
    // Nobody else is trusted, and plain requests get nothing.
    connect(process.address(), &Authority::new().pem(), &[&TLS13]).await.expect_err("is another authority's");
    let mut plain = Raw::connect(process.address()).await;
    plain.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(plain.response().await.is_none());
    assert!(!process.log().contains("error"), "strangers are no failure: {}", process.log());
}

#[tokio::test]
async fn t35_run_7_every_encrypted_answer_carries_the_headers_and_hsts() {
    let (authority, home) = (Authority::new(), folder());
    let server = encrypted(&authority, home.path(), Setup::default()).await;
    let limits = server.limits();
    let host = format!("Host: {NAME}\r\n");
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let long = "x".repeat(limits.uri_bytes);
    let many = "X: y\r\n".repeat(limits.headers + 1);
    let own = format!("Origin: https://{NAME}\r\n");
    let requests = [
        (200, format!("GET / HTTP/1.1\r\n{host}\r\n")),
        (200, format!("HEAD /s HTTP/1.1\r\n{host}\r\n")),
        (200, format!("GET /new HTTP/1.1\r\n{host}\r\n")),
        (200, format!("GET /health HTTP/1.1\r\n{host}\r\n")),
        (200, format!("GET /ready HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /nothing HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /metrics HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /assets/none.js HTTP/1.1\r\n{host}\r\n")),
        (405, format!("DELETE / HTTP/1.1\r\n{host}\r\n")),
        (413, format!("POST / HTTP/1.1\r\n{host}Content-Length: 99999999\r\n\r\n")),
        (414, format!("GET /{long} HTTP/1.1\r\n{host}\r\n")),
        (431, format!("GET / HTTP/1.1\r\n{host}{many}\r\n")),
        (400, format!("GET / HTTP/9.9\r\n{host}\r\n")),
        // The socket: from a foreign page, without a handshake, with a body, and as it should be.
        (403, format!("GET /ws HTTP/1.1\r\n{host}{upgrade}Origin: https://elsewhere.test\r\n\r\n")),
        (403, format!("GET /ws HTTP/1.1\r\n{host}{upgrade}Origin: http://{NAME}\r\n\r\n")),
        (426, format!("GET /ws HTTP/1.1\r\n{host}{own}\r\n")),
        (400, format!("GET /ws HTTP/1.1\r\n{host}{upgrade}{own}Content-Length: 1\r\n\r\nx")),
        (101, format!("GET /ws HTTP/1.1\r\n{host}{upgrade}{own}\r\n")),
    ];
    // What an answer has of its own.
    let differs = [
        "allow",
        "connection",
        "content-length",
        "content-type",
        "date",
        "sec-websocket-accept",
        "sec-websocket-version",
        "upgrade",
        "vary",
    ];
    let mut expected = None;
    for (status, request) in requests {
        let line: String = request.lines().next().unwrap_or_default().chars().take(60).collect();
        let mut stream = connect(server.address(), &authority.pem(), &[&TLS13]).await.expect("is trusted");
        let (answered, mut headers) = ask(&mut stream, &request).await;
        assert_eq!(answered, status, "{line}");
        headers.retain(|(name, _)| !differs.contains(&name.as_str()));
        headers.sort();
        let hsts = headers.iter().find(|(name, _)| name == "strict-transport-security");
        let hsts = hsts.map(|(_, value)| value.as_str());
        assert_eq!(hsts, Some("max-age=31536000; includeSubDomains"), "{line}");
        assert_eq!(&headers, expected.get_or_insert(headers.clone()), "{line}");
    }
    assert!(expected.is_some_and(|headers| headers.len() == 8), "the table of RUN-7, and HSTS");
}

#[tokio::test]
async fn t35_a_whole_socket_goes_over_it() {
    let (authority, home) = (Authority::new(), folder());
    let server = encrypted(&authority, home.path(), Setup::default()).await;
    let stream = connect(server.address(), &authority.pem(), &[&TLS13]).await.expect("is trusted");
    let mut request = format!("wss://{NAME}/ws").into_client_request().expect("is an address");
    request.headers_mut().insert("Origin", format!("https://{NAME}").parse().expect("is a value"));
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.expect("is let in");
    let first = create(plans::ruch(), &draw_invite(), draw_token());
    let mut say = vec![serde_json::to_string(&first).expect("is written")];
    for _ in 0..200 {
        let name = Command::SetName { seat: attune_protocol::ids::SeatNumber(1), name: seal("Ada") };
        let message = ClientMessage::Command { request: draw_request(), command: name };
        say.push(serde_json::to_string(&message).expect("is written"));
        say.push(serde_json::to_string(&ClientMessage::History {}).expect("is written"));
    }
    let said = say.len();
    for text in say {
        socket.send(Message::text(text)).await.expect("is taken");
    }
    let mut answers = 0;
    while answers < said {
        let frame = within_limit("an answer", socket.next()).await.expect("is open").expect("is whole");
        let text = frame.into_text().expect("is text");
        let is_answer = ["welcome", "accepted", "refused", "history"]
            .iter()
            .any(|word| text.contains(&format!("{{\"type\":\"{word}\"")));
        answers += usize::from(is_answer);
    }
}

#[tokio::test]
async fn t39_a_handshake_that_is_never_finished_is_closed() {
    let (authority, home) = (Authority::new(), folder());
    let setup = Setup::by_hand(|limits| limits.handshake_time = Millis::seconds(10));
    let server = encrypted(&authority, home.path(), setup).await;
    let mut silent = Raw::connect(server.address()).await;
    // The beginning of a hello, and never the rest.
    silent.send(&[22, 3, 1, 2, 0, 1]).await;
    let mut first = [0; 1];
    let mut closed = std::pin::pin!(silent.reader.read(&mut first));
    let ended = within_limit("the handshake to be given up", async {
        loop {
            tokio::select! {
                ended = &mut closed => return ended,
                () = tokio::task::yield_now() => server.advance_transport(Millis::seconds(5)),
            }
        }
    });
    assert!(matches!(ended.await, Ok(0) | Err(_)));
    // Others are served meanwhile and after.
    let mut stream = connect(server.address(), &authority.pem(), &[&TLS13]).await.expect("is trusted");
    assert!(get(&mut stream, "/").await.expect("an answer").starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn run_18_a_new_certificate_is_read_on_sighup_and_a_bad_one_is_not_shown() {
    let (first, second, home) = (Authority::new(), Authority::new(), folder());
    let flags = flags(&first, home.path(), &[NAME]);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &flags).await;
    let address = process.address();
    let shows = async |authority: &Authority| connect(address, &authority.pem(), &[&TLS13]).await.is_ok();
    assert!(shows(&first).await);
    std::fs::write(home.path().join("cert.pem"), "no certificate").expect("can be written");
    process.signal("HUP");
    attune_tests::waiting::until("the refusal", || process.log().contains("the old one stays").then_some(()))
        .await;
    assert!(shows(&first).await);
    // Run out, or not begun yet.
    for (refused, years) in [(2, (1975, 2020)), (3, (4000, 4096))] {
        second.write_for(home.path(), &[NAME], years);
        process.signal("HUP");
        let refusals = || process.log().matches("the old one stays").count();
        attune_tests::waiting::until("another refusal", || (refusals() == refused).then_some(())).await;
        assert!(shows(&first).await);
    }
    second.write(home.path(), &[NAME]);
    process.signal("HUP");
    within_limit("the new certificate", async { while !shows(&second).await {} }).await;
    assert!(!shows(&first).await);
}

#[tokio::test]
async fn run_18_files_that_change_are_read_again_by_themselves() {
    let (first, second, home) = (Authority::new(), Authority::new(), folder());
    let server = encrypted(&first, home.path(), Setup::default()).await;
    let encryption = server.encryption().expect("it encrypts").clone();
    let clock = ManualClock::new(START);
    let following = tokio::spawn({
        let clock = clock.clone();
        async move { encryption.maintain(&clock).await }
    });
    let shows =
        async |authority: &Authority| connect(server.address(), &authority.pem(), &[&TLS13]).await.is_ok();
    assert!(shows(&first).await);
    second.write(home.path(), &[NAME]);
    within_limit("the new certificate", async {
        while !shows(&second).await {
            clock.advance(Millis::minutes(1));
        }
    })
    .await;
    following.abort();
}

#[tokio::test]
async fn run_15_a_certificate_is_checked() {
    let (authority, home) = (Authority::new(), folder());
    let flags = flags(&authority, home.path(), &[NAME]);
    let check = |flags: &[String]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_attune-under-test"))
            .args(["check", "--listen", "127.0.0.1:0", "--data"])
            .arg(home.path().join("data"))
            .args(flags)
            .output()
            .expect("the program can be started");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (is_well, said) = check(&flags);
    assert!(is_well && said.contains("belong together"), "{said}");
    for (years, words) in [((1975, 2020), "has run out"), ((4000, 4096), "does not hold yet")] {
        authority.write_for(home.path(), &[NAME], years);
        let (is_well, said) = check(&flags);
        assert!(!is_well && said.contains(words), "{said}");
    }
    authority.write(home.path(), &[NAME]);
    // The key of another certificate.
    let other = folder();
    let (_, key) = authority.write(other.path(), &[NAME]);
    std::fs::copy(key, home.path().join("key.pem")).expect("can be copied");
    let (is_well, said) = check(&flags);
    assert!(!is_well && said.contains("cannot be used"), "{said}");
}

#[test]
fn run_28_only_small_regular_files_are_read_as_certificate_or_key() {
    let (authority, home) = (Authority::new(), folder());
    let (certificate, key) = authority.write(home.path(), &[NAME]);
    let (pipe, large) = (home.path().join("pipe"), home.path().join("large"));
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("there is a mkfifo");
    assert!(made.success());
    std::fs::File::create(&large).and_then(|file| file.set_len(1 << 40)).expect("can be written");
    let run = |task: &str, flags: &[(&str, &Path)]| {
        let output = std::process::Command::new("timeout")
            .args(["30", env!("CARGO_BIN_EXE_attune-under-test"), task, "--listen", "127.0.0.1:0", "--data"])
            .arg(home.path().join("data"))
            .args(flags.iter().flat_map(|(flag, path)| [flag.as_ref(), path.as_os_str()]))
            .output()
            .expect("the program can be started");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    let strange = [
        (pipe.as_path(), "name a regular file"),
        (home.path(), "name a regular file"),
        (Path::new("/dev/zero"), "name a regular file"),
        (&large, "larger than 256 KiB"),
    ];
    for task in ["serve", "check"] {
        for (path, words) in strange {
            for flags in [
                &[("--tls-cert", path), ("--tls-key", &key)][..],
                &[("--tls-cert", &certificate), ("--tls-key", path)],
                &[("--acme-domain", Path::new(NAME)), ("--acme-root", path)],
            ] {
                let (code, said) = run(task, flags);
                assert!(code == Some(1) && said.contains(words), "{task} {flags:?}: {code:?} {said}");
            }
        }
    }
    assert!(!home.path().join("data").exists(), "nothing was begun");
}
