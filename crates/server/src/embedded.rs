//! The page and its files, which are part of the binary.

use crate::problem::Problem;
use axum::extract::Path;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

include!(concat!(env!("OUT_DIR"), "/files.rs"));

const SIGN_IN: &str = "sign-in.html";

/// The page, at both its addresses.
pub(crate) async fn page() -> Response {
    file("index.html", "no-cache")
}

/// The page where one signs in.
pub(crate) fn sign_in() -> Response {
    // Without a built page there is only the one that says how to build it.
    let is_built = FILES.iter().any(|(name, _)| *name == SIGN_IN);
    file(if is_built { SIGN_IN } else { "index.html" }, "no-cache")
}

/// Whether a path is that of a file which the page for signing in names.
pub(crate) fn is_of_sign_in(path: &str) -> bool {
    let Some((_, page)) = FILES.iter().find(|(name, _)| *name == SIGN_IN) else { return false };
    let is_asset = path.strip_prefix("/assets/").is_some_and(|name| !name.is_empty());
    let named = format!("\"{path}\"");
    is_asset && page.windows(named.len()).any(|bytes| bytes == named.as_bytes())
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
