//! What a reviewer may do.

use goldstar_journal::Kind;
use std::str::FromStr;

/// What a reviewer may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A person who stars and manages.
    Admin,
    /// A person who stars.
    Reviewer,
    /// A program that stars, and does nothing else.
    Agent,
    /// Somebody who only looks.
    Viewer,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Reviewer, Self::Agent, Self::Viewer];

    /// The word in files and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Reviewer => "reviewer",
            Self::Agent => "agent",
            Self::Viewer => "viewer",
        }
    }

    /// The kind of their stars.
    pub fn kind(self) -> Kind {
        if self == Self::Agent { Kind::Agent } else { Kind::Human }
    }

    /// Whether they give stars and take them back.
    pub fn may_star(self) -> bool {
        self != Self::Viewer
    }

    /// Whether what they export is kept in the folder.
    pub fn may_keep(self) -> bool {
        matches!(self, Self::Admin | Self::Reviewer)
    }

    /// Whether they may interfere with what others do.
    pub fn may_manage(self) -> bool {
        self == Self::Admin
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|role| role.word() == word);
        known.ok_or_else(|| "must be admin, reviewer, agent or viewer".to_owned())
    }
}
