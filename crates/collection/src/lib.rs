//! Catalog and journal opened together: query, view, and the one way to star.
//!
//! Rooms above this one never open a catalog or a journal themselves. Nothing here knows HTTP,
//! terminals or file formats of datasets, and time comes as an argument.

mod acts;
mod agreement;
mod answer;
mod assignment;
mod bias;
mod bulk;
mod chosen;
mod claiming;
mod clauses;
mod collection;
mod facets;
mod following;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod judged;
mod kept;
mod order;
mod outputs;
mod parallel;
pub mod query;
mod reshowing;
mod reviewers;
mod roles;
mod settings;
mod shares;
mod sight;
mod stamp;
mod standing;
mod starring;
mod statistics;
mod tagging;
mod targets;
mod times;
mod view;
mod way;
mod wording;

pub use acts::Changed;
pub use agreement::{Agreement, Disputed, Panel, method_named};
pub use assignment::{Assignment, Rows as AssignedRows};
pub use bias::BiasReport;
pub use bulk::{BulkCount, BulkDone, BulkError, BulkSample, NewBulk, Progress, Watch};
pub use chosen::Chosen;
pub use claiming::{Claimed, Claiming, end_of};
pub use collection::{Collection, JudgedRecord, View};
pub use facets::{Facets, Histogram};
pub use judged::{Judged, all_tags, judge, mean_score, of_people};
pub use outputs::{Outputs, TextColumns};
pub use query::{Query, QueryError};
pub use reshowing::Reshowing;
pub use reviewers::{NewReviewer, Reviewer, Reviewers, ReviewersError, ReviewersFile};
pub use roles::Role;
pub use settings::{Blind, Limits, Review, Settings, SettingsError};
pub use shares::{AssignmentProgress, ShareProgress};
pub use sight::{Sight, Tally};
pub use starring::{NewStar, StarError, Unstar};
pub use statistics::{Estimate, Pace, Pairs, Piece, Scores, Statistics};
pub use tagging::{AgentAgreement, TagPair, Tagging};
pub use targets::LeftOut;
pub use times::Times;
pub use view::{Measure, Rows, Sort, SortKey};
pub use way::{Direction, Walk, Way, Waypoint};
pub use wording::Look;

pub use goldstar_catalog::{
    Blemish, Message, Model, Output, OutputText, Place, Prompt, PromptKind, ReadError, Record,
    SearchError, SearchState, Snapshot, State, Status, ToolCall, hash_of_text, read_outputs,
    split_reasoning,
};
pub use goldstar_insight::{
    Alphas, Consensus, Flag, Icc, Label, Labeller, Measured, Method, Pair, Report, Spread, Sway,
    Tendency,
};
pub use goldstar_journal::{
    Act, AppendError, Blind as BlindSeen, Change, Claim, Entry, Invalid, Kind, NewReversal,
    Reversal, Score, Seen, Star, Ulid, What,
};
