//! The web client: one page, its hashed files, and what is said when it was not built.

use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// The build of the web client: read from disk by a debug build, part of the program in a release.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Dist;

/// For files whose name changes with their content.
const KEPT_FOR_EVER: &str = "public, max-age=31536000, immutable";

const NOT_BUILT: &str = "The web client is not built.\n\n\
    Build it with `npm ci && npm run build` in the folder web, then start the server again.\n\
    `make run` does both.\n";

/// Answers a path of the site. The path is never echoed: by mistake it may hold a secret.
pub(crate) fn answer(path: &str, headers: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    if is_public_file(name)
        && let Some(file) = file(name, headers)
    {
        return file;
    }
    // Whatever a mail program makes of `/s#…`, the page gets to see and repair it.
    if matches!(name, "" | "new") || path.starts_with("/s") {
        return page(file("index.html", headers));
    }
    text(StatusCode::NOT_FOUND, "There is nothing at this address.\n")
}

/// The page, or how it is built.
fn page(built: Option<Response>) -> Response {
    built.unwrap_or_else(|| text(StatusCode::OK, NOT_BUILT))
}

/// An answer in plain words.
pub(crate) fn text(status: StatusCode, words: &'static str) -> Response {
    (status, [(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], words).into_response()
}

/// The page is reached by its addresses only, and what the build leaves beside its files not at all. A backslash is a
/// slash to the library that finds files.
fn is_public_file(name: &str) -> bool {
    let hidden = name.split(['/', '\\']).any(|part| part.is_empty() || part.starts_with('.'));
    !hidden && content_type(name).is_some() && name != "index.html"
}

fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Dist::get(name)?;
    let compressed = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(coding, ending)| {
        let file = Dist::get(&format!("{name}{ending}")).filter(|_| accepts(headers, coding))?;
        Some((coding, file))
    });
    let (coding, file) = compressed.map_or((None, plain), |(coding, file)| (Some(coding), file));
    let mut response = axum::body::Body::from(file.data).into_response();
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)?));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if name.starts_with("assets/") {
        answer.insert(CACHE_CONTROL, HeaderValue::from_static(KEPT_FOR_EVER));
    }
    Some(response)
}

/// Whether a request takes this coding: named, and not with `q=0`.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
            weight.is_some_and(|weight| weight <= 0.0)
        });
        named && !refused
    })
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn run_8_every_address_of_the_page_gets_the_same_answer() {
        let status = |path: &str| answer(path, &HeaderMap::new()).status();
        for path in ["/", "/new", "/s", "/s/", "/s%23canary", "/s/x%23canary", "/s.a.b"] {
            assert_eq!(status(path), StatusCode::OK, "{path}");
        }
        for path in
            ["/x", "/index.html", "/assets/none.js", "/.vite/manifest.json", "/../Cargo.toml", "/ws/x"]
        {
            assert_eq!(status(path), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn run_4_without_the_web_client_a_page_says_how_it_is_built() {
        let answer = page(None);
        assert_eq!(answer.status(), StatusCode::OK);
        let words = axum::body::to_bytes(answer.into_body(), 1_000).await.expect("is short");
        let words = String::from_utf8_lossy(&words).into_owned();
        assert!(words.contains("not built") && words.contains("make run"), "{words}");
        // Nothing in the build asks for Node: the folder may be missing, and no build script runs a program.
        let build = include_str!("../../build.rs");
        assert!(build.contains("rerun-if-changed=../web/dist") && !build.contains("Command"), "{build}");
    }

    #[test]
    fn files_beside_the_page_are_hidden() {
        for name in
            [".vite/manifest.json", "index.html", "assets/a.js.br", "assets/../index.html", "a//b.js", ""]
        {
            assert!(!is_public_file(name), "{name}");
        }
        assert!(is_public_file("assets/index-BXk2.js"));
    }

    #[test]
    fn a_coding_is_used_when_it_is_accepted() {
        assert!(accepts(&accepting("gzip, deflate, br"), "br"));
        assert!(accepts(&accepting("GZIP;q=0.5"), "gzip"));
        assert!(!accepts(&accepting("br;q=0, gzip"), "br"));
        assert!(!accepts(&accepting("bread"), "br"));
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
