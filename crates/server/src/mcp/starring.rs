//! Tools that write: stars go through the calls of the HTTP interface, so that there is one way.
//!
//! Who stars is no argument: an agent that called itself by a person's name would take the place of
//! that person's stars.

use super::tools::Asked;
use crate::problem::Problem;
use crate::stars;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

pub(super) async fn star_output(asked: Asked) -> Result<Value, Problem> {
    let (app, who) = (asked.app.clone(), asked.who.clone());
    let Json(starred) = stars::star(State(app), who, Ok(asked.body())).await?;
    Ok(json!(starred))
}

pub(super) async fn unstar_output(asked: Asked) -> Result<Value, Problem> {
    let (app, who) = (asked.app.clone(), asked.who.clone());
    let Json(unstarred) = stars::unstar(State(app), who, asked.params()).await?;
    Ok(json!(unstarred))
}
