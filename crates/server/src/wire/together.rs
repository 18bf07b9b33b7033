//! Who else is here, and what they have before them, as it is sent.

use serde::Serialize;
use utoipa::ToSchema;

/// What became of a claim.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimedBody {
    /// Whether the record is the claimer's now.
    pub claimed: bool,
    /// Who has it instead, or has starred what should be unreviewed; absent where claims are
    /// switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by: Option<String>,
    /// Until when, RFC 3339, UTC; absent where it is nobody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<String>,
}

/// Another reviewer who has a record before them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClaimBody {
    /// Who.
    pub by: String,
    /// Until when, RFC 3339, UTC.
    pub until: String,
}

/// A claim, told to every browser. Each reviewer has one at most: a new one ends the last, and so
/// does a star of theirs on the record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClaimEvent {
    /// The record.
    pub custom_id: String,
    /// Who.
    pub starred_by: String,
    /// Until when, RFC 3339, UTC.
    pub until: String,
    /// In how many seconds that is, for those whose clock is off.
    pub seconds: u32,
}

/// Who has the page open now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PresenceEvent {
    /// Names in order, fifty at most.
    pub names: Vec<String>,
    /// How many they are in all.
    pub count: u32,
}
