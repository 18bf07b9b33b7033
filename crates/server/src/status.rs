//! How the server is: progress, counts, blemishes.

use crate::app::App;
use crate::identity::Who;
use crate::identity::sign_in::person;
use crate::params::Params;
use crate::problem::Problem;
use crate::wire::{
    BlemishBody, Blemishes, BlindBody, CatalogState, CatalogStatus, JournalStatus, LimitsBody,
    ModelCount, ProblemBody, SearchState, SearchStatus, StatusBody,
};
use axum::Json;
use axum::extract::State;
use goldstar_collection::{SearchState as Indexed, Sight, Status, Tally};

/// Progress, counts and limits.
#[utoipa::path(
    get, path = "/api/status", operation_id = "status",
    params(
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = StatusBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn status(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<StatusBody>, Problem> {
    let sight = app.sight(&who, &params);
    params.finish()?;
    let collection = &app.collection;
    let status = collection.catalog().status();
    let limits = collection.settings().limits;
    let models = collection.catalog().models().into_iter();
    let journal = collection.journal();
    let revision = journal.revision();
    let stars = match sight {
        Sight::All => {
            let state = journal.state();
            JournalStatus {
                stars: state.stars(),
                suggestions: state.suggestions(),
                lines: state.lines(),
                revision,
                scores: state.scores(),
            }
        }
        Sight::Of(_) => {
            let Tally { stars, suggestions, scores, .. } =
                app.blocking(move |app| app.collection.tally(&sight)).await;
            let lines = journal.state().lines();
            JournalStatus { stars, suggestions, lines, revision, scores }
        }
    };
    let blind = collection.settings().blind;
    Ok(Json(StatusBody {
        version: env!("CARGO_PKG_VERSION").into(),
        collection: folder_name(&app),
        heading: collection.settings().name_heading.clone(),
        default_reviewer: who.name.clone(),
        me: who.signs_in().then(|| person(&who)),
        read_only: app.options.is_read_only,
        blind: BlindBody { scores: blind.scores, models: blind.models },
        catalog: catalog_status(&status),
        models: models
            .map(|m| ModelCount { name: m.name.to_string(), outputs: m.outputs, errors: m.errors })
            .collect(),
        search: search_status(&status),
        journal: stars,
        limits: LimitsBody {
            page: limits.page,
            notes_bytes: limits.star.notes_bytes,
            tags: limits.star.tags,
            tag_chars: limits.star.tag_chars,
            body_bytes: limits.body_bytes,
            query_bytes: limits.query_bytes,
        },
        assignments: collection.settings().assignments.len(),
        claim_minutes: collection.settings().claim_minutes,
        blemishes: collection.blemishes_count(),
    }))
}

/// Lines and files that could not be read.
#[utoipa::path(
    get, path = "/api/blemishes", operation_id = "blemishes",
    responses(
        (status = 200, body = Blemishes),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn blemishes(
    State(app): State<App>,
    params: Params,
) -> Result<Json<Blemishes>, Problem> {
    params.finish()?;
    let (total, found) = app.collection.blemishes();
    let bodies =
        found.into_iter().map(|b| BlemishBody { file: b.file, line: b.line, what: b.what });
    Ok(Json(Blemishes { total, blemishes: bodies.collect() }))
}

/// Whether the server answers.
#[utoipa::path(
    get, path = "/healthz", operation_id = "health",
    responses((status = 200, description = "`ok`", body = String))
)]
pub(crate) async fn health() -> &'static str {
    "ok"
}

pub(crate) fn catalog_status(status: &Status) -> CatalogStatus {
    CatalogStatus {
        state: if status.is_ready { CatalogState::Ready } else { CatalogState::Indexing },
        records: status.records,
        outputs: status.outputs,
        batches: status.batches,
        bytes_done: status.bytes_done,
        bytes_total: status.bytes_total,
        reused: status.reused,
        revision: status.revision,
    }
}

pub(crate) fn search_status(status: &Status) -> SearchStatus {
    SearchStatus {
        state: match status.search {
            Indexed::Missing => SearchState::Scan,
            Indexed::Building => SearchState::Building,
            Indexed::Ready => SearchState::Ready,
        },
        done: status.search_done,
        total: status.search_total,
    }
}

fn folder_name(app: &App) -> String {
    let folder = app.collection.folder();
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    whole.file_name().unwrap_or(whole.as_os_str()).to_string_lossy().into_owned()
}
