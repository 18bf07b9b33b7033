//! Bodies of requests: taken in whole, within a limit of size and one of time.

use crate::app::App;
use crate::identity::{Refusal, Who};
use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use std::error::Error;
use std::time::Duration;

/// How long the largest body may take.
const TIME: Duration = Duration::from_secs(60);
/// A token and what is around it.
const SIGN_IN_BYTES: usize = 4 << 10;

/// Hands a request on once its body is here. The guard stands before it: of strangers no body is
/// taken in, but for the token that they sign in with.
pub(crate) async fn intake(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_sign_in = request.uri().path() == "/api/sign-in";
    let most = app.collection.settings().limits.body_bytes;
    let most = if is_sign_in { most.min(SIGN_IN_BYTES) } else { most };
    let said = request.headers().get(header::CONTENT_LENGTH);
    let said = said.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > most) {
        return too_large(most);
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(TIME, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => {
            // While the body was on its way the token may have been taken away.
            let who = parts.extensions.get::<Who>();
            if who.is_some_and(|who| !bytes.is_empty() && !app.identity.still_knows(who)) {
                return Problem::from(Refusal::Unknown).into_response();
            }
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
        Ok(Err(error)) if error.source().is_some_and(|why| why.is::<LengthLimitError>()) => {
            too_large(most)
        }
        Ok(Err(error)) => {
            let detail = format!("the body cannot be read: {error}");
            Problem::new(StatusCode::BAD_REQUEST, detail).into_response()
        }
        Err(_late) => {
            let detail = format!("the body took longer than {} s", TIME.as_secs());
            Problem::new(StatusCode::REQUEST_TIMEOUT, detail).into_response()
        }
    }
}

fn too_large(most: usize) -> Response {
    let detail = format!("the body is larger than {most} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail).into_response()
}
