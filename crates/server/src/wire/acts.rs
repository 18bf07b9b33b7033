//! What is sent to the browser of acts, undo and redo.

use super::RowStar;
use serde::Serialize;
use utoipa::ToSchema;

/// The last acts of a reviewer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acts {
    /// The newest first.
    pub acts: Vec<ActBody>,
    /// The act that an undo would take back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub undo: Option<String>,
    /// The act that a redo would do again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub redo: Option<String>,
}

/// What a reviewer did in one go. From `custom_id` on it is about the first of its outputs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActBody {
    /// Its idempotency key, a ULID.
    pub id: String,
    /// What was done.
    pub what: ActWhat,
    /// How many outputs.
    pub count: u32,
    /// When, RFC 3339, UTC.
    pub at: String,
    /// It is taken back.
    pub is_undone: bool,
    /// It is a bulk act.
    pub is_bulk: bool,
    /// The record.
    pub custom_id: String,
    /// What it is called.
    pub name: String,
    /// The model; absent when the star belongs to the record as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// The choice, from 0.
    pub choice: u16,
    /// 1 to 10: of the star that was given, or that was taken back.
    pub quality_score: u8,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its notes.
    pub notes: String,
}

/// What was done in an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActWhat {
    /// Outputs were starred.
    Star,
    /// Stars were taken back.
    Unstar,
    /// Stars were given tags.
    Tag,
    /// Tags were taken from stars.
    Untag,
}

/// The answer to an undo or a redo.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reversed {
    /// Always `success`.
    pub status: String,
    /// For people.
    pub message: String,
    /// The act that was taken back or done again.
    pub act: ActBody,
    /// The idempotency key of the undo or redo itself.
    pub id: String,
    /// Its first 200 outputs, as they are now.
    pub changed: Vec<Changed>,
}

/// An output and its reviewer's star as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed {
    /// The record.
    pub custom_id: String,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// The choice, from 0.
    pub choice: u16,
    /// The star; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub star: Option<RowStar>,
}
