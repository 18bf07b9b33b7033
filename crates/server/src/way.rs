//! The way through a view: where a record stands, and which is the next to review.

use crate::app::App;
use crate::clock;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::{query, sort};
use crate::wire::{NextBody, PositionBody, ProblemBody};
use axum::Json;
use axum::extract::State;
use goldstar_collection::{Direction, Reshowing, View, Walk, Way, Waypoint};

/// The nearest record behind or before a position that has no star, an output that can be starred,
/// and no other reviewer who has it before them. Where the query asks `todo:`, stars of others do
/// not matter.
#[utoipa::path(
    get, path = "/api/next", operation_id = "next",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
        ("sort" = Option<String>, Query, description = "As of /api/records"),
        ("from" = Option<u32>, Query, description = "A position in the view, from 0; without it the search begins at the view's end"),
        ("direction" = Option<i8>, Query, description = "1 (if absent) or -1"),
        ("reshow" = Option<bool>, Query, description = "It may be one that the reviewer has starred before; false if absent"),
    ),
    responses(
        (status = 200, body = NextBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn next(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<NextBody>, Problem> {
    let sight = app.sight(&who, &params);
    let (query, sort) = (query(&app, &params), sort(&app, &params));
    let may_reshow = params.flag("reshow").unwrap_or(false);
    let from = params.number("from", 0, u32::MAX);
    let direction = match params.text("direction").as_deref() {
        None | Some("1") => Direction::Forward,
        Some("-1") => Direction::Backward,
        Some(_) => {
            params.wrong("direction", "must be 1 or -1");
            Direction::Forward
        }
    };
    let by = params.reviewer();
    params.finish()?;
    let found = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &sort, &sight);
        let again = may_reshow.then(|| reshown(app, &view, &by)).flatten();
        let reshown = again.is_some();
        let is_todo = query.asks_for_todo();
        let walk = Walk { from, direction, by: &by, now: clock::now(), is_todo };
        let Way { next, claimed } = match again {
            Some(next) => Way { next: Some(next), claimed: 0 },
            None => app.collection.next_unreviewed(&view, walk),
        };
        let (index, custom_id) = next.map(|found| (found.index, found.custom_id)).unzip();
        NextBody { index, custom_id, reshown, claimed: Some(claimed).filter(|n| *n > 0) }
    });
    Ok(Json(found.await))
}

/// A record that the reviewer has starred before, by chance, in as many steps as the owner wants.
fn reshown(app: &App, view: &View, name: &str) -> Option<Waypoint> {
    let review = app.collection.settings().review;
    let [chance, luck] = [clock::luck(), clock::luck()];
    // The 53 bits that a number has room for: from 0 up to and without 1.
    if (chance >> 11) as f64 / (1_u64 << 53) as f64 >= review.reshow {
        return None;
    }
    let days = i64::from(review.reshow_days) * 24 * 60 * 60;
    let before = clock::now().as_microsecond() - days * 1_000_000;
    app.collection.to_reshow(view, &Reshowing { name, before, luck })
}

/// At which position a record stands in a view.
#[utoipa::path(
    get, path = "/api/position", operation_id = "position",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("sort" = Option<String>, Query, description = "As of /api/records"),
        ("custom_id" = String, Query, description = "The record"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = PositionBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn position(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<PositionBody>, Problem> {
    let sight = app.sight(&who, &params);
    let (query, sort) = (query(&app, &params), sort(&app, &params));
    let custom_id = params.text("custom_id").unwrap_or_else(|| {
        params.wrong("custom_id", "is required");
        String::new()
    });
    params.finish()?;
    let index = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &sort, &sight);
        app.collection.position(&view, &custom_id)
    });
    Ok(Json(PositionBody { index: index.await }))
}
