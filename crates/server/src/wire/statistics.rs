//! Statistics as they are sent.

use serde::Serialize;
use utoipa::ToSchema;

/// What the stars of a query's records say.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatsBody {
    /// Records that answer the query.
    pub records: u32,
    /// Those with a star.
    pub reviewed: u32,
    /// Their stars.
    pub stars: u64,
    /// Stars with score 1, 2, … 10.
    pub scores: [u64; 10],
    /// By model, in the order of their names.
    pub models: Vec<ValueScores>,
    /// By reviewer, in the order of their names.
    pub reviewers: Vec<ReviewerScores>,
    /// By tag, the most frequent first, at most 20.
    pub tags: Vec<ValueScores>,
    /// Stars in the course of time; absent without a star whose time can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pace: Option<PaceBody>,
    /// The most frequent tags in the same pieces of time, at most 8.
    pub tags_over_time: Vec<ValueCounts>,
    /// How long the rest takes; absent as long as there is too little to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub estimate: Option<EstimateBody>,
}

/// How the scores of one value's stars are spread.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueScores {
    /// The value.
    pub value: String,
    /// Stars with score 1, 2, … 10.
    pub scores: [u64; 10],
}

/// How the scores of a reviewer are spread.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewerScores {
    /// Who.
    pub value: String,
    /// `human` or `agent`.
    pub kind: String,
    /// Stars with score 1, 2, … 10.
    pub scores: [u64; 10],
}

/// Stars in pieces of time, one behind the other.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaceBody {
    /// How long each is.
    pub bucket: Bucket,
    /// When the first begins, RFC 3339, UTC.
    pub from: String,
    /// Stars in each.
    pub counts: Vec<u64>,
    /// The same by reviewer.
    pub reviewers: Vec<ValueCounts>,
}

/// A piece of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours, from midnight UTC.
    Day,
    /// 7 days, from Monday.
    Week,
}

/// Counts of one value in the course of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueCounts {
    /// The value.
    pub value: String,
    /// Stars in each piece of time.
    pub counts: Vec<u64>,
}

/// How long the rest takes for one reviewer who works without pauses, at the pace so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct EstimateBody {
    /// Records reviewed in an hour of work.
    pub per_hour: f64,
    /// Hours worked so far, of all reviewers; pauses of more than five minutes are not work.
    pub active_hours: f64,
    /// Hours of work that are left.
    pub hours_left: f64,
}

/// How the scores of two models go together.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairsBody {
    /// Records in which both have a star.
    pub records: u64,
    /// Records by the rounded mean score of `x`, from 1, and in each by that of `y`.
    pub counts: Vec<Vec<u64>>,
}
