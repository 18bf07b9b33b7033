//! Who asks: what every handler that writes takes a name from.

use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use goldstar_collection::{Kind, Reviewer, Role};

/// Who asks. The guard puts it into every request that it lets through.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    /// The name on the stars.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) role: Role,
    /// The kind of their stars.
    pub(crate) kind: Kind,
    token_id: Option<String>,
}

impl Who {
    /// Where nobody signs in, everybody is this one, and may call themselves otherwise.
    pub(crate) fn anybody(name: &str) -> Self {
        Self { name: name.to_owned(), role: Role::Admin, kind: Kind::Human, token_id: None }
    }

    /// An agent on the owner's own machine, where it needs no token.
    pub(crate) fn agent(name: &str) -> Self {
        Self { name: name.to_owned(), role: Role::Agent, kind: Kind::Agent, token_id: None }
    }

    pub(super) fn signed_in(reviewer: &Reviewer) -> Self {
        Self {
            name: reviewer.name.clone(),
            role: reviewer.role,
            kind: reviewer.role.kind(),
            token_id: Some(reviewer.token_id.clone()),
        }
    }

    pub(super) fn token_id(&self) -> Option<&str> {
        self.token_id.as_deref()
    }

    /// Whether the name is that of a token, and no mere word.
    pub(crate) fn signs_in(&self) -> bool {
        self.token_id.is_some()
    }

    /// Refuses who only looks.
    pub(crate) fn may_star(&self) -> Result<(), Problem> {
        if self.role.may_star() {
            return Ok(());
        }
        let detail = format!("{} is a viewer, who looks and does not star", self.name);
        Err(Problem::new(StatusCode::FORBIDDEN, detail))
    }

    /// In whose name something is done: who signed in acts in no other.
    pub(crate) fn acting(&self, named: Option<String>) -> Result<String, Problem> {
        // As the journal has names.
        let named = named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        match named {
            Some(named) if !self.signs_in() => Ok(named),
            Some(named) if named != self.name => {
                let detail = format!("names another one than {}, whose token this is", self.name);
                Err(Problem::forbidden("starred_by", detail))
            }
            _ => Ok(self.name.clone()),
        }
    }

    /// The kind of a star: of who signed in it is known.
    pub(crate) fn kind_of_star(&self, named: Option<Kind>) -> Kind {
        if self.signs_in() { self.kind } else { named.unwrap_or(self.kind) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let unguarded = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "no guard is here");
        parts.extensions.get().cloned().ok_or_else(unguarded)
    }
}
