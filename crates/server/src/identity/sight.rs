//! Which stars whoever asks gets to see, where scores are hidden until one has given one's own.

use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use axum::http::StatusCode;
use goldstar_collection::{Role, Sight};

impl App {
    /// What whoever asks sees. Where nobody signs in, the parameter `reviewer` says who it is.
    pub(crate) fn sight(&self, who: &Who, params: &Params) -> Sight {
        self.sight_of(who, &params.reviewer())
    }

    /// What whoever asks sees under a name.
    pub(crate) fn sight_of(&self, who: &Who, name: &str) -> Sight {
        match self.is_blind(who) {
            true => Sight::Of(name.trim().into()),
            false => Sight::All,
        }
    }

    /// Refuses who does not see all stars something that cannot be made of some.
    pub(crate) fn must_see_all(&self, who: &Who) -> Result<(), Problem> {
        if !self.is_blind(who) {
            return Ok(());
        }
        let detail = "the scores of others are hidden here (`[blind] scores` in goldstar.toml): \
            an admin who is signed in exports, or `goldstar export` on the machine of the folder";
        Err(Problem::new(StatusCode::FORBIDDEN, detail))
    }

    fn is_blind(&self, who: &Who) -> bool {
        let is_admin = who.signs_in() && who.role == Role::Admin;
        self.collection.settings().blind.scores && !is_admin
    }
}
