//! What sways scores, as it is sent.

use crate::wire::MeasuredBody;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether the scores of a query's records depend on what should not sway them.
#[derive(Debug, Serialize, ToSchema)]
pub struct BiasBody {
    /// Records that answer the query.
    pub records: u32,
    /// Their stars.
    pub stars: u64,
    /// Of all reviewers together.
    pub all: SwayBody,
    /// In the order of their names.
    pub reviewers: Vec<ReviewerSway>,
}

/// How place and length go with the scores of one reviewer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewerSway {
    /// Who.
    pub value: String,
    /// `human` or `agent`.
    pub kind: String,
    /// How they go.
    pub sway: SwayBody,
}

/// How place and length go with scores.
#[derive(Debug, Serialize, ToSchema)]
pub struct SwayBody {
    /// By where the output stood.
    pub place: PlaceBody,
    /// By how long it is.
    pub length: LengthBody,
}

/// Scores by where the output stood among those of its record, whose models were not named.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceBody {
    /// Scores whose place is known.
    pub scores: u64,
    /// By place, at most eight.
    pub places: Vec<PlaceMean>,
    /// The mean of the first place less that of all others.
    pub first: MeasuredBody,
    /// The interval of that difference excludes 0, of ten records or more.
    pub flag: bool,
}

/// The scores of one place.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceMean {
    /// How many.
    pub scores: u64,
    /// Their mean.
    pub mean: MeasuredBody,
}

/// Scores by how long the output is, compared within record and reviewer.
#[derive(Debug, Serialize, ToSchema)]
pub struct LengthBody {
    /// Scores that are compared.
    pub scores: u64,
    /// The correlation of ranks.
    pub correlation: MeasuredBody,
    /// Points for a thousand characters more.
    pub slope: MeasuredBody,
    /// The interval of the correlation excludes 0, of ten records or more.
    pub flag: bool,
}
