//! Acts in bulk: counted first, then done with progress, and cancelled.

use crate::acts::what_body;
use crate::app::App;
use crate::body::Fields;
use crate::clock;
use crate::identity::Who;
use crate::preview::preview;
use crate::problem::Problem;
use crate::records::{checked_query, checked_sort};
use crate::stars::may_star;
use crate::wire::{
    BulkCountBody, BulkDoneBody, BulkProgress, BulkSampleBody, BulkState, Cancelling, Id,
    LeftOutCount, ProblemBody,
};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use goldstar_collection::{
    BulkDone, BulkError, BulkSample, Chosen, LeftOut, NewBulk, Progress, Sort, Ulid, Watch, What,
};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often browsers are told how far it has come.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// The acts that run, each with whose it is and whether it is to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Running(Arc<Mutex<Acts>>);

type Acts = BTreeMap<Ulid, (String, Arc<AtomicBool>)>;

impl Running {
    fn acts(&self) -> MutexGuard<'_, Acts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that an act runs, until what is given back is dropped; none when it runs already.
    fn begin(&self, id: Ulid, by: &str) -> Option<Run> {
        let stops = Arc::new(AtomicBool::new(false));
        let mut acts = self.acts();
        if acts.contains_key(&id) {
            return None;
        }
        acts.insert(id, (by.to_owned(), stops.clone()));
        Some(Run { running: self.clone(), id, stops })
    }

    /// Whose act it is, if it runs.
    fn by(&self, id: Ulid) -> Option<String> {
        self.acts().get(&id).map(|(by, _)| by.clone())
    }

    fn cancel(&self, id: Ulid) {
        if let Some((_, stops)) = self.acts().get(&id) {
            stops.store(true, Ordering::Relaxed);
        }
    }
}

struct Run {
    running: Running,
    id: Ulid,
    stops: Arc<AtomicBool>,
}

impl Drop for Run {
    fn drop(&mut self) {
        self.running.acts().remove(&self.id);
    }
}

/// Star, tag, untag or unstar many outputs, all of them or none.
#[utoipa::path(
    post, path = "/api/gold-star/bulk", operation_id = "bulk",
    request_body(content = BulkBody, content_type = "application/json"),
    responses(
        (status = 200, description = "It is on the disk", body = BulkDoneBody),
        (status = 400, description = "A field is wrong", body = ProblemBody),
        (status = 403, description = "Not here, or not by this reviewer", body = ProblemBody),
        (status = 409, description = "They are not as many as expected, the view is another one, \
            or it was cancelled; nothing was done", body = ProblemBody),
        (status = 413, description = "The body is too large", body = ProblemBody),
        (status = 500, description = "The journal cannot be written", body = ProblemBody),
        (status = 503, description = "Not there yet: ask again soon", body = ProblemBody),
    )
)]
pub(crate) async fn bulk(
    State(app): State<App>,
    who: Who,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<BulkDoneBody>, Problem> {
    may_star(&app, &who)?;
    let mut fields = Fields::read(&app, body)?;
    let expect = fields.number("expect");
    if expect.is_none() && !fields.is_wrong() {
        fields.wrong("expect", "is required");
    }
    let new = new_bulk(&app, &who, fields)?;
    let done = app.blocking(move |app| run(app, &new, expect.unwrap_or_default())).await?;
    Ok(Json(done))
}

/// What an act in bulk would do. Nothing is written.
#[utoipa::path(
    post, path = "/api/gold-star/bulk/count", operation_id = "count_bulk",
    request_body(content = BulkBody, content_type = "application/json"),
    responses(
        (status = 200, body = BulkCountBody),
        (status = 400, description = "A field is wrong", body = ProblemBody),
        (status = 403, description = "Another one is named", body = ProblemBody),
        (status = 409, description = "The view is another one", body = ProblemBody),
        (status = 413, description = "The body is too large", body = ProblemBody),
        (status = 503, description = "Not there yet: ask again soon", body = ProblemBody),
    )
)]
pub(crate) async fn count(
    State(app): State<App>,
    who: Who,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<BulkCountBody>, Problem> {
    let mut fields = Fields::read(&app, body)?;
    fields.number("expect");
    let new = new_bulk(&app, &who, fields)?;
    let found = app.blocking(move |app| app.collection.count_bulk(&new)).await?;
    Ok(Json(BulkCountBody {
        records: found.records,
        count: found.count,
        replaces: found.replaces,
        left_out: left_out(found.left_out),
        sample: found.sample.into_iter().map(sample).collect(),
    }))
}

/// Cancel an act in bulk that is running. Nothing of it will count.
#[utoipa::path(
    delete, path = "/api/gold-star/bulk/{id}", operation_id = "cancel_bulk",
    params(("id" = String, Path, description = "The act, a ULID")),
    responses(
        (status = 200, body = Cancelling),
        (status = 403, description = "It is another one's act", body = ProblemBody),
        (status = 404, description = "No such act is running", body = ProblemBody),
    )
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Cancelling>, Problem> {
    who.may_star()?;
    let act = Ulid::from_string(&id).ok();
    let running = act.and_then(|act| Some((act, app.running.by(act)?)));
    let Some((act, by)) = running else {
        return Err(Problem::not_found(format!("no act {id} is running")));
    };
    if by != who.name && who.signs_in() && !who.role.may_manage() {
        let detail = format!("{by} has begun this act; only {by} or an admin cancels it");
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    app.running.cancel(act);
    Ok(Json(Cancelling { status: "success".into(), message: "it is being cancelled".into() }))
}

/// What is to be done in bulk.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field for better errors")]
pub(crate) struct BulkBody {
    /// `star`, `tag`, `untag` or `unstar`; `star` if absent.
    #[schema(nullable = false)]
    what: Option<String>,
    /// A query: all records that answer it, or with `ranges` those of its view.
    #[schema(nullable = false)]
    q: Option<String>,
    /// These records instead.
    #[schema(nullable = false)]
    custom_ids: Option<Vec<String>>,
    /// The order of the view.
    #[schema(nullable = false)]
    sort: Option<String>,
    /// The name of the view.
    #[schema(nullable = false)]
    view: Option<String>,
    /// Positions in the view: from, and to before which.
    #[schema(nullable = false)]
    ranges: Option<Vec<[u32; 2]>>,
    /// Whose outputs.
    #[schema(nullable = false)]
    model: Option<String>,
    /// The score of the new stars.
    #[schema(nullable = false, minimum = 1, maximum = 10)]
    quality_score: Option<u8>,
    /// Tags of the new stars, or those to be added or taken away.
    #[schema(nullable = false)]
    tags: Option<Vec<String>>,
    /// Notes of the new stars.
    #[schema(nullable = false)]
    notes: Option<String>,
    /// Who.
    #[schema(nullable = false)]
    starred_by: Option<String>,
    /// `human` or `agent`.
    #[schema(nullable = false)]
    kind: Option<String>,
    /// The idempotency key of the act, a ULID.
    #[schema(nullable = false)]
    id: Option<Id>,
    /// How many outputs it is about; needed unless they are only counted.
    #[schema(nullable = false)]
    expect: Option<u64>,
}

fn new_bulk(app: &App, who: &Who, mut fields: Fields) -> Result<NewBulk, Problem> {
    let what = fields.text("what").unwrap_or_else(|| "star".to_owned());
    let what = What::from_word(&what).unwrap_or_else(|| {
        fields.wrong("what", "must be star, tag, untag or unstar");
        What::Star
    });
    let quality_score = match what {
        // Only a new star has a score.
        What::Star => fields.score(),
        _ => fields.refused("quality_score", "is only for star"),
    };
    let tags = fields.tags().unwrap_or_default();
    let notes = fields.text("notes").unwrap_or_default();
    let model = fields.text("model").filter(|model| !model.is_empty());
    let starred_by = fields.reviewer(who)?;
    let of = chosen(app, &mut fields, &starred_by);
    let sight = app.sight_of(who, &starred_by);
    let kind = who.kind_of_star(fields.kind());
    let id = fields.id("id").unwrap_or_else(clock::new_id);
    fields.refuse_others();
    fields.finish()?;
    let at = clock::text(clock::now());
    Ok(NewBulk { what, of, model, quality_score, tags, notes, starred_by, kind, sight, id, at })
}

/// Which records are meant; nothing named is a mistake, for it would be all.
fn chosen(app: &App, fields: &mut Fields, me: &str) -> Chosen {
    let (text, ids) = (fields.text("q"), fields.texts("custom_ids"));
    let sort = fields.text("sort").unwrap_or_default();
    let (view, ranges) = (fields.text("view"), fields.ranges("ranges"));
    if text.is_some() == ids.is_some() && !fields.is_wrong() {
        fields.wrong("q", "is required, or custom_ids, but not both");
    }
    if ranges.is_some() != view.is_some() || (ranges.is_some() && ids.is_some()) {
        fields.wrong("ranges", "must come with view and q, all three or only q");
    }
    let query = checked_query(app, &text.unwrap_or_default()).unwrap_or_else(|detail| {
        fields.wrong("q", detail);
        Default::default()
    });
    let query = query.asked_by(me);
    let sort = checked_sort(app, &sort).unwrap_or_else(|detail| {
        fields.wrong("sort", detail);
        Sort::default()
    });
    match (ids, view, ranges) {
        (Some(ids), _, _) => Chosen::Ids(ids),
        (None, Some(view), Some(ranges)) => Chosen::Ranges { query, sort, view, ranges },
        _ => Chosen::Query(query),
    }
}

fn run(app: &App, new: &NewBulk, expect: u64) -> Result<BulkDoneBody, Problem> {
    let Some(run) = app.running.begin(new.id, &new.starred_by) else {
        let detail = format!("the act {} is running already", new.id);
        return Err(Problem::new(StatusCode::CONFLICT, detail));
    };
    let tell = |done: u64, state: BulkState| {
        let (id, what) = (new.id.to_string(), what_body(new.what));
        let progress = BulkProgress { id, what, done, total: expect, state };
        app.events.progress(&new.starred_by, progress);
    };
    let told = Mutex::new(Instant::now());
    let progress = |progress: Progress| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.elapsed() >= TELL_EVERY {
            *told = Instant::now();
            let state = match progress.is_writing {
                true => BulkState::Writing,
                false => BulkState::Reading,
            };
            tell(progress.done, state);
        }
    };
    tell(0, BulkState::Reading);
    let is_cancelled = || run.stops.load(Ordering::Relaxed);
    let watch = Watch { progress: &progress, is_cancelled: &is_cancelled };
    let done = app.collection.bulk(new, expect, &watch, clock::new_id);
    match &done {
        Ok(BulkDone { count, .. }) => tell(*count, BulkState::Done),
        Err(BulkError::Cancelled) => tell(0, BulkState::Cancelled),
        Err(_) => tell(0, BulkState::Failed),
    }
    let done = done?;
    Ok(BulkDoneBody {
        status: "success".into(),
        count: done.count,
        undo: new.id.to_string(),
        left_out: left_out(done.left_out),
    })
}

fn left_out(all: LeftOut) -> Vec<LeftOutCount> {
    let all = all.into_iter();
    all.map(|(reason, count)| LeftOutCount { reason: reason.into(), count }).collect()
}

fn sample(sample: BulkSample) -> BulkSampleBody {
    BulkSampleBody {
        custom_id: sample.record.custom_id,
        name: sample.record.name,
        model: sample.model.map(|model| model.to_string()),
        preview: preview(&sample.text, &[]).text,
    }
}
