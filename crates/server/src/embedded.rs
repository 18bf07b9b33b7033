//! The page and its files, which are part of the binary.

use crate::problem::Problem;
use axum::extract::Path;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The page, at both its addresses.
pub(crate) async fn page() -> Response {
    file("index.html", "no-cache")
}

/// The icon.
pub(crate) async fn favicon() -> Response {
    file("favicon.svg", "no-cache")
}

/// A file whose name holds a hash of its content: it never changes.
pub(crate) async fn asset(Path(path): Path<String>) -> Response {
    file(&format!("assets/{path}"), "public, max-age=31536000, immutable")
}

/// Anything else is not there; an unknown address never answers with the page.
pub(crate) async fn missing(uri: Uri) -> Problem {
    Problem::not_found(format!("nothing is at {}", uri.path()))
}

/// The address is right, the method is not.
pub(crate) async fn wrong_method(uri: Uri) -> Problem {
    let detail = format!("{} does not answer this method", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

fn file(name: &str, cache: &'static str) -> Response {
    match FILES.iter().find(|(known, _)| *known == name) {
        Some((_, bytes)) => {
            let headers =
                [(header::CONTENT_TYPE, media_type(name)), (header::CACHE_CONTROL, cache)];
            (headers, *bytes).into_response()
        }
        None => Problem::not_found(format!("no file {name}")).into_response(),
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
