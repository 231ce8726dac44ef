//! Answers to requests: pages for whatever address, that change nothing, with the same headers on each.

use attune_protocol::ids::Millis;
use attune_server::limits::Rate;
use attune_tests::group::Group;
use attune_tests::plans;
use attune_tests::raw::{Raw, Response, get, request};
use attune_tests::server::{Setup, TestServer};

#[tokio::test]
async fn t21_a_mangled_link_is_answered_and_neither_echoed_nor_kept() {
    let server = TestServer::start().await;
    for path in
        ["/s%23canary-7f3a", "/s/x%23canary-7f3a", "/s?canary-7f3a", "/s/canary-7f3a/../x", "/scanary-7f3a"]
    {
        for method in ["GET", "HEAD"] {
            let response = get(server.address(), method, path).await;
            assert_eq!(response.status, 200, "{method} {path}");
            assert!(!response.text().contains("canary-7f3a"), "{method} {path}");
        }
    }
    for path in ["/canary-7f3a", "/assets/canary-7f3a.js", "/ws/canary-7f3a", "/x?canary-7f3a"] {
        let response = get(server.address(), "GET", path).await;
        assert_eq!(response.status, 404, "{path}");
        assert!(!response.text().contains("canary-7f3a"), "{path}");
    }
}

#[tokio::test]
async fn t22_the_page_is_the_same_whatever_its_address_holds() {
    let server = TestServer::start().await;
    let page = get(server.address(), "GET", "/").await;
    for path in ["/s", "/s%23session.invite.key", "/s.session.invite.key", "/s?key", "/s/key"] {
        let response = get(server.address(), "GET", path).await;
        assert_eq!(response.body, page.body, "{path}");
        assert_eq!(
            (response.header("location"), response.header("refresh"), response.header("link")),
            (None, None, None)
        );
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"));
    }
}

#[tokio::test]
async fn t23_asking_for_pages_changes_nothing() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let before = server.events(group.link.session).await.len();
    let session = String::from(group.link.session);
    let invite = String::from(group.link.invite);
    for path in
        ["/", "/s", "/new", "/ws", &format!("/s%23{session}.{invite}.x"), &format!("/ws?session={session}")]
    {
        for method in ["GET", "HEAD"] {
            let response = get(server.address(), method, path).await;
            assert!(response.status == 200 || response.status >= 400, "no redirect: {}", response.status);
            assert!(response.header("x-robots-tag").is_some_and(|value| value.contains("noindex")));
            assert_eq!(response.header("set-cookie"), None);
        }
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let response = get(server.address(), method, "/s").await;
        assert_eq!(response.status, 405, "{method}");
    }
    // A browser that opens a socket and says nothing takes no seat.
    let mut raw = Raw::connect(server.address()).await;
    raw.upgrade(server.address()).await;
    group[0].now().await;
    assert_eq!(server.events(group.link.session).await.len(), before);
    assert_eq!((group[0].view().seats.len(), server.sessions().await), (2, 1));
}

#[tokio::test]
async fn run_7_every_answer_carries_the_headers() {
    let server = TestServer::start().await;
    let address = server.address();
    let host = format!("Host: {address}\r\nConnection: close\r\n");
    let long = format!("/{}", "x".repeat(server.limits().uri_bytes));
    let requests = [
        (200, format!("GET / HTTP/1.1\r\n{host}\r\n")),
        (200, format!("HEAD / HTTP/1.1\r\n{host}\r\n")),
        (200, format!("GET /s HTTP/1.1\r\n{host}\r\n")),
        (200, format!("GET /new HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /nothing HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /../../etc/passwd HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /assets/none.js HTTP/1.1\r\n{host}\r\n")),
        (405, format!("POST / HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n")),
        (413, format!("POST / HTTP/1.1\r\n{host}Content-Length: 99999999\r\n\r\n")),
        (414, format!("GET {long} HTTP/1.1\r\n{host}\r\n")),
        (403, format!("GET /ws HTTP/1.1\r\n{host}\r\n")),
        (426, format!("GET /ws HTTP/1.1\r\n{host}Origin: http://{address}\r\n\r\n")),
    ];
    for (status, text) in requests {
        let line = text.lines().next().unwrap_or_default().chars().take(60).collect::<String>();
        let response = request(address, &text).await.expect("an answer");
        assert_eq!(response.status, status, "{line}");
        let header =
            |name: &str| response.header(name).unwrap_or_else(|| panic!("{line} has no {name}")).to_owned();
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{line}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert!(header("permissions-policy").contains("geolocation=()"));
        assert!(header("cache-control").contains("no-store"), "{line}");
        assert_eq!(response.header("server"), None);
        assert_eq!(response.header("strict-transport-security"), None, "not over plain http");
    }
}

#[tokio::test]
async fn t35_wire_28_answers_to_what_cannot_be_read_carry_the_headers_too() {
    let server = TestServer::with(Setup::with_limits(|limits| {
        limits.loopback_exempt = false;
        // As many as there are requests below, but for the last one.
        limits.connections_per_address = Rate { count: 1, per: Millis::hours(1), burst: 9 };
    }))
    .await;
    let address = server.address();
    // What every answer has of its own.
    let own = ["content-type", "content-length", "date", "vary", "connection", "retry-after"];
    let common = |response: &Response| {
        let mut headers = response.headers.clone();
        headers.retain(|(name, _)| !own.contains(&name.as_str()));
        headers.sort();
        headers
    };
    let expected = common(&get(address, "GET", "/nothing").await);
    assert!(expected.len() >= 7, "{expected:?}");
    let many = "X: y\r\n".repeat(server.limits().headers + 1);
    let long = format!("X: {}\r\n", "y".repeat(server.limits().head_bytes));
    let host = format!("Host: {address}\r\n");
    let good = format!("GET /nothing HTTP/1.1\r\n{host}\r\n");
    for (statuses, text) in [
        (&[400][..], "\u{1b}[31mcanary\r\n\r\n".to_owned()),
        (&[400], format!("GET / HTTP/9.9\r\n{host}\r\n")),
        (&[400], format!("GET / HTTP/1.1\r\n{host}X\u{1b}canary: y\r\n\r\n")),
        (&[400], format!("GET /a canary HTTP/1.1\r\n{host}\r\n")),
        (&[431], format!("GET / HTTP/1.1\r\n{host}{many}\r\n")),
        (&[431], format!("GET / HTTP/1.1\r\n{host}{long}\r\n")),
        (&[404, 400], format!("{good}canary\r\n\r\n")),
        (&[404, 404, 431], format!("{good}{good}GET / HTTP/1.1\r\n{host}{many}\r\n")),
    ] {
        let mut raw = Raw::connect(address).await;
        raw.send(text.as_bytes()).await;
        let mut answers = Vec::new();
        while let Some(response) = raw.response().await {
            answers.push(response);
        }
        let got: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        let line: String = text.chars().take(40).collect();
        assert_eq!(got, statuses, "{line:?}");
        for answer in answers {
            assert_eq!(common(&answer), expected, "{line:?}");
            assert!(!answer.text().contains("canary"), "{line:?}");
        }
    }
    // And one that is turned away before it has said anything.
    let refused = get(address, "GET", "/").await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("5")));
    assert_eq!(common(&refused), expected);
}
