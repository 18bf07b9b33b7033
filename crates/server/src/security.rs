//! What every answer carries, and which requests are not listened to.

use crate::address::is_this_machine;
use crate::app::App;
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;

/// Model output is hostile input: nothing but our own files runs, and no text becomes a script.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
    img-src 'self'; worker-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'self'; require-trusted-types-for 'script'; \
    trusted-types svelte-trusted-html dompurify goldstar-worker";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Refuses writes that another site's page sends and requests under another host's name, and puts
/// the security headers on every answer.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_write = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let is_of_api = request.uri().path().starts_with("/api/");
    let stays_https = stays_https(&app, request.headers());
    let has_names = app.options.is_local || app.options.address.is_named();
    let refused = if has_names && !names_us(&app, request.headers()) {
        Some(
            "this server answers only to localhost and 127.0.0.1, and what --public-url names; \
             --host ADDRESS serves others too",
        )
    } else if is_write && is_from_elsewhere(request.headers())
        || is_of_api && is_for_elsewhere(request.headers())
    {
        Some("the request comes from another site's page")
    } else {
        None
    };
    let mut response = match refused {
        Some(why) => Problem::new(StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if stays_https {
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Whether the request was sent to a name that is ours. Who asks by a name of another site's choice
/// is a page of that site.
fn names_us(app: &App, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let host = host.to_str().unwrap_or_default();
    is_this_machine(host) || app.options.address.names(host)
}

/// Browsers come by https from now on, for a year. This machine's own names are other servers' too.
fn stays_https(app: &App, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    app.options.address.is_https() && host.is_some_and(|host| !is_this_machine(host))
}

/// Browsers say when another site's page fetches something, be it as a picture.
fn is_for_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

/// Browsers name the page that a request comes from; other programs do not.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match (headers.get(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => {
            let origin = origin.to_str().unwrap_or_default();
            origin.split_once("://").is_none_or(|(_, from)| from != host)
        }
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// A defect of ours: logged, answered, and the server goes on.
pub(crate) fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!("a request ended in a panic: {said}");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Goldstar has a defect here; its log says which. Nothing that was acknowledged is lost",
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_sites_are_told_apart() {
        let check = |origin: Option<&str>, host: Option<&str>, expected: bool| {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::ORIGIN, origin), (header::HOST, host)] {
                value.map(|value| headers.insert(name, value.parse().unwrap()));
            }
            assert_eq!(is_from_elsewhere(&headers), expected, "{origin:?} {host:?}");
        };
        check(None, Some("127.0.0.1:8001"), false);
        check(Some("http://127.0.0.1:8001"), Some("127.0.0.1:8001"), false);
        check(Some("http://localhost:8001"), Some("127.0.0.1:8001"), true);
        check(Some("https://evil.example"), Some("127.0.0.1:8001"), true);
        check(Some("null"), Some("127.0.0.1:8001"), true);
        check(Some("http://a"), None, true);
    }
}
