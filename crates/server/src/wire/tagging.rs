//! Agreement about tags, and of agents with people, as it is sent. What cannot be said is left out.

use super::MeasuredBody;
use serde::Serialize;
use utoipa::ToSchema;

/// What the stars of a query's records say about tags and agents.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaggingBody {
    /// Records that answer the query.
    pub records: u32,
    /// Outputs that two or more people judged: what agreement about tags is about.
    pub shared: u64,
    /// The tags on most shared outputs, at most 40.
    pub tags: Vec<TagAgreementBody>,
    /// Agents in the order of their names.
    pub agents: Vec<AgentAgreementBody>,
}

/// How far people agree about a tag.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagAgreementBody {
    /// The tag.
    pub value: String,
    /// Shared outputs that somebody gave it to.
    pub outputs: u64,
    /// Those that more than half of their reviewers gave it to.
    pub by_majority: u64,
    /// Shared outputs that have it in the model of Dawid and Skene.
    pub by_model: u64,
    /// Krippendorff's alpha, nominal.
    pub alpha: MeasuredBody,
    /// In the order of their names.
    pub reviewers: Vec<TaggerBody>,
}

/// How a reviewer gives a tag.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaggerBody {
    /// Who.
    pub value: String,
    /// Shared outputs judged.
    pub outputs: u64,
    /// Those that were given the tag.
    pub given: u64,
    /// Of the outputs that have the tag in the model, the share that was given it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sensitivity: Option<f64>,
    /// Of those that have it not, the share that was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub specificity: Option<f64>,
}

/// An agent's suggestions beside what people made of the same outputs: their median score, and the
/// tags that most of them gave. Stars by which somebody accepted a suggestion are left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgentAgreementBody {
    /// Who.
    pub value: String,
    /// Outputs with a suggestion.
    pub suggested: u64,
    /// Those of which a person accepted it.
    pub accepted: u64,
    /// Outputs that people judged by themselves, too.
    pub shared: u64,
    /// Cohen's kappa of the scores, with quadratic weights.
    pub quadratic: MeasuredBody,
    /// The share of equal scores.
    pub exact: MeasuredBody,
    /// The share of scores at most one apart.
    pub within_one: MeasuredBody,
    /// The mean of the agent's scores less those of people.
    pub difference: MeasuredBody,
    /// The tags that either gave, those on most outputs first, at most 40.
    pub tags: Vec<AgentTagBody>,
}

/// A tag, by an agent and by people.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgentTagBody {
    /// The tag.
    pub value: String,
    /// Outputs to which both gave it.
    pub both: u64,
    /// Outputs to which only the agent gave it.
    pub agent: u64,
    /// Outputs to which only people gave it.
    pub people: u64,
    /// Cohen's kappa.
    pub kappa: MeasuredBody,
}
