//! Stars: give, list, take back; and the tags that they carry.

use crate::app::App;
use crate::body::Fields;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::wire::{BlindPlace, Id, KindWord, ProblemBody, StarBody, Starred, TagCount, Unstarred};
use crate::{clock, records};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use goldstar_collection::{
    BlindSeen as Blind, Entry, Kind, NewStar, Seen, Sight, Sort, Star, Unstar,
};
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

/// Star an output. What is absent is filled from the batches. The same `id` twice is one star.
#[utoipa::path(
    post, path = "/api/gold-star", operation_id = "star_output",
    request_body(content = NewStarBody, content_type = "application/json"),
    responses(
        (status = 200, description = "It is on the disk", body = Starred),
        (status = 400, description = "A field is wrong", body = ProblemBody),
        (status = 403, description = "Not here, or not by this reviewer", body = ProblemBody),
        (status = 404, description = "No such record or output", body = ProblemBody),
        (status = 409, description = "The batch has changed since", body = ProblemBody),
        (status = 413, description = "The body is too large", body = ProblemBody),
        (status = 500, description = "The journal cannot be written", body = ProblemBody),
        (status = 503, description = "Not there yet: ask again soon", body = ProblemBody),
    )
)]
pub(crate) async fn star(
    State(app): State<App>,
    who: Who,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Starred>, Problem> {
    may_star(&app, &who)?;
    let new = new_star(Fields::read(&app, body)?, &who)?;
    let star = star_body(starred(&app, new).await?);
    Ok(Json(Starred {
        status: "success".into(),
        message: "Example starred successfully".into(),
        star,
    }))
}

/// Stars. No thread waits for the disk meanwhile: many stars share one write and its sync.
async fn starred(app: &App, new: NewStar) -> Result<Star, Problem> {
    let (send, starred) = oneshot::channel();
    let collection = app.collection.clone();
    // Reads the batches, which may take its time.
    spawn_blocking(move || collection.star_then(new, |star| drop(send.send(star))));
    let star = starred.await.map_err(|_dropped| {
        let detail = "not starred, through a defect that the log tells of; start Goldstar again";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })?;
    Ok(star?)
}

/// A star to be given.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field for better errors")]
pub(crate) struct NewStarBody {
    /// The record.
    custom_id: String,
    /// How good the output is.
    #[schema(minimum = 1, maximum = 10)]
    quality_score: u8,
    /// What the record is called.
    #[schema(nullable = false)]
    candidate_name: Option<String>,
    /// The text that is judged.
    #[schema(nullable = false)]
    llm_output: Option<String>,
    /// Tags; one text with commas is taken too.
    #[schema(nullable = false)]
    tags: Option<Vec<String>>,
    /// Notes.
    #[schema(nullable = false)]
    notes: Option<String>,
    /// The model whose output it is; needed when the record has several.
    #[schema(nullable = false)]
    model: Option<String>,
    /// The choice, from 0.
    #[schema(nullable = false)]
    choice: Option<u16>,
    /// Who stars; of who signed in the name is known.
    #[schema(nullable = false)]
    starred_by: Option<String>,
    /// `human` or `agent`.
    #[schema(nullable = false)]
    kind: Option<KindWord>,
    /// The id of the agent's star of this output that a person makes their own.
    #[schema(nullable = false)]
    accepted: Option<Id>,
    /// Where the output stood, when its model was not named.
    #[schema(nullable = false)]
    blind: Option<BlindPlace>,
    /// The reviewer had starred it before, and did not see that star.
    #[schema(nullable = false)]
    reshown: Option<bool>,
    /// The idempotency key, a ULID.
    #[schema(nullable = false)]
    id: Option<Id>,
}

/// Reads the body of a star; all mistakes at once.
fn new_star(mut fields: Fields, who: &Who) -> Result<NewStar, Problem> {
    let custom_id = fields.text("custom_id");
    if custom_id.is_none() && !fields.is_wrong() {
        fields.wrong("custom_id", "is required");
    }
    let quality_score = fields.score();
    let tags = fields.tags();
    let kind = fields.kind();
    let id = fields.id("id");
    let accepted = fields.id("accepted");
    let blind = fields.blind();
    let reshown = fields.flag("reshown").unwrap_or(false);
    let candidate_name = fields.text("candidate_name");
    let llm_output = fields.text("llm_output");
    let notes = fields.text("notes");
    let model = fields.text("model").filter(|model| !model.is_empty());
    let choice = fields.choice();
    let starred_by = fields.reviewer(who)?;
    let kind = who.kind_of_star(kind);
    if kind == Kind::Agent && accepted.is_some() {
        fields.wrong("accepted", "is for people: an agent cannot make a suggestion its own");
    }
    let Some(quality_score) = quality_score.filter(|_| !fields.is_wrong()) else {
        return Err(fields.problem());
    };
    Ok(NewStar {
        custom_id: custom_id.unwrap_or_default(),
        candidate_name,
        llm_output,
        quality_score,
        tags: tags.unwrap_or_default(),
        notes: notes.unwrap_or_default(),
        model,
        choice,
        starred_by,
        kind,
        accepted,
        seen: Seen { blind, reshown },
        id: id.unwrap_or_else(clock::new_id),
        starred_at: clock::text(clock::now()),
    })
}

/// All current stars that the parameters let through, in order of their lines.
#[utoipa::path(
    get, path = "/api/gold-star", operation_id = "list_stars",
    params(
        ("starred_by" = Option<String>, Query, description = "Only by this reviewer"),
        ("tag" = Option<String>, Query, description = "Only with this tag"),
        ("model" = Option<String>, Query, description = "Only of this model"),
        ("min_quality" = Option<u8>, Query, description = "The least score", minimum = 1, maximum = 10),
        ("q" = Option<String>, Query, description = "Only on records that answer this query"),
        ("limit" = Option<u32>, Query, description = "Most stars"),
        ("offset" = Option<u32>, Query, description = "Stars to pass over"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = Vec<StarBody>),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<Vec<StarBody>>, Problem> {
    let sight = app.sight(&who, &params);
    let starred_by = params.text("starred_by");
    let tag = params.text("tag");
    let model = params.text("model");
    let min_quality = params.number("min_quality", 1_u8, 10);
    let query = records::query(&app, &params);
    let limit = params.number("limit", 0, u32::MAX).unwrap_or(u32::MAX);
    let offset = params.number("offset", 0, u32::MAX).unwrap_or(0);
    params.finish()?;
    let stars = app.blocking(move |app| {
        let answers = (!query.clauses.is_empty())
            .then(|| app.collection.view_of(&query, &Sort::default(), &sight));
        let all = seen(app, &sight);
        let wanted = all.into_iter().filter(|star| {
            starred_by.as_ref().is_none_or(|by| *star.starred_by == **by)
                && tag.as_ref().is_none_or(|tag| star.tags.iter().any(|known| **known == **tag))
                && model.as_ref().is_none_or(|model| is_of_model(app, star, model))
                && min_quality.is_none_or(|least| star.quality_score >= least)
                && answers.as_ref().is_none_or(|view| view.holds(&star.custom_id))
        });
        let page = wanted.skip(offset as usize).take(limit as usize);
        page.map(|star| app.collection.journal().star(star.place).map(|(star, _)| star_body(star)))
            .collect::<Result<Vec<_>, _>>()
    });
    stars.await.map(Json).map_err(|error| {
        let detail = format!("the journal cannot be read: {error}");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })
}

/// The current stars that somebody sees, in order of their lines.
fn seen(app: &App, sight: &Sight) -> Vec<Arc<Entry>> {
    let state = app.collection.journal().state();
    let Sight::Of(name) = sight else { return state.all() };
    let records = state.by_record();
    drop(state);
    let own = records.iter().filter(|stars| stars.iter().any(|star| star.starred_by == *name));
    let judged = own.flat_map(|stars| sight.seen(app.collection.judged(&stars[0].custom_id)));
    let mut seen: Vec<_> = judged.map(|judged| judged.star).collect();
    seen.sort_unstable_by_key(|star| star.place.offset);
    seen
}

/// Whether a star belongs to an output of this model, as its line or its text says.
fn is_of_model(app: &App, star: &Entry, model: &str) -> bool {
    match &star.model {
        Some(known) => **known == *model,
        None => {
            let judged = app.collection.judged(&star.custom_id);
            let same = judged.iter().find(|judged| judged.star.place == star.place);
            same.is_some_and(|judged| judged.model.as_deref() == Some(model))
        }
    }
}

/// Take stars back.
#[utoipa::path(
    delete, path = "/api/gold-star", operation_id = "unstar_output",
    params(
        ("custom_id" = String, Query, description = "The record"),
        ("model" = Option<String>, Query, description = "Only of this model"),
        ("choice" = Option<u16>, Query, description = "Only of this choice"),
        ("starred_by" = Option<String>, Query, description = "Whose; the server's own reviewer if absent"),
        ("id" = Option<String>, Query, description = "The idempotency key, a ULID"),
    ),
    responses(
        (status = 200, description = "It is on the disk", body = Unstarred),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
        (status = 403, description = "Not here, or not by this reviewer", body = ProblemBody),
        (status = 404, description = "There is no such star", body = ProblemBody),
        (status = 500, description = "The journal cannot be written", body = ProblemBody),
        (status = 503, description = "Not there yet: ask again soon", body = ProblemBody),
    )
)]
pub(crate) async fn unstar(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<Unstarred>, Problem> {
    may_star(&app, &who)?;
    let custom_id = params.text("custom_id").unwrap_or_default();
    if custom_id.is_empty() {
        params.wrong("custom_id", "is required");
    }
    let which = Unstar {
        custom_id,
        model: params.text("model"),
        choice: params.number("choice", 0, u16::MAX),
        starred_by: who.acting(params.text("starred_by"))?,
        kind: who.kind,
        id: params.id("id").unwrap_or_else(clock::new_id),
        at: clock::text(clock::now()),
    };
    params.finish()?;
    let id = which.id;
    let removed = app.blocking(move |app| app.collection.unstar(&which, clock::new_id)).await?;
    Ok(Json(Unstarred {
        status: "success".into(),
        message: format!("{removed} taken back"),
        removed: removed as u32,
        id: id.to_string(),
    }))
}

/// Tags of current stars, the most used first.
#[utoipa::path(
    get, path = "/api/tags", operation_id = "tags",
    params(
        ("prefix" = Option<String>, Query, description = "Only those that begin so, in whatever case"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = Vec<TagCount>),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn tags(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<Vec<TagCount>>, Problem> {
    let sight = app.sight(&who, &params);
    const MOST: usize = 1000;
    let prefix = params.text("prefix").unwrap_or_default().to_lowercase();
    params.finish()?;
    let begins = |tag: &str| tag.to_lowercase().starts_with(&prefix);
    let count = |(tag, count): (&str, u64)| {
        begins(tag).then(|| TagCount { tag: tag.to_owned(), count: count as u32 })
    };
    let mut tags: Vec<TagCount> = match &sight {
        Sight::All => app.collection.journal().state().tags().filter_map(count).collect(),
        Sight::Of(_) => {
            let tags = app.blocking(move |app| app.collection.tally(&sight).tags).await;
            tags.iter().filter_map(|(tag, number)| count((&**tag, *number))).collect()
        }
    };
    // Stable: equals stay in order of the tag.
    tags.sort_by_key(|tag| std::cmp::Reverse(tag.count));
    tags.truncate(MOST);
    Ok(Json(tags))
}

/// Refuses where nothing is written, and who writes nothing.
pub(crate) fn may_star(app: &App, who: &Who) -> Result<(), Problem> {
    if app.options.is_read_only {
        let detail = "this server only reads; start it without --read-only to star";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    who.may_star()
}

fn star_body(star: Star) -> StarBody {
    StarBody {
        custom_id: star.custom_id,
        candidate_name: star.candidate_name,
        llm_output: star.llm_output,
        quality_score: star.quality_score.get(),
        tags: star.tags,
        notes: star.notes,
        starred_by: star.starred_by,
        starred_at: star.starred_at,
        model: star.model,
        choice: star.choice,
        kind: star.kind.word().into(),
        id: star.id.map(|id| id.to_string()),
        input_hash: star.input_hash,
        output_hash: star.output_hash,
        accepted: star.accepted.map(|id| id.to_string()),
        blind: star.seen.blind.map(|Blind { seed, place, of }| BlindPlace { seed, place, of }),
        reshown: star.seen.reshown,
    }
}
