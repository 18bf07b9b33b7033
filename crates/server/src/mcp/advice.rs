//! Errors that teach: what was wrong, what to do, and a call that would be right.

use super::tools::Tool;
use crate::problem::Problem;
use axum::http::StatusCode;

/// What a failed call says.
pub(super) fn advice(tool: &Tool, problem: &Problem) -> String {
    let (detail, what_to_do) = (problem.detail(), what_to_do(problem.status()));
    format!("{detail}\n{what_to_do}\nFor example: {} {}", tool.name, tool.example)
}

fn what_to_do(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "Nothing was done. Mend what is named and call again.",
        StatusCode::NOT_FOUND => {
            "Nothing was done. search_records finds records; read_record says which models, choices and stars one has."
        }
        StatusCode::CONFLICT => {
            "Nothing was done: something has changed meanwhile. Look with read_record, then decide anew."
        }
        StatusCode::FORBIDDEN => {
            "You may not do this. Do not try again; tell the person you work for."
        }
        StatusCode::PAYLOAD_TOO_LARGE => "Send less; collection_stats says the limits.",
        _ => {
            "This is no mistake of yours. Tell the person you work for; trying again later may help."
        }
    }
}
