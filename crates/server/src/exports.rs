//! Exports: what leaves as a download is the very file that stays in `gold_star/exports/`.

use crate::app::App;
use crate::clock;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::wire::{ExportCount, ProblemBody};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use goldstar_dataset::{
    Format, Recipe, ScoreRule, Written, export as export_to_file, select, stamp,
};
use std::collections::BTreeMap;

/// Export starred examples as JSON Lines. The same bytes are kept in `gold_star/exports/`.
#[utoipa::path(
    get, path = "/api/export-gold-star", operation_id = "export",
    params(RecipeParams),
    responses(
        (status = 200, content_type = "application/jsonl", body = String,
            description = "The file. Goldstar-Left-Out counts what could not be formed, by reason"),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
        (status = 403, description = "Scores are hidden here", body = ProblemBody),
        (status = 500, description = "The file cannot be written", body = ProblemBody),
    )
)]
pub(crate) async fn export(
    State(app): State<App>,
    who: Who,
    method: Method,
    params: Params,
) -> Result<Response, Problem> {
    app.must_see_all(&who)?;
    let recipe = recipe(params)?;
    let may_keep = who.role.may_keep() && !app.options.is_read_only;
    let keeps = may_keep && method != Method::HEAD;
    app.blocking(move |app| if keeps { kept(app, &recipe) } else { in_memory(app, &recipe) }).await
}

/// The parameters of an export.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; they are read one by one for better errors"
)]
pub(crate) struct RecipeParams {
    /// icl, finetuning or raw; icl if absent
    #[param(nullable = false)]
    format: Option<String>,
    /// The least score
    #[param(minimum = 1, maximum = 10, nullable = false)]
    min_quality: Option<f64>,
    /// Most examples; 100 for icl if absent
    #[param(nullable = false)]
    limit: Option<usize>,
    /// Only stars with this tag
    #[param(nullable = false)]
    tag: Option<String>,
    /// Only stars by this reviewer
    #[param(nullable = false)]
    starred_by: Option<String>,
    /// Only outputs of this model
    #[param(nullable = false)]
    model: Option<String>,
    /// Of several stars on one output: mean, latest, min or consensus
    #[param(nullable = false)]
    score: Option<String>,
    /// Stars of agents, too; false if absent
    #[param(nullable = false)]
    include_agents: Option<bool>,
}

/// Count what an export would hold.
#[utoipa::path(
    get, path = "/api/export-gold-star/count", operation_id = "count_export",
    params(RecipeParams),
    responses(
        (status = 200, body = ExportCount),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
        (status = 403, description = "Scores are hidden here", body = ProblemBody),
    )
)]
pub(crate) async fn count(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<ExportCount>, Problem> {
    app.must_see_all(&who)?;
    let recipe = recipe(params)?;
    let counted = app.blocking(move |app| {
        let selection = select(&app.collection, &recipe);
        let examples = selection.count();
        let left_out = selection.left_out.into_iter();
        ExportCount {
            format: recipe.format.word().into(),
            examples,
            stars: selection.stars,
            left_out: left_out.map(|(reason, count)| (reason.to_owned(), count)).collect(),
        }
    });
    Ok(Json(counted.await))
}

pub(crate) fn recipe(params: Params) -> Result<Recipe, Problem> {
    let recipe = Recipe {
        format: params.word("format").unwrap_or(Format::Icl),
        min_quality: params.number("min_quality", 1.0, 10.0),
        limit: params.number("limit", 0, usize::MAX),
        tag: params.text("tag"),
        starred_by: params.text("starred_by"),
        model: params.text("model"),
        score: params.word::<ScoreRule>("score").unwrap_or_default(),
        include_agents: params.flag("include_agents").unwrap_or(false),
    };
    params.finish()?;
    Ok(recipe)
}

/// Writes the file, then sends it.
fn kept(app: &App, recipe: &Recipe) -> Result<Response, Problem> {
    let stamp = stamp(clock::now());
    let exported = export_to_file(&app.collection, recipe, &stamp).map_err(|error| {
        tracing::error!("{error}");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    })?;
    let bytes = std::fs::read(&exported.path).map_err(|error| {
        let detail = format!("{} was written but cannot be read: {error}", exported.path.display());
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })?;
    let name = exported.path.file_name().unwrap_or_default().to_string_lossy();
    Ok(attachment(&name, bytes, &exported.written))
}

/// A server that only reads keeps no copy; nor does one keep it for who only looks, or a program.
fn in_memory(app: &App, recipe: &Recipe) -> Result<Response, Problem> {
    let mut bytes = Vec::new();
    let selection = select(&app.collection, recipe);
    let written = goldstar_dataset::write(&app.collection, recipe, &selection, &mut bytes);
    let written = written.map_err(|error| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, format!("cannot be made: {error}"))
    })?;
    let name = format!("gold_star_{}_{}.jsonl", recipe.format.word(), stamp(clock::now()));
    Ok(attachment(&name, bytes, &written))
}

fn attachment(name: &str, bytes: Vec<u8>, written: &Written) -> Response {
    let left_out: BTreeMap<_, _> = written.left_out.iter().collect();
    let left_out = serde_json::to_string(&left_out).unwrap_or_default();
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl"));
    let disposition = format!("attachment; filename=\"{name}\"");
    for (name, value) in [
        (header::CONTENT_DISPOSITION.as_str(), disposition),
        ("goldstar-examples", written.examples.to_string()),
        ("goldstar-left-out", left_out),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(axum::http::HeaderName::from_static(name), value);
        }
    }
    response
}
