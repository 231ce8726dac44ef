//! Asking a running server whether it is ready, as a container's health check does.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long a server may take over each step of its answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// More of an answer than this is never read, in bytes.
const LONGEST_ANSWER: u64 = 16 * 1024;
/// The path that tells whether a server is ready.
pub(crate) const READY: &str = "/ready";

/// Why a server does not count as ready.
#[derive(Debug)]
pub enum NotReady {
    /// The address is none of `http://host:port`, with or without a path.
    BadAddress,
    /// Nothing answers there.
    Silent(io::Error),
    /// Something answers, and says that it is not ready.
    Says(u16),
    /// Something answers that is no web server.
    Strange,
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAddress => f.write_str("expected an address such as http://127.0.0.1:9464"),
            Self::Silent(error) => write!(f, "the server does not answer: {error}"),
            Self::Says(status) => write!(f, "the server is not ready (status {status})"),
            Self::Strange => f.write_str("something answers there that is no web server"),
        }
    }
}

impl std::error::Error for NotReady {}

/// Asks the server at an `http://` address, at the path `/ready` unless it names another.
///
/// # Errors
/// See [`NotReady`].
pub fn ask_whether_ready(url: &str) -> Result<(), NotReady> {
    let rest = url.strip_prefix("http://").ok_or(NotReady::BadAddress)?;
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let path = if path.len() > 1 { path } else { READY };
    if host.is_empty() || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NotReady::BadAddress);
    }
    match request(host, path).map_err(NotReady::Silent)? {
        Some(200) => Ok(()),
        Some(status) => Err(NotReady::Says(status)),
        None => Err(NotReady::Strange),
    }
}

fn request(host: &str, path: &str) -> io::Result<Option<u16>> {
    let with_port = if host.contains("]:") || (!host.ends_with(']') && host.contains(':')) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let address = with_port.to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // At once: a server that answers the first piece and closes would reset the rest.
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
    let words = String::from_utf8_lossy(&answer);
    let status = words.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
    Ok(status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A server that gives one answer, whatever it is asked; what it was asked comes back.
    fn answering(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the system has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody asks");
            let mut bytes = [0; 1024];
            let length = stream.read(&mut bytes).expect("can be read");
            stream.write_all(answer.as_bytes()).expect("can be written");
            String::from_utf8_lossy(&bytes[..length]).into_owned()
        });
        (format!("http://{address}"), asked)
    }

    #[test]
    fn run_15_a_server_is_ready_when_it_says_so() {
        let (url, asked) = answering("HTTP/1.1 200 OK\r\n\r\n");
        assert!(ask_whether_ready(&url).is_ok());
        assert!(asked.join().expect("does not fail").starts_with("GET /ready HTTP/1.1\r\n"));
        let (url, _) = answering("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        assert!(matches!(ask_whether_ready(&format!("{url}/health")), Err(NotReady::Says(503))));
        let (url, _) = answering("220 mail");
        assert!(matches!(ask_whether_ready(&url), Err(NotReady::Strange)));
        for url in ["https://a", "127.0.0.1:80", "http://", "http://a b", "http://a\r\nb"] {
            assert!(matches!(ask_whether_ready(url), Err(NotReady::BadAddress)), "{url}");
        }
    }
}
