//! Claims: a reviewer says which record they have before them.

use crate::app::App;
use crate::body::Fields;
use crate::clock;
use crate::identity::Who;
use crate::problem::Problem;
use crate::stars::may_star;
use crate::wire::{ClaimBody, ClaimEvent, ClaimedBody, ProblemBody};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use goldstar_collection::{Claim, Claimed, Claiming, Role, end_of};
use std::collections::HashMap;

/// Claim a record, so that others are led past it for a while. Nobody is kept from starring it.
#[utoipa::path(
    post, path = "/api/claim", operation_id = "claim",
    request_body(content = NewClaimBody, content_type = "application/json"),
    responses(
        (status = 200, description = "It is on the disk, or another one has the record",
            body = ClaimedBody),
        (status = 400, description = "A field is wrong", body = ProblemBody),
        (status = 403, description = "Not here, or not by this reviewer", body = ProblemBody),
        (status = 404, description = "No such record", body = ProblemBody),
        (status = 413, description = "The body is too large", body = ProblemBody),
        (status = 500, description = "The journal cannot be written", body = ProblemBody),
        (status = 503, description = "Not there yet: ask again soon", body = ProblemBody),
    )
)]
pub(crate) async fn claim(
    State(app): State<App>,
    who: Who,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ClaimedBody>, Problem> {
    may_star(&app, &who)?;
    if who.role == Role::Agent {
        let detail = "an agent suggests; it keeps nobody from a record";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    let mut fields = Fields::read(&app, body)?;
    let custom_id = fields.text("custom_id").unwrap_or_default();
    if custom_id.is_empty() && !fields.is_wrong() {
        fields.wrong("custom_id", "is required");
    }
    let is_unreviewed = fields.flag("unreviewed").unwrap_or(false);
    let starred_by = fields.reviewer(&who)?;
    fields.refuse_others();
    fields.finish()?;
    let sight = app.sight_of(&who, &starred_by);
    let claimed = app.blocking(move |app| {
        let (custom_id, starred_by, sight) = (&custom_id, &starred_by, &sight);
        let new = Claiming { custom_id, starred_by, is_unreviewed, sight, now: clock::now() };
        app.collection.claim(new, clock::new_id())
    });
    let (claimed, by, until) = match claimed.await? {
        Claimed::Until(until) => (true, None, Some(until)),
        Claimed::By(by, until) => (false, Some(by.to_string()), Some(until)),
        Claimed::Starred(by) => (false, Some(by.to_string()), None),
        Claimed::Off => (false, None, None),
    };
    Ok(Json(ClaimedBody { claimed, by, until: until.map(clock::text) }))
}

/// What is claimed.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field for better errors")]
pub(crate) struct NewClaimBody {
    /// The record.
    custom_id: String,
    /// Who claims it; of who signed in the name is known.
    #[schema(nullable = false)]
    starred_by: Option<String>,
    /// Only if no person has starred it; false if absent.
    #[schema(nullable = false)]
    unreviewed: Option<bool>,
}

/// What others than this reviewer have before them now, by record.
pub(crate) fn of_others(app: &App, me: &str) -> HashMap<String, ClaimBody> {
    let claims = app.collection.claims(clock::now()).into_iter();
    let others = claims.filter(|claim| *claim.starred_by != *me);
    let body = |claim: Claim| {
        let until = clock::text(end_of(&claim));
        (claim.custom_id.to_string(), ClaimBody { by: claim.starred_by.to_string(), until })
    };
    others.map(body).collect()
}

/// A claim as browsers hear of it; none when its time is up.
pub(crate) fn claim_event(claim: &Claim) -> Option<ClaimEvent> {
    let until = end_of(claim);
    let seconds = until.as_second() - clock::now().as_second();
    Some(ClaimEvent {
        custom_id: claim.custom_id.to_string(),
        starred_by: claim.starred_by.to_string(),
        until: clock::text(until),
        seconds: u32::try_from(seconds).ok().filter(|seconds| *seconds > 0)?,
    })
}
