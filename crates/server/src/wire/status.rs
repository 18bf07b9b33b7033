//! How the server is, as the browser hears of it.

use crate::wire::PersonBody;
use serde::Serialize;
use utoipa::ToSchema;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusBody {
    /// Of Goldstar.
    pub version: String,
    /// The folder's name.
    pub collection: String,
    /// What the column of names is headed.
    pub heading: String,
    /// Who stars when a request does not say.
    pub default_reviewer: String,
    /// Who one is, where reviewers sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub me: Option<PersonBody>,
    /// Nothing can be starred.
    pub read_only: bool,
    /// What reviewers are not to see.
    pub blind: BlindBody,
    /// The batches.
    pub catalog: CatalogStatus,
    /// In order of their columns.
    pub models: Vec<ModelCount>,
    /// The full-text index.
    pub search: SearchStatus,
    /// The stars.
    pub journal: JournalStatus,
    /// How large things may be.
    pub limits: LimitsBody,
    /// How many assignments there are.
    pub assignments: usize,
    /// For how long a record is claimed by who has it before them; 0: claims are switched off.
    pub claim_minutes: u32,
    /// Lines and files that could not be read.
    pub blemishes: u64,
}

/// What reviewers are not to see while they judge.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlindBody {
    /// Stars of others on an output that one has not starred.
    pub scores: bool,
    /// Names of models, until all outputs of a record are starred. The page hides them.
    pub models: bool,
}

/// How far indexing has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CatalogStatus {
    /// How far.
    pub state: CatalogState,
    /// Records with an output.
    pub records: u64,
    /// Outputs, re-runs and further choices counted.
    pub outputs: u64,
    /// Files.
    pub batches: u64,
    /// Bytes that are indexed.
    pub bytes_done: u64,
    /// Bytes of all batches.
    pub bytes_total: u64,
    /// Batches whose kept index was used without reading them again.
    pub reused: u64,
    /// Grows with every change.
    pub revision: u64,
}

/// A model and how many outputs it has.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelCount {
    /// The served model.
    pub name: String,
    /// All its outputs.
    pub outputs: u64,
    /// Those that are errors.
    pub errors: u64,
}

/// The full-text index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchStatus {
    /// Whether it answers for every text.
    pub state: SearchState,
    /// Bytes of batches whose texts are in it.
    pub done: u64,
    /// Bytes of all batches; 0 before it is begun.
    pub total: u64,
}

/// Whether the full-text index answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchState {
    /// It is being built; words are looked for in the texts that are not in it yet.
    Building,
    /// It answers for every text.
    Ready,
    /// There is none, and words are looked for in the texts themselves.
    Scan,
}

/// The stars.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalStatus {
    /// Current stars that people gave.
    pub stars: u64,
    /// Current stars that agents gave.
    pub suggestions: u64,
    /// Lines of the journal.
    pub lines: u64,
    /// Grows with every change.
    pub revision: u64,
    /// Current stars of people with score 1, 2, … 10.
    pub scores: [u64; 10],
}

/// How large things may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitsBody {
    /// Records in one answer.
    pub page: usize,
    /// Notes, bytes.
    pub notes_bytes: usize,
    /// Tags of a star.
    pub tags: usize,
    /// A tag, characters.
    pub tag_chars: usize,
    /// Body of a request, bytes.
    pub body_bytes: usize,
    /// A query, bytes.
    pub query_bytes: usize,
}

/// How far indexing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CatalogState {
    /// Records are being added.
    Indexing,
    /// All batches are read.
    Ready,
}
