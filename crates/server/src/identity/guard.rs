//! The guard in front of every route: nobody gets further without a token once there are reviewers.

use crate::app::App;
use crate::embedded;
use crate::identity::{Identity, Refusal, Who, audit, seconds, session};
use crate::problem::Problem;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// Lets those in who may come in, and puts who they are into the request.
pub(crate) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let peer = peer_of(request.extensions());
    let headers = std::mem::take(request.headers_mut());
    let found = recognise(&app, &headers, peer, &uri).await;
    *request.headers_mut() = headers;
    let who = match found {
        Ok(who) => who,
        Err(refusal) => return refused(refusal, &method, &uri),
    };
    let shown = who.clone().filter(Who::signs_in);
    if let Some(who) = who {
        request.extensions_mut().insert(who);
    }
    let mut answer = next.run(request).await;
    if let Some(who) = shown {
        if answer.status() == StatusCode::FORBIDDEN {
            audit::overstepped(&who, peer, &format!("{method} {}", uri.path()));
        }
        // What one person may see is kept for nobody else.
        let no_store = HeaderValue::from_static("no-store");
        answer.headers_mut().entry(header::CACHE_CONTROL).or_insert(no_store);
    }
    answer
}

/// Where a request comes from, as far as is known.
pub(crate) struct Peer(pub(crate) Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(peer_of(&parts.extensions)))
    }
}

fn peer_of(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip())
}

/// Who asks; nobody in particular where everybody may come.
async fn recognise(
    app: &App,
    headers: &HeaderMap,
    peer: Option<IpAddr>,
    uri: &Uri,
) -> Result<Option<Who>, Refusal> {
    let identity: &Identity = &app.identity;
    let reviewers = identity.reviewers()?;
    if !reviewers.is_configured() {
        return Ok(Some(Who::anybody(&app.options.default_reviewer)));
    }
    if is_open(uri.path()) {
        return Ok(None);
    }
    if let Some(token) = bearer(headers) {
        return identity.with_token(token, peer).await.map(Some);
    }
    if !session::is_there(headers) {
        return Err(Refusal::Unknown);
    }
    identity.with_session(&reviewers, headers).map(Some).ok_or(Refusal::Unknown)
}

/// What is there for those who are not signed in: whether the server lives, and how to sign in.
pub(crate) fn is_open(path: &str) -> bool {
    matches!(path, "/healthz" | "/sign-in" | "/api/sign-in" | "/favicon.svg")
        || embedded::is_of_sign_in(path)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// An answer for whoever is not let in; a person is led to where one signs in.
pub(super) fn refused(refusal: Refusal, method: &Method, uri: &Uri) -> Response {
    let is_page = matches!(uri.path(), "/" | "/table_view.html");
    if is_page && method.is_safe() && matches!(refusal, Refusal::Unknown) {
        let to = uri.path_and_query().map_or("/", |whole| whole.as_str());
        let to = format!("/sign-in?to={}", encoded(to));
        let headers = [(header::LOCATION, to), (header::CACHE_CONTROL, "no-store".to_owned())];
        return (StatusCode::SEE_OTHER, headers).into_response();
    }
    let wait = match &refusal {
        Refusal::TooOften(wait) => Some(seconds(*wait)),
        Refusal::Busy => Some(1),
        _ => None,
    };
    let is_unknown = matches!(refusal, Refusal::Unknown);
    let mut answer = Problem::from(refusal).into_response();
    if is_unknown {
        let bearer = HeaderValue::from_static("Bearer");
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
    }
    if let Some(wait) = wait {
        answer.headers_mut().insert(header::RETRY_AFTER, wait.into());
    }
    answer
}

/// Percent-encoded whole, so that it stays one parameter.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let each = text.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signing_in_is_open() {
        for path in ["/healthz", "/sign-in", "/api/sign-in", "/favicon.svg"] {
            assert!(is_open(path), "{path}");
        }
        for path in [
            "/",
            "/table_view.html",
            "/api/me",
            "/api/sign-out",
            "/api/status",
            "/mcp",
            "/healthz/",
            "/sign-in/../api/status",
            "//api/sign-in",
            "/assets/",
            "/assets/none.js",
            "/API/SIGN-IN",
            "/api/sign-in/x",
        ] {
            assert!(!is_open(path), "{path}");
        }
    }

    #[test]
    fn where_one_wanted_to_go_stays_one_parameter() {
        assert_eq!(encoded("/?q=a b&x=//evil.example#y"), "/%3Fq%3Da%20b%26x%3D//evil.example%23y");
    }

    #[test]
    fn tokens_come_after_the_word_bearer() {
        let check = |value: &str, expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            assert_eq!(bearer(&headers), expected, "{value}");
        };
        check("Bearer gs_a", Some("gs_a"));
        check("bearer  gs_a ", Some("gs_a"));
        check("Basic gs_a", None);
        check("gs_a", None);
        assert_eq!(bearer(&HeaderMap::new()), None);
    }
}
