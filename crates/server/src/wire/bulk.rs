//! What is sent to the browser of acts in bulk.

use super::ActWhat;
use serde::Serialize;
use utoipa::ToSchema;

/// The answer to an act in bulk.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkDoneBody {
    /// Always `success`.
    pub status: String,
    /// Outputs.
    pub count: u64,
    /// The act, which can be taken back.
    pub undo: String,
    /// Outputs that were left out, by reason.
    pub left_out: Vec<LeftOutCount>,
}

/// What an act in bulk would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkCountBody {
    /// Records that are looked at.
    pub records: u32,
    /// Outputs that would be written.
    pub count: u64,
    /// Stars of the reviewer among them that would be replaced.
    pub replaces: u64,
    /// Outputs that are left out, by reason.
    pub left_out: Vec<LeftOutCount>,
    /// The first five.
    pub sample: Vec<BulkSampleBody>,
}

/// How many outputs are left out for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOutCount {
    /// Why.
    pub reason: String,
    /// Outputs.
    pub count: u64,
}

/// An output that an act in bulk would be about.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkSampleBody {
    /// The record.
    pub custom_id: String,
    /// What it is called.
    pub name: String,
    /// The model; absent when the star belongs to the record as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// The first 300 characters.
    pub preview: String,
}

/// The answer to cancelling.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cancelling {
    /// Always `success`.
    pub status: String,
    /// For people.
    pub message: String,
}

/// How far an act in bulk has come, told to every browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulkProgress {
    /// The act.
    pub id: String,
    /// What is done.
    pub what: ActWhat,
    /// Outputs that are through.
    pub done: u64,
    /// All of them.
    pub total: u64,
    /// What is going on.
    pub state: BulkState,
}

/// What is going on in an act in bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkState {
    /// Texts are looked at; nothing is written.
    Reading,
    /// Lines are written; none counts yet.
    Writing,
    /// All of it counts.
    Done,
    /// It was given up; nothing of it counts.
    Cancelled,
    /// It could not be done; nothing of it counts.
    Failed,
}
