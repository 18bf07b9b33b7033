//! Who may do what: reviewers and their tokens, sessions, and the guard in front of every route.

mod attempts;
mod audit;
mod guard;
mod session;
mod sight;
pub(crate) mod sign_in;
mod token;
mod who;

pub(crate) use guard::{guard, is_open};
pub use token::NewToken;
pub(crate) use who::Who;

use crate::clock;
use crate::problem::Problem;
use attempts::Attempts;
use axum::http::{HeaderMap, StatusCode};
use goldstar_collection::{Collection, Reviewer, Reviewers, ReviewersFile};
use session::Key;
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// So many tokens are compared at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;
/// How long a token waits for its turn.
const TURN: Duration = Duration::from_secs(5);

/// The reviewers of a collection, and what is remembered of their tokens.
#[derive(Debug, Clone)]
pub(crate) struct Identity(Arc<Known>);

struct Known {
    collection: Arc<Collection>,
    file: ReviewersFile,
    /// Nothing is written: then the key of sessions is a new one at each start.
    is_read_only: bool,
    key: OnceLock<Key>,
    /// Tokens that were compared once, by their fingerprint: the hash they agreed with.
    verified: Mutex<HashMap<[u8; 32], String>>,
    attempts: Attempts,
    turns: Arc<Semaphore>,
    /// The reviewers of whom the log has told.
    told: Mutex<Arc<Reviewers>>,
}

impl fmt::Debug for Known {
    // The key is nobody's to read, not in a log either.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("file", &self.file).finish_non_exhaustive()
    }
}

/// Why somebody was not let in.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nobody has this token, or it was taken away; or there is none.
    Unknown,
    /// Too many wrong tokens came from there; in how long another may come.
    TooOften(Duration),
    /// Too many tokens are being compared.
    Busy,
    /// Who may come in cannot be read.
    Unreadable,
}

impl Identity {
    pub(crate) fn new(collection: Arc<Collection>, is_read_only: bool) -> Self {
        let file = ReviewersFile::of(collection.folder());
        let told = Mutex::new(file.now().unwrap_or_default());
        Self(Arc::new(Known {
            collection,
            file,
            is_read_only,
            key: OnceLock::new(),
            verified: Mutex::default(),
            attempts: Attempts::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            told,
        }))
    }

    /// The reviewers as they are now.
    pub(crate) fn reviewers(&self) -> Result<Arc<Reviewers>, Refusal> {
        self.0.file.now().map_err(|error| {
            tracing::error!("gold_star/reviewers.jsonl: cannot be read: {error}; nobody comes in");
            Refusal::Unreadable
        })
    }

    /// Tells the log who was added and revoked since the last time; whether anything was.
    pub(crate) fn follow(&self) -> bool {
        let Ok(now) = self.0.file.now() else { return false };
        let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_changed = !Arc::ptr_eq(&told, &now);
        if is_changed {
            audit::changed(&told, &now);
            *told = now;
        }
        is_changed
    }

    /// Whether somebody who came in earlier would still be let in.
    pub(crate) fn still_knows(&self, who: &Who) -> bool {
        let Ok(reviewers) = self.reviewers() else { return false };
        match who.token_id() {
            None => !reviewers.is_configured(),
            Some(id) => reviewers.with_token(id).is_some_and(|known| known.role == who.role),
        }
    }

    /// Whose session a request brings along.
    fn with_session(&self, reviewers: &Reviewers, headers: &HeaderMap) -> Option<Who> {
        let now = clock::now().as_second();
        let id = session::token_of(self.key(), headers, now)?;
        reviewers.with_token(&id).map(Who::signed_in)
    }

    /// Whose token it is.
    async fn with_token(&self, token: &str, peer: Option<IpAddr>) -> Result<Who, Refusal> {
        let known = self.reviewers()?;
        let known = token::id_of(token).and_then(|id| known.with_token(id)).cloned();
        if let Some(reviewer) = &known
            && self.has_verified(token, reviewer)
        {
            return Ok(Who::signed_in(reviewer));
        }
        let id = known.as_ref().map(|reviewer| reviewer.token_id.clone());
        let place = (peer.map(attempts::network), id);
        let allowed = || self.0.attempts.allowed(&place, Instant::now());
        let too_often = |wait| {
            audit::refused("too many wrong tokens", peer, known.as_ref());
            Refusal::TooOften(wait)
        };
        allowed().map_err(too_often)?;
        if let Some(reviewer) = &known {
            let turn = tokio::time::timeout(TURN, self.0.turns.clone().acquire_owned()).await;
            let Ok(Ok(turn)) = turn else { return Err(Refusal::Busy) };
            // Others may have failed while this one waited.
            allowed().map_err(too_often)?;
            let (said, hash) = (token.to_owned(), reviewer.token_hash.clone());
            let agrees = move || {
                let _held = turn;
                token::agrees(&said, &hash)
            };
            if tokio::task::spawn_blocking(agrees).await.unwrap_or(false) {
                self.remember(token, reviewer);
                return Ok(Who::signed_in(reviewer));
            }
        }
        self.0.attempts.failed(place, Instant::now());
        audit::refused("wrong token", peer, known.as_ref());
        Err(Refusal::Unknown)
    }

    fn has_verified(&self, token: &str, reviewer: &Reviewer) -> bool {
        let verified = self.0.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(&token::fingerprint(token)) == Some(&reviewer.token_hash)
    }

    fn remember(&self, token: &str, reviewer: &Reviewer) {
        let mut verified = self.0.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.insert(token::fingerprint(token), reviewer.token_hash.clone());
    }

    /// The key of sessions, made when it is first needed.
    fn key(&self) -> &Key {
        self.0.key.get_or_init(|| {
            let kept = match self.0.is_read_only {
                true => None,
                false => kept_key(&self.0.collection).map_err(no_key).ok(),
            };
            kept.unwrap_or_else(|| token::random().expect("the system has randomness"))
        })
    }
}

/// Reads the key, or makes it. Of two servers that come at once one makes it.
fn kept_key(collection: &Collection) -> io::Result<Key> {
    let path = &collection.folder().join(".goldstar").join("session.key");
    collection.disk().make_private(path)?;
    let mut log = collection.disk().open_log(path)?;
    log.lock()?;
    if std::fs::metadata(path)?.len() == 0 {
        log.append(&token::random::<32>()?)?;
        log.sync()?;
    }
    let key = std::fs::read(path)?;
    log.unlock()?;
    key.try_into().map_err(|_not_32_bytes| io::Error::other("it is no key; take it away"))
}

fn no_key(error: io::Error) {
    tracing::warn!(".goldstar/session.key: {error}; sessions end when this server does");
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, detail) = match refusal {
            Refusal::Unknown => (
                StatusCode::UNAUTHORIZED,
                "sign in, or send a token that is not revoked: `Authorization: Bearer gs_…`".into(),
            ),
            Refusal::TooOften(wait) => (
                StatusCode::TOO_MANY_REQUESTS,
                format!("too many wrong tokens; try again in {} s", seconds(wait)),
            ),
            Refusal::Busy => return Self::not_yet("too many sign in at once; try again"),
            Refusal::Unreadable => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "gold_star/reviewers.jsonl cannot be read, so nobody is let in; the log says why"
                    .into(),
            ),
        };
        Self::new(status, detail)
    }
}

/// Whole seconds, and never none.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + 1
}
