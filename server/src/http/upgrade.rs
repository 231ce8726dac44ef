//! The handshake that turns a request for `/ws` into a websocket. No extension and no subprotocol is ever agreed.

use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    TRANSFER_ENCODING, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, request};
use axum::response::{IntoResponse, Response};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::pages::text;

/// Length of a websocket key: 16 bytes in base64.
const KEY_LENGTH: usize = 24;

/// The answer that agrees to a websocket.
///
/// # Errors
/// The answer to a request that does not ask for one as the standard says.
pub(crate) fn agree(request: &request::Parts) -> Result<Response, Box<Response>> {
    let headers = &request.headers;
    if request.method != Method::GET || request.version != Version::HTTP_11 {
        return Err(Box::new(text(StatusCode::BAD_REQUEST, "A websocket begins with GET and HTTP/1.1.\n")));
    }
    // What follows a handshake is the first frame: a body there would be read as one.
    let has_body = headers.get(CONTENT_LENGTH).is_some_and(|length| length != "0");
    if has_body || headers.contains_key(TRANSFER_ENCODING) {
        return Err(Box::new(text(StatusCode::BAD_REQUEST, "A websocket begins without a body.\n")));
    }
    if !names(headers, &CONNECTION, "upgrade") || !names(headers, &UPGRADE, "websocket") {
        let mut answer = text(StatusCode::UPGRADE_REQUIRED, "This address is for websockets.\n");
        answer.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
        return Err(Box::new(answer));
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        let mut answer = text(StatusCode::UPGRADE_REQUIRED, "Only version 13 of websockets is spoken.\n");
        answer.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        return Err(Box::new(answer));
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|key| key.len() == KEY_LENGTH);
    let accept = key.and_then(|key| HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok());
    let Some(accept) = accept else {
        return Err(Box::new(text(StatusCode::BAD_REQUEST, "The websocket key is missing.\n")));
    };
    let answer = [
        (CONNECTION, HeaderValue::from_static("upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_ACCEPT, accept),
    ];
    Ok((StatusCode::SWITCHING_PROTOCOLS, answer).into_response())
}

/// Whether a header lists a word, in whatever case.
fn names(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| item.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    const GOOD: [(&str, &str); 4] = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    fn asked(headers: &[(&str, &str)]) -> Result<Response, StatusCode> {
        let request =
            headers.iter().fold(Request::get("/ws"), |request, (name, value)| request.header(*name, *value));
        let (parts, ()) = request.body(()).expect("is a request").into_parts();
        agree(&parts).map_err(|answer| answer.status())
    }

    #[test]
    fn a_whole_request_is_agreed_to() {
        let answer = asked(&GOOD).expect("is whole");
        assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(answer.headers()[SEC_WEBSOCKET_ACCEPT], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn t44_no_extension_is_agreed_to() {
        let offer = [("sec-websocket-extensions", "permessage-deflate"), ("sec-websocket-protocol", "chat")];
        let answer = asked(&[GOOD.as_slice(), &offer].concat()).expect("is whole");
        assert!(!answer.headers().keys().any(|name| name.as_str().ends_with("extensions")));
        assert!(!answer.headers().keys().any(|name| name.as_str().ends_with("protocol")));
    }

    #[test]
    fn wire_41_a_request_with_a_body_is_refused() {
        for body in [("content-length", "2"), ("transfer-encoding", "chunked")] {
            assert_eq!(asked(&[GOOD.as_slice(), &[body]].concat()).err(), Some(StatusCode::BAD_REQUEST));
        }
        assert!(asked(&[GOOD.as_slice(), &[("content-length", "0")]].concat()).is_ok());
    }

    #[test]
    fn what_is_missing_or_wrong_is_refused() {
        for (place, wrong, status) in [
            (0, "keep-alive", StatusCode::UPGRADE_REQUIRED),
            (1, "h2c", StatusCode::UPGRADE_REQUIRED),
            (2, "8", StatusCode::UPGRADE_REQUIRED),
            (3, "short", StatusCode::BAD_REQUEST),
        ] {
            let mut headers = GOOD;
            headers[place].1 = wrong;
            assert_eq!(asked(&headers).err(), Some(status));
            let without = GOOD.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, header)| *header);
            assert_eq!(asked(&without.collect::<Vec<_>>()).err(), Some(status));
        }
    }
}
