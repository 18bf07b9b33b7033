//! Signing in and out, and who one is.

use crate::app::App;
use crate::body::Fields;
use crate::clock;
use crate::embedded;
use crate::identity::guard::{Peer, refused};
use crate::identity::{Who, audit, session};
use crate::params::Params;
use crate::problem::Problem;
use crate::wire::{Me, PersonBody, ProblemBody, RoleWord, SignedOut};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use goldstar_collection::Role;

/// Sign in with a token. The answer sets a cookie that only this server reads.
#[utoipa::path(
    post, path = "/api/sign-in", operation_id = "sign_in",
    request_body(content = SignInBody, content_type = "application/json"),
    responses(
        (status = 200, description = "`Set-Cookie` opens the session", body = PersonBody),
        (status = 400, description = "A field is wrong", body = ProblemBody),
        (status = 401, description = "Nobody has this token", body = ProblemBody),
        (status = 409, description = "Nobody needs to sign in", body = ProblemBody),
        (status = 413, description = "The body is too large", body = ProblemBody),
        (status = 429, description = "Too many wrong tokens", body = ProblemBody),
        (status = 503, description = "Too many sign in at once", body = ProblemBody),
    )
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    Peer(peer): Peer,
    method: Method,
    uri: Uri,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    if !app.identity.reviewers()?.is_configured() {
        let detail = "nobody needs to sign in here: `goldstar reviewer add` has added nobody";
        return Err(Problem::new(StatusCode::CONFLICT, detail));
    }
    let mut fields = Fields::read(&app, body)?;
    let token = fields.text("token").unwrap_or_default();
    if token.trim().is_empty() && !fields.is_wrong() {
        fields.wrong("token", "is required");
    }
    fields.refuse_others();
    fields.finish()?;
    let who = match app.identity.with_token(token.trim(), peer).await {
        Ok(who) => who,
        Err(refusal) => return Ok(refused(refusal, &method, &uri)),
    };
    audit::signed_in(&who, peer);
    let (now, id) = (clock::now().as_second(), who.token_id().unwrap_or_default());
    let cookie = session::cookie(app.identity.key(), id, now, app.options.address.is_https());
    let headers = [(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, no_store())];
    Ok((headers, Json(person(&who))).into_response())
}

/// What signing in takes.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field for better errors")]
pub(crate) struct SignInBody {
    /// The token that `goldstar reviewer add` showed.
    token: String,
}

/// Sign out: the cookie ends. The token stays good.
#[utoipa::path(
    post, path = "/api/sign-out", operation_id = "sign_out",
    responses((status = 200, body = SignedOut))
)]
pub(crate) async fn sign_out(State(app): State<App>, Peer(peer): Peer, who: Who) -> Response {
    if who.signs_in() {
        audit::signed_out(&who, peer);
    }
    let body = SignedOut { status: "success".into(), message: "signed out".into() };
    ([(header::SET_COOKIE, session::no_cookie(app.options.address.is_https()))], Json(body))
        .into_response()
}

/// Who one is, and what one may do.
#[utoipa::path(
    get, path = "/api/me", operation_id = "me",
    responses(
        (status = 200, body = Me),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn me(who: Who, params: Params) -> Result<Json<Me>, Problem> {
    params.finish()?;
    let PersonBody { name, role, kind } = person(&who);
    Ok(Json(Me { name, role, kind, signs_in: who.signs_in() }))
}

/// The page where one signs in; where nobody has to, the table.
pub(crate) async fn sign_in_page(State(app): State<App>) -> Result<Response, Problem> {
    let is_needed = app.identity.reviewers()?.is_configured();
    Ok(if is_needed { embedded::sign_in() } else { Redirect::to("/").into_response() })
}

/// Somebody as the browser hears of them.
pub(crate) fn person(who: &Who) -> PersonBody {
    let role = match who.role {
        Role::Admin => RoleWord::Admin,
        Role::Reviewer => RoleWord::Reviewer,
        Role::Agent => RoleWord::Agent,
        Role::Viewer => RoleWord::Viewer,
    };
    let kind = who.kind.word().into();
    PersonBody { name: who.name.clone(), role, kind }
}

fn no_store() -> axum::http::HeaderValue {
    axum::http::HeaderValue::from_static("no-store")
}
