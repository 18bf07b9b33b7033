//! Who one is, as the browser hears of it.

use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonBody {
    /// The name on their stars.
    pub name: String,
    /// What they may do.
    pub role: RoleWord,
    /// `human` or `agent`: the kind of their stars.
    pub kind: String,
}

/// Who one is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The name on one's stars.
    pub name: String,
    /// What one may do.
    pub role: RoleWord,
    /// `human` or `agent`: the kind of one's stars.
    pub kind: String,
    /// Whether reviewers sign in here; if not, a request names whom it likes.
    pub signs_in: bool,
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoleWord {
    /// Stars and manages.
    Admin,
    /// Stars.
    Reviewer,
    /// A program that stars.
    Agent,
    /// Looks.
    Viewer,
}

/// A session has ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedOut {
    /// `success`.
    pub status: String,
    /// What was done.
    pub message: String,
}
