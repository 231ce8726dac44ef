//! One request: refused, answered with a page, or agreed to become a websocket.

use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_LENGTH, HOST};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use axum::response::Response;
use axum::{Extension, http};
use hyper::body::Incoming;
use std::sync::Arc;

use super::addresses::Tier;
use super::pages::text;
use super::{Doors, Visitor, lock, origin, pages, upgrade};
use crate::limits::Limits;
use crate::monitor;
use crate::refusals::Kind;

/// What no address takes: too long, with too much in it, for no host or several, or meant to change something.
pub(super) fn refuse(request: &http::Request<Incoming>, limits: &Limits) -> Option<Response> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > limits.uri_bytes {
        return Some(text(StatusCode::URI_TOO_LONG, "This address is too long.\n"));
    }
    if body_length(request.headers()) > limits.body_bytes {
        return Some(text(StatusCode::PAYLOAD_TOO_LARGE, "This is more than the server takes.\n"));
    }
    // RFC 9112, 3.2: a proxy and this server must not differ in which of several counts.
    let hosts = request.headers().get_all(HOST).iter().count();
    if hosts > 1 || hosts == 0 && request.version() == Version::HTTP_11 {
        return Some(text(StatusCode::BAD_REQUEST, "A request names one host.\n"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut answer = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered.\n");
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Some(answer);
    }
    None
}

fn body_length(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

pub(super) async fn ask_for_page(State(doors): State<Arc<Doors>>, request: Request) -> Response {
    let path = request.uri().path();
    monitor::answer(&doors.rooms, path).unwrap_or_else(|| pages::answer(path, request.headers()))
}

pub(super) async fn ask_for_socket(
    State(doors): State<Arc<Doors>>,
    Extension(visitor): Extension<Arc<Visitor>>,
    mut request: Request,
) -> Response {
    // Before anything is counted: what a foreign page does must not use up anybody's place.
    if !origin::is_own_page(request.headers(), doors.public.as_ref(), doors.encryption.is_some()) {
        doors.log(Kind::ForeignOrigin, visitor.number, visitor.key());
        return text(StatusCode::FORBIDDEN, "Sockets are opened by the pages of this site only.\n");
    }
    let upgrade = hyper::upgrade::on(&mut request);
    let (parts, _body) = request.into_parts();
    let answer = match upgrade::agree(&parts) {
        Ok(answer) => answer,
        Err(answer) => return *answer,
    };
    let has_place = lock(&visitor.place).as_mut().is_some_and(|place| place.advance(Tier::Waiting));
    if !has_place {
        return doors.refuse_politely(visitor.number, visitor.key());
    }
    *lock(&visitor.upgrade) = Some(upgrade);
    answer
}
