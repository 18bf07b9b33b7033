//! Assignments: who reviews what, and how far they are.

use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::wire::{AssignmentBody, Assignments, ProblemBody, ShareBody};
use axum::Json;
use axum::extract::State;
use goldstar_collection::{AssignedRows, AssignmentProgress, ShareProgress};

/// Who reviews what, and how far they are.
#[utoipa::path(
    get, path = "/api/assignments", operation_id = "assignments",
    params(("reviewer" = Option<String>, Query,
        description = "Who looks; of who signed in it is known")),
    responses(
        (status = 200, body = Assignments),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn assignments(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<Assignments>, Problem> {
    let sight = app.sight(&who, &params);
    params.finish()?;
    let found = app.blocking(move |app| body(app.collection.assignments(&sight)));
    Ok(Json(found.await))
}

/// Assignments as `GET /api/assignments` sends them.
pub fn assignments_json(assignments: Vec<AssignmentProgress>) -> String {
    let body = body(assignments);
    serde_json::to_string_pretty(&body).expect("numbers and strings are JSON") + "\n"
}

fn body(assignments: Vec<AssignmentProgress>) -> Assignments {
    Assignments { assignments: assignments.into_iter().map(assignment).collect() }
}

fn assignment(progress: AssignmentProgress) -> AssignmentBody {
    let AssignmentProgress { assignment, records, full, is_complete, reviewers } = progress;
    AssignmentBody {
        name: assignment.name,
        query: assignment.text,
        rows: assignment.rows.map(|rows: AssignedRows| rows.to_string()),
        share: assignment.share,
        overlap: assignment.overlap,
        records,
        full,
        complete: is_complete,
        reviewers: reviewers.into_iter().map(share).collect(),
    }
}

fn share(share: ShareProgress) -> ShareBody {
    let ShareProgress { name, assigned, done, left, cannot } = share;
    ShareBody { name, assigned, done, left, cannot }
}
