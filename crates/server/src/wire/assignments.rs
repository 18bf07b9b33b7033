//! Assignments and how far they are, as they are sent.

use serde::Serialize;
use utoipa::ToSchema;

/// Who reviews what, and how far they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assignments {
    /// In the order of `goldstar.toml`.
    pub assignments: Vec<AssignmentBody>,
}

/// An assignment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentBody {
    /// What it is called.
    pub name: String,
    /// Of which records; all when it is empty.
    pub query: String,
    /// Only those from the first to the last of these, from 1: `1..5000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rows: Option<String>,
    /// Which part of them.
    pub share: f64,
    /// By how many reviewers each record is to be reviewed.
    pub overlap: usize,
    /// Its records.
    pub records: u32,
    /// Those that all who should have starred them have starred.
    pub full: u32,
    /// Nothing that can be done is left, and all batches are read.
    pub complete: bool,
    /// Who, in the order of `goldstar.toml`.
    pub reviewers: Vec<ShareBody>,
}

/// How far a reviewer is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareBody {
    /// Who.
    pub name: String,
    /// Their records: `done`, `left` and `cannot` together.
    pub assigned: u32,
    /// Those they have starred.
    pub done: u32,
    /// Those they have still to star.
    pub left: u32,
    /// Those without an output that can be starred.
    pub cannot: u32,
}
