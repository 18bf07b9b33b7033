//! Facets: how the records of a query are spread.

use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::query;
use crate::wire::{FacetsBody, HistogramBody, ProblemBody, ValueCount};
use axum::Json;
use axum::extract::State;
use goldstar_collection::{Facets, Histogram, Sort};
use std::sync::Arc;

/// Counts by model, finish reason, state, tag, reviewer, score and size for the records that answer
/// a query.
#[utoipa::path(
    get, path = "/api/facets", operation_id = "facets",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("model" = Option<String>, Query,
            description = "Whose outputs `chars` and `tokens` count; all models' if absent"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = FacetsBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn facets(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<FacetsBody>, Problem> {
    let sight = app.sight(&who, &params);
    let query = query(&app, &params);
    let (model, me) = (params.text("model"), params.reviewer());
    params.finish()?;
    let facets = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &Sort::default(), &sight);
        app.collection.facets(&view, model.as_deref(), &me)
    });
    Ok(Json(body(facets.await)))
}

fn body(facets: Facets) -> FacetsBody {
    let named = |values: Vec<(&str, u32)>| {
        let counts = values.into_iter();
        counts.map(|(value, count)| ValueCount { value: value.to_owned(), count }).collect()
    };
    FacetsBody {
        total: facets.total,
        models: counts(facets.models),
        finish: counts(facets.finishes),
        states: named(facets.states),
        mine: named(facets.mine),
        tags: counts(facets.tags),
        reviewers: counts(facets.reviewers),
        scores: facets.scores,
        chars: histogram(facets.chars),
        tokens: histogram(facets.tokens),
    }
}

fn counts(values: Vec<(Arc<str>, u32)>) -> Vec<ValueCount> {
    let counts = values.into_iter();
    counts.map(|(value, count)| ValueCount { value: value.to_string(), count }).collect()
}

fn histogram(histogram: Histogram) -> HistogramBody {
    HistogramBody { edges: histogram.edges, counts: histogram.counts }
}
