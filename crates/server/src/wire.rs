//! Everything that is sent to the browser, and nothing else. What is absent is left out.

mod acts;
mod agents;
mod agreement;
mod assignments;
mod bias;
mod bulk;
mod identity;
mod statistics;
mod status;
mod tagging;
mod together;
mod way;

pub use acts::{ActBody, ActWhat, Acts, Changed, Reversed};
pub use agents::{CollectionStats, ExampleLines, StarList, SuggestedTags};
pub use agreement::*;
pub use assignments::{AssignmentBody, Assignments, ShareBody};
pub use bias::*;
pub use bulk::{
    BulkCountBody, BulkDoneBody, BulkProgress, BulkSampleBody, BulkState, Cancelling, LeftOutCount,
};
pub use identity::{Me, PersonBody, RoleWord, SignedOut};
pub use statistics::{
    Bucket, EstimateBody, PaceBody, PairsBody, ReviewerScores, StatsBody, ValueCounts, ValueScores,
};
pub use status::{
    BlindBody, CatalogState, CatalogStatus, JournalStatus, LimitsBody, ModelCount, SearchState,
    SearchStatus, StatusBody,
};
pub use tagging::{AgentAgreementBody, AgentTagBody, TagAgreementBody, TaggerBody, TaggingBody};
pub use together::{ClaimBody, ClaimEvent, ClaimedBody, PresenceEvent};
pub use way::{NextBody, PositionBody};

use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An error, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Always `about:blank`: the status says what kind it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What happened, and what to do.
    pub detail: String,
    /// For bad input: each field with what is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// A field with what is wrong with it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field.
    pub field: String,
    /// What is expected.
    pub detail: String,
}

/// The idempotency key of an act: a ULID.
#[derive(ToSchema)]
#[schema(pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
#[expect(dead_code, reason = "describes a text")]
pub struct Id(String);

/// Who judges.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KindWord {
    /// A person.
    Human,
    /// A program, whose stars are suggestions.
    Agent,
}

/// A star as the journal holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StarBody {
    /// The record.
    pub custom_id: String,
    /// What it is called.
    pub candidate_name: String,
    /// The text that was judged.
    pub llm_output: String,
    /// 1 to 10.
    pub quality_score: u8,
    /// Tags.
    pub tags: Vec<String>,
    /// Notes.
    pub notes: String,
    /// Who.
    pub starred_by: String,
    /// When, RFC 3339, UTC.
    pub starred_at: String,
    /// The served model.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// The choice, from 0.
    pub choice: u16,
    /// `human` or `agent`.
    pub kind: String,
    /// The idempotency key, a ULID.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
    /// Names the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub input_hash: Option<String>,
    /// Names the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub output_hash: Option<String>,
    /// The agent's star that a person made their own by this one: its idempotency key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub accepted: Option<String>,
    /// Where the output stood, when its model was not named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub blind: Option<BlindPlace>,
    /// The reviewer had starred it before, and did not see that star; left out if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub reshown: bool,
}

/// Where an output stood among those of its record, whose models were not named.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct BlindPlace {
    /// What the order was made of, beside the reviewer, the record and the models.
    pub seed: u32,
    /// From 1.
    #[schema(minimum = 1)]
    pub place: u16,
    /// Of so many.
    #[schema(minimum = 1)]
    pub of: u16,
}

/// The answer to a star.
#[derive(Debug, Serialize, ToSchema)]
pub struct Starred {
    /// Always `success`.
    pub status: String,
    /// For people.
    pub message: String,
    /// What was written.
    pub star: StarBody,
}

/// The answer to taking stars back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unstarred {
    /// Always `success`.
    pub status: String,
    /// For people.
    pub message: String,
    /// How many.
    pub removed: u32,
    /// The act: its idempotency key, a ULID.
    pub id: String,
}

/// A tag and how many current stars have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagCount {
    /// The tag.
    pub tag: String,
    /// Stars.
    pub count: u32,
}

/// What an output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutputState {
    /// Text, or calls of tools.
    Ok,
    /// The model wrote nothing.
    Empty,
    /// The request failed, or the text cannot be read.
    Error,
    /// An embedding, a score: not text.
    NotText,
}

/// What a line of the journal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryEvent {
    /// An output was starred.
    Star,
    /// A star was taken back.
    Unstar,
}

/// A page of records.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page {
    /// Records in the whole view.
    pub total: u32,
    /// Names the view: the same name stands for the same rows in the same order.
    pub view: String,
    /// Some of them.
    pub records: Vec<Row>,
}

/// How the records of a query are spread. A count of a value is the number of these records that
/// answer the clause for that value by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetsBody {
    /// Records that answer the query.
    pub total: u32,
    /// By `model:`, in column order.
    pub models: Vec<ValueCount>,
    /// By `finish:`, the most frequent first.
    pub finish: Vec<ValueCount>,
    /// By `is:`: unreviewed, starred, suggested, stale, disputed, error, empty.
    pub states: Vec<ValueCount>,
    /// `assigned` and `todo`: records that are assigned to who looks, and those that are left to
    /// them; empty where nothing is assigned.
    pub mine: Vec<ValueCount>,
    /// By `tag:`, the most frequent first.
    pub tags: Vec<ValueCount>,
    /// By `by:`, the most frequent first.
    pub reviewers: Vec<ValueCount>,
    /// Records with a star of score 1, 2, … 10.
    pub scores: [u32; 10],
    /// Outputs of these records by their characters.
    pub chars: HistogramBody,
    /// Outputs of these records by their tokens, as far as they are known.
    pub tokens: HistogramBody,
}

/// A value and how many records have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueCount {
    /// The value.
    pub value: String,
    /// Records.
    pub count: u32,
}

/// Counts in bars of one width.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistogramBody {
    /// From where on each bar counts; the last one has no end.
    pub edges: Vec<u32>,
    /// Outputs in each.
    pub counts: Vec<u64>,
}

/// A record in a page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Row {
    /// Its place in the order of first appearance, from 0.
    pub row: u32,
    /// The id.
    pub custom_id: String,
    /// What it is called.
    pub name: String,
    /// The mean of the scores that people gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub score: Option<f64>,
    /// All tags that people gave, each once.
    pub tags: Vec<String>,
    /// The newest output of each model and choice.
    pub outputs: Vec<Cell>,
    /// Its current stars, those of agents among them.
    pub stars: Vec<RowStar>,
    /// Who else has it before them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub claim: Option<ClaimBody>,
}

/// An output in a page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cell {
    /// The model.
    pub model: String,
    /// The choice, from 0.
    pub choice: u16,
    /// What it is.
    pub state: OutputState,
    /// 300 characters: the first, or those around the words that the query looks for.
    pub preview: String,
    /// Start and end in the preview of what the query looks for, in UTF-16 code units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<[u32; 2]>,
    /// Characters of the whole.
    pub chars: u32,
    /// Tokens of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tokens: Option<u32>,
    /// Why the model stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub finish_reason: Option<String>,
    /// The engine's message, or why the text cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<String>,
    /// Older runs of the same model and choice.
    #[serde(skip_serializing_if = "is_zero")]
    pub reruns: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A star in a page.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowStar {
    /// The model; absent when the star belongs to the record as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// The choice, from 0.
    pub choice: u16,
    /// 1 to 10.
    pub quality_score: u8,
    /// Tags.
    pub tags: Vec<String>,
    /// Notes.
    pub notes: String,
    /// Who.
    pub starred_by: String,
    /// When.
    pub starred_at: String,
    /// `human` or `agent`.
    pub kind: String,
    /// The idempotency key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
    /// The agent's star that a person made their own by this one: its idempotency key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub accepted: Option<String>,
    /// The output on disk is no longer the text that was judged.
    pub stale: bool,
    /// The text that was judged, where no output shows it. Only in a whole record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub llm_output: Option<String>,
}

/// A record whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordBody {
    /// The id.
    pub custom_id: String,
    /// What it is called.
    pub name: String,
    /// Its place in the order of first appearance, from 0; absent when no batch holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub row: Option<u32>,
    /// What was asked.
    pub prompt: Vec<MessageBody>,
    /// Where that stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prompt_source: Option<Source>,
    /// The newest output of each model and choice.
    pub outputs: Vec<OutputBody>,
    /// Its current stars, those of agents among them.
    pub stars: Vec<RowStar>,
    /// Every star and every taking back, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// A message of a prompt.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageBody {
    /// `system`, `user`, `assistant`, `tool`, ….
    pub role: String,
    /// The text.
    pub content: String,
}

/// A line of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct Source {
    /// The file, relative to the collection's folder.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// An output whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutputBody {
    /// The served model.
    pub model: String,
    /// The model that was asked for, where the line says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub asked_model: Option<String>,
    /// The choice, from 0.
    pub choice: u16,
    /// What it is.
    pub state: OutputState,
    /// The text, without the reasoning before it.
    pub text: String,
    /// The reasoning.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reasoning: Option<String>,
    /// Calls of tools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCallBody>,
    /// Why the model stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub finish_reason: Option<String>,
    /// The engine's message, or why the text cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<String>,
    /// Tokens of the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prompt_tokens: Option<u32>,
    /// Tokens of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub completion_tokens: Option<u32>,
    /// When it was made, RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub created: Option<String>,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub latency_ms: Option<u32>,
    /// The batch, relative to the collection's folder.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Names the text.
    pub output_hash: String,
    /// Older runs, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub older: Vec<OutputBody>,
}

/// A call of a tool.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToolCallBody {
    /// The tool.
    pub name: String,
    /// Its arguments, JSON text.
    pub arguments: String,
}

/// A star or its taking back, as it happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// What happened.
    pub event: HistoryEvent,
    /// 1 to 10; of an `unstar`, the score that was taken back is not known here and this is 0.
    pub quality_score: u8,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// The choice, from 0.
    pub choice: u16,
    /// Tags.
    pub tags: Vec<String>,
    /// Notes.
    pub notes: String,
    /// Who.
    pub starred_by: String,
    /// When.
    pub starred_at: String,
    /// `human` or `agent`.
    pub kind: String,
    /// The agent's star that a person made their own by this one: its idempotency key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub accepted: Option<String>,
}

/// What an export would hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportCount {
    /// The format.
    pub format: String,
    /// Lines.
    pub examples: u64,
    /// Stars of all outputs that are good enough.
    pub stars: u64,
    /// How many outputs cannot be formed, by reason.
    pub left_out: BTreeMap<String, u64>,
}

/// What could not be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Blemishes {
    /// All of them.
    pub total: u64,
    /// The first of each file.
    pub blemishes: Vec<BlemishBody>,
}

/// A line or file that could not be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlemishBody {
    /// The file, relative to the collection's folder.
    pub file: String,
    /// The line, from 1; absent when it is the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
}

/// A record whose stars have changed, told to those who may not see by whom.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedEvent {
    /// The record.
    pub custom_id: String,
    /// Of the journal, from which on it is there.
    pub revision: u64,
}

/// A star or its taking back, told to every browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StarEvent {
    /// The record.
    pub custom_id: String,
    /// Who.
    pub starred_by: String,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// Of the journal, from which on it is there.
    pub revision: u64,
}
