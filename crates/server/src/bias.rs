//! What sways the scores of a query's records: place and length of outputs.

use crate::agreement::measured;
use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::query;
use crate::wire::{
    BiasBody, LengthBody, PlaceBody, PlaceMean, ProblemBody, ReviewerSway, SwayBody,
};
use axum::Json;
use axum::extract::State;
use goldstar_collection::{BiasReport, Sort, Sway, View};

/// Whether scores depend on where an output stood, when models were not named, and on how long it
/// is.
#[utoipa::path(
    get, path = "/api/bias", operation_id = "bias",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = BiasBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn bias(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<BiasBody>, Problem> {
    let sight = app.sight(&who, &params);
    let query = query(&app, &params);
    params.finish()?;
    let found = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &Sort::default(), &sight);
        body(&view, &app.collection.bias(&view))
    });
    Ok(Json(found.await))
}

/// A report as `GET /api/bias` sends it.
pub fn bias_json(view: &View, report: &BiasReport) -> String {
    let body = body(view, report);
    serde_json::to_string_pretty(&body).expect("numbers and strings are JSON") + "\n"
}

fn body(view: &View, report: &BiasReport) -> BiasBody {
    let reviewers = report.reviewers.iter().map(|(name, kind, found)| ReviewerSway {
        value: name.to_string(),
        kind: kind.word().into(),
        sway: sway(found),
    });
    BiasBody {
        records: view.rows.len(),
        stars: report.stars,
        all: sway(&report.all),
        reviewers: reviewers.collect(),
    }
}

fn sway(found: &Sway) -> SwayBody {
    let mean = |(scores, mean): &(u64, _)| PlaceMean { scores: *scores, mean: measured(*mean) };
    SwayBody {
        place: PlaceBody {
            scores: found.placed,
            places: found.places.iter().map(mean).collect(),
            first: measured(found.first),
            flag: found.is_by_place(),
        },
        length: LengthBody {
            scores: found.measured,
            correlation: measured(found.length),
            slope: measured(found.slope),
            flag: found.is_by_length(),
        },
    }
}
