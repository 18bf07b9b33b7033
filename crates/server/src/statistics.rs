//! Statistics of a query's stars.

use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::query;
use crate::wire::{
    Bucket, EstimateBody, PaceBody, PairsBody, ProblemBody, ReviewerScores, StatsBody, ValueCounts,
    ValueScores,
};
use axum::Json;
use axum::extract::State;
use goldstar_collection::{Pace, Piece, Scores, Sort, Statistics};
use jiff::Timestamp;
use std::sync::Arc;

/// How the stars of the records that answer a query are spread: by score, model, reviewer, tag and
/// time; how fast the work goes and how much is left.
#[utoipa::path(
    get, path = "/api/stats", operation_id = "stats",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = StatsBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn stats(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<StatsBody>, Problem> {
    let sight = app.sight(&who, &params);
    let query = query(&app, &params);
    params.finish()?;
    let statistics = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &Sort::default(), &sight);
        app.collection.statistics(&view)
    });
    Ok(Json(body(statistics.await)))
}

/// How the scores of two models go together in the records that answer a query.
#[utoipa::path(
    get, path = "/api/stats/pairs", operation_id = "pairs",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("x" = String, Query, description = "A model"),
        ("y" = String, Query, description = "Another model"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = PairsBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn pairs(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<PairsBody>, Problem> {
    let sight = app.sight(&who, &params);
    let query = query(&app, &params);
    let (x, y) = (model(&params, "x"), model(&params, "y"));
    params.finish()?;
    let pairs = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &Sort::default(), &sight);
        app.collection.pairs(&view, &x, &y)
    });
    let pairs = pairs.await;
    let counts = pairs.counts.map(Vec::from).into();
    Ok(Json(PairsBody { records: pairs.records, counts }))
}

fn model(params: &Params, name: &str) -> String {
    params.text(name).unwrap_or_else(|| {
        params.wrong(name, "must be the name of a model");
        String::new()
    })
}

fn body(statistics: Statistics) -> StatsBody {
    let Statistics { records, reviewed, stars, scores, .. } = statistics;
    let (pace, tags_over_time) = statistics.pace.map(pace).unzip();
    let reviewers = statistics.reviewers.into_iter();
    StatsBody {
        records,
        reviewed,
        stars,
        scores,
        models: spread(statistics.models),
        reviewers: reviewers
            .map(|(value, kind, scores)| ReviewerScores {
                value: value.to_string(),
                kind: kind.word().into(),
                scores,
            })
            .collect(),
        tags: spread(statistics.tags),
        pace,
        tags_over_time: tags_over_time.unwrap_or_default(),
        estimate: statistics.estimate.map(|estimate| EstimateBody {
            per_hour: estimate.per_hour,
            active_hours: estimate.active_hours,
            hours_left: estimate.hours_left,
        }),
    }
}

fn pace(pace: Pace) -> (PaceBody, Vec<ValueCounts>) {
    let bucket = match pace.piece {
        Piece::Minute => Bucket::Minute,
        Piece::Hour => Bucket::Hour,
        Piece::Day => Bucket::Day,
        Piece::Week => Bucket::Week,
    };
    let from = Timestamp::from_microsecond(pace.from).unwrap_or_default().to_string();
    let reviewers = counts(pace.reviewers);
    (PaceBody { bucket, from, counts: pace.counts, reviewers }, counts(pace.tags))
}

fn spread(values: Vec<(Arc<str>, Scores)>) -> Vec<ValueScores> {
    let values = values.into_iter();
    values.map(|(value, scores)| ValueScores { value: value.to_string(), scores }).collect()
}

fn counts(values: Vec<(Arc<str>, Vec<u64>)>) -> Vec<ValueCounts> {
    let values = values.into_iter();
    values.map(|(value, counts)| ValueCounts { value: value.to_string(), counts }).collect()
}
