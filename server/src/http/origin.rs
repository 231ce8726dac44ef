//! Which pages may open a socket: those of the server's own site, as the browser names it in `Origin`.

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Uri};
use std::fmt;
use std::str::FromStr;

/// Where pages come from: a scheme, a host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    secure: bool,
    host: String,
    port: u16,
}

/// A text that is no `http://…` or `https://…` address without path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASite;

impl fmt::Display for NotASite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an address such as https://attune.example, without a path")
    }
}

impl std::error::Error for NotASite {}

impl FromStr for Site {
    type Err = NotASite;

    fn from_str(text: &str) -> Result<Self, NotASite> {
        let uri = Uri::from_str(text).map_err(|_| NotASite)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(NotASite),
        };
        let bare = uri.path() == "/" && uri.query().is_none() && !text.contains('#');
        let authority = uri.authority().filter(|_| bare).ok_or(NotASite)?;
        Self::new(secure, authority).ok_or(NotASite)
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { secure, host, port } = self;
        let (scheme, usual) = if *secure { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://{host}")?;
        if *port == usual { Ok(()) } else { write!(f, ":{port}") }
    }
}

impl Site {
    /// Whether pages are sent encrypted.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    fn new(secure: bool, authority: &Authority) -> Option<Self> {
        let host = authority.host();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if authority.as_str().contains('@') || bare.is_empty() || bare.contains(['[', ']']) {
            return None;
        }
        let usual = if secure { 443 } else { 80 };
        // A port that is there and is no number is no port.
        let port =
            if authority.host().len() == authority.as_str().len() { usual } else { authority.port_u16()? };
        Some(Self { secure, host: authority.host().to_ascii_lowercase(), port })
    }
}

/// Whether the page that asks is one of ours: of the public site, or without one of the site that it asks. Where this
/// server `encrypts` by itself none of its pages came without: such a one is of somebody on the way.
pub(crate) fn is_own_page(headers: &HeaderMap, public: Option<&Site>, encrypts: bool) -> bool {
    let Some(origin) = single(headers, &ORIGIN) else { return false };
    // A browser's `Origin` ends with the host or port; `https://a/` is none.
    if origin.ends_with('/') {
        return false;
    }
    let Ok(origin) = Site::from_str(origin) else { return false };
    if encrypts && !origin.secure {
        return false;
    }
    let asked = match public {
        Some(site) => Some(site.clone()),
        None => single(headers, &HOST)
            .and_then(|host| Authority::from_str(host).ok())
            .and_then(|host| Site::new(origin.secure, &host)),
    };
    asked == Some(origin)
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asks(origins: &[&str], host: &str, public: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for origin in origins {
            headers.append(ORIGIN, HeaderValue::from_str(origin).expect("is a header value"));
        }
        headers.insert(HOST, HeaderValue::from_str(host).expect("is a header value"));
        is_own_page(&headers, public.map(|site| site.parse().expect("is a site")).as_ref(), false)
    }

    #[test]
    fn t1_without_a_public_url_the_origin_is_the_host() {
        for (origin, host) in [
            ("http://localhost:8080", "localhost:8080"),
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://[::1]:8080", "[::1]:8080"),
            ("https://attune.example", "attune.example"),
            ("https://attune.example", "attune.example:443"),
            ("http://attune.example:80", "attune.example"),
            ("https://Attune.Example", "attune.example"),
        ] {
            assert!(asks(&[origin], host, None), "{origin} at {host}");
        }
        for (origin, host) in [
            ("null", "attune.example"),
            ("", "attune.example"),
            ("attune.example", "attune.example"),
            ("https://attune.example/", "attune.example"),
            ("https://attune.example/x", "attune.example"),
            ("https://attune.example?x", "attune.example"),
            ("https://attune.example#x", "attune.example"),
            ("https://user@attune.example", "attune.example"),
            ("https://attune.example:8443", "attune.example"),
            ("https://attune.example", "attune.example:80"),
            ("https://attune.example", "attune.example:x"),
            ("https://attune.example.evil", "attune.example"),
            ("https://evil", "attune.example"),
            ("ftp://attune.example", "attune.example"),
            ("file://", "attune.example"),
            ("https://attune.example", ""),
        ] {
            assert!(!asks(&[origin], host, None), "{origin} at {host}");
        }
    }

    #[test]
    fn t1_with_a_public_url_the_host_does_not_count() {
        let public = Some("https://attune.example/");
        assert!(asks(&["https://attune.example"], "127.0.0.1:8080", public));
        assert!(asks(&["https://attune.example:443"], "127.0.0.1:8080", public));
        assert!(!asks(&["http://attune.example"], "attune.example", public));
        assert!(!asks(&["http://127.0.0.1:8080"], "127.0.0.1:8080", public));
        assert!(!asks(&["https://attune.example:8443"], "attune.example:8443", public));
    }

    #[test]
    fn t1_a_server_that_encrypts_has_no_pages_that_came_without() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("attune.example"));
        headers.insert(ORIGIN, HeaderValue::from_static("https://attune.example"));
        assert!(is_own_page(&headers, None, true));
        headers.insert(ORIGIN, HeaderValue::from_static("http://attune.example"));
        assert!(!is_own_page(&headers, None, true));
    }

    #[test]
    fn t1_absent_and_doubled_origins_are_refused() {
        assert!(!asks(&[], "localhost", None));
        assert!(!asks(&["http://localhost", "http://localhost"], "localhost", None));
    }

    #[test]
    fn a_site_is_written_without_its_usual_port() {
        for (text, written) in [
            ("https://attune.example:443/", "https://attune.example"),
            ("http://LOCALHOST:8080", "http://localhost:8080"),
        ] {
            assert_eq!(text.parse::<Site>().map(|site| site.to_string()), Ok(written.to_owned()));
        }
        for text in [
            "attune.example",
            "https://attune.example/path",
            "https://",
            "ws://a",
            "https://a?b",
            "http://a[::1]:80",
            "",
        ] {
            assert_eq!(text.parse::<Site>(), Err(NotASite), "{text}");
        }
    }
}
