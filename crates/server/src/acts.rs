//! Acts: what a reviewer did last, taken back and done again.

use crate::app::App;
use crate::body::Fields;
use crate::clock;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::row_star;
use crate::stars::may_star;
use crate::wire::{ActBody, ActWhat, Acts, Changed, Id, ProblemBody, Reversed};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use goldstar_collection::{Act, Collection, NewReversal, Reversal, Sight, StarError, What};

/// Outputs in an answer.
const CHANGED_MOST: usize = 200;

/// The last acts of a reviewer.
#[utoipa::path(
    get, path = "/api/acts", operation_id = "acts",
    params(
        ("starred_by" = Option<String>, Query, description = "Whose; the server's own reviewer if absent"),
        ("limit" = Option<u32>, Query, description = "Most acts, at most 200; 10 if absent"),
        ("reviewer" = Option<String>, Query, description = "Who asks, where nobody signs in; matters where scores are hidden"),
    ),
    responses(
        (status = 200, body = Acts),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
        (status = 403, description = "Another one's, where scores are hidden", body = ProblemBody),
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<Acts>, Problem> {
    let sight = app.sight(&who, &params);
    let starred_by = params.text("starred_by").unwrap_or(who.name);
    if matches!(&sight, Sight::Of(name) if **name != *starred_by) {
        let detail = "is not who asks: where scores are hidden, one sees one's own acts only";
        return Err(Problem::forbidden("starred_by", detail));
    }
    let limit = params.number("limit", 0, 200_usize).unwrap_or(10);
    params.finish()?;
    let acts = app.blocking(move |app| {
        let state = app.collection.journal().state();
        let id = |act: &std::sync::Arc<Act>| act.id.to_string();
        let (undo, redo) = (state.to_undo(&starred_by), state.to_redo(&starred_by));
        let (undo, redo) = (undo.map(id), redo.map(id));
        let acts: Vec<_> =
            state.acts(&starred_by).take(limit).map(|(a, u)| (a.clone(), u)).collect();
        // Names are read from the disk: nobody waits for that.
        drop(state);
        let acts = acts.iter().map(|(act, is_undone)| act_body(&app.collection, act, *is_undone));
        Acts { acts: acts.collect(), undo, redo }
    });
    Ok(Json(acts.await))
}

/// Take an act back, whole or not at all.
#[utoipa::path(
    post, path = "/api/undo", operation_id = "undo",
    request_body(content = UndoBody, content_type = "application/json"),
    responses(
        (status = 200, description = "It is on the disk", body = Reversed),
        (status = 400, description = "A field is wrong", body = ProblemBody),
        (status = 403, description = "Not here, or not by this reviewer", body = ProblemBody),
        (status = 404, description = "There is nothing to take back", body = ProblemBody),
        (status = 409, description = "An output was judged again since", body = ProblemBody),
        (status = 500, description = "The journal cannot be written", body = ProblemBody),
    )
)]
pub(crate) async fn undo(
    State(app): State<App>,
    who: Who,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Reversed>, Problem> {
    let mut fields = Fields::read(&app, body)?;
    let act = fields.id("undo").map(Reversal::Undoes);
    reverse(app, who, fields, act, |collection, starred_by| {
        let act = collection.journal().state().to_undo(starred_by)?.id;
        Some(Reversal::Undoes(act))
    })
    .await
}

/// Do again what was taken back last.
#[utoipa::path(
    post, path = "/api/redo", operation_id = "redo",
    request_body(content = RedoBody, content_type = "application/json"),
    responses(
        (status = 200, description = "It is on the disk", body = Reversed),
        (status = 400, description = "A field is wrong", body = ProblemBody),
        (status = 403, description = "Not here, or not by this reviewer", body = ProblemBody),
        (status = 404, description = "There is nothing to do again", body = ProblemBody),
        (status = 409, description = "An output was judged again since", body = ProblemBody),
        (status = 500, description = "The journal cannot be written", body = ProblemBody),
    )
)]
pub(crate) async fn redo(
    State(app): State<App>,
    who: Who,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Reversed>, Problem> {
    let mut fields = Fields::read(&app, body)?;
    let act = fields.id("redo").map(Reversal::Redoes);
    reverse(app, who, fields, act, |collection, starred_by| {
        let act = collection.journal().state().to_redo(starred_by)?.id;
        Some(Reversal::Redoes(act))
    })
    .await
}

/// What is to be taken back.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field for better errors")]
pub(crate) struct UndoBody {
    /// Whose act; the server's own reviewer if absent.
    #[schema(nullable = false)]
    starred_by: Option<String>,
    /// The act; the last that is not taken back if absent.
    #[schema(nullable = false)]
    undo: Option<Id>,
    /// The idempotency key, a ULID.
    #[schema(nullable = false)]
    id: Option<Id>,
}

/// What is to be done again.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field for better errors")]
pub(crate) struct RedoBody {
    /// Whose act; the server's own reviewer if absent.
    #[schema(nullable = false)]
    starred_by: Option<String>,
    /// The act; the one that was taken back last if absent.
    #[schema(nullable = false)]
    redo: Option<Id>,
    /// The idempotency key, a ULID.
    #[schema(nullable = false)]
    id: Option<Id>,
}

async fn reverse(
    app: App,
    who: Who,
    mut fields: Fields,
    act: Option<Reversal>,
    last: fn(&Collection, &str) -> Option<Reversal>,
) -> Result<Json<Reversed>, Problem> {
    may_star(&app, &who)?;
    let starred_by = fields.reviewer(&who)?;
    let id = fields.id("id");
    fields.refuse_others();
    fields.finish()?;
    let reversed = app.blocking(move |app| -> Result<Reversed, StarError> {
        let collection = &app.collection;
        // Asked again with the same id it is about the same act.
        let known = id.and_then(|id| collection.journal().reversal_with(id).ok().flatten());
        let of = act.or(known).or_else(|| last(collection, &starred_by)).ok_or_else(|| {
            StarError::NotFound(format!("{starred_by} has done nothing that this could be about"))
        })?;
        let at = clock::text(clock::now());
        let new = NewReversal { starred_by, of, id: id.unwrap_or_else(clock::new_id), at };
        let act = collection.reverse(who.kind, &new, clock::new_id)?;
        let is_undo = matches!(of, Reversal::Undoes(_));
        Ok(Reversed {
            status: "success".into(),
            message: if is_undo { "taken back".into() } else { "done again".into() },
            act: act_body(collection, &act, is_undo),
            id: new.id.to_string(),
            changed: changed(collection, &act),
        })
    });
    Ok(Json(reversed.await?))
}

fn act_body(collection: &Collection, act: &Act, is_undone: bool) -> ActBody {
    let turn = &act.turns[0];
    let given = turn.before.iter().find(|mark| mark.is_star && !turn.after.is_star);
    let entry = &given.unwrap_or(&turn.after).entry;
    let record = collection.catalog().record(&entry.custom_id);
    let written = || collection.journal().star(entry.place).ok();
    let name = record.map(|record| record.name);
    let name = name.or_else(|| written().map(|(star, _)| star.candidate_name));
    let first = collection.changed(act, 1).pop();
    ActBody {
        id: act.id.to_string(),
        what: what_body(act.what),
        count: act.turns.len() as u32,
        at: act.at.to_string(),
        is_undone,
        is_bulk: act.is_bulk,
        custom_id: entry.custom_id.to_string(),
        name: name.filter(|name| !name.is_empty()).unwrap_or_else(|| entry.custom_id.to_string()),
        model: first.and_then(|first| first.model).map(|model| model.to_string()),
        choice: entry.choice,
        quality_score: entry.quality_score,
        tags: entry.tags.iter().map(|tag| tag.to_string()).collect(),
        notes: entry.notes.to_string(),
    }
}

pub(crate) fn what_body(what: What) -> ActWhat {
    match what {
        What::Star => ActWhat::Star,
        What::Unstar => ActWhat::Unstar,
        What::Tag => ActWhat::Tag,
        What::Untag => ActWhat::Untag,
    }
}

fn changed(collection: &Collection, act: &Act) -> Vec<Changed> {
    let changed = collection.changed(act, CHANGED_MOST).into_iter();
    let changed = changed.map(|changed| Changed {
        custom_id: changed.custom_id.to_string(),
        model: changed.model.map(|model| model.to_string()),
        choice: changed.choice,
        star: changed.star.map(|judged| row_star(&judged, None)),
    });
    changed.collect()
}
