//! What tools answer where no HTTP call answers the same.

use super::{StarBody, StatsBody, StatusBody, TagCount};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Current stars.
#[derive(Debug, Serialize, ToSchema)]
pub struct StarList {
    /// In the order of the journal.
    pub stars: Vec<StarBody>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// Tags that are in use.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedTags {
    /// Tags of all current stars, the most used first.
    pub tags: Vec<TagCount>,
    /// Tags of the record's stars, the most used first; empty when no record was named.
    pub of_record: Vec<TagCount>,
}

/// The first lines of a dataset.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExampleLines {
    /// The format.
    pub format: String,
    /// Lines of the whole dataset.
    pub examples: u64,
    /// The first of them, each a JSON object as text.
    pub lines: Vec<String>,
    /// Whether the dataset has more lines than are here.
    pub more: bool,
    /// How many outputs cannot be formed, by reason.
    pub left_out: BTreeMap<String, u64>,
}

/// What the collection holds, and what its stars say.
#[derive(Debug, Serialize, ToSchema)]
pub struct CollectionStats {
    /// Records, models, progress and limits.
    pub status: StatusBody,
    /// How stars are spread.
    pub stats: StatsBody,
}
