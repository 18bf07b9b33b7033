//! What reviewers said: the log of stars, and the fold that gives today's state.
//!
//! `starred.jsonl` only grows. Others may append to it at any time (another Goldstar, the old
//! Python tool, a shell), so the fold always comes from the file: what we write ourselves is read
//! back like everyone else's. It stars a subject by name and does not know what a catalog holds.

mod acts;
mod claims;
mod entry;
mod followed;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod journal;
mod line;
mod reader;
mod reshown;
mod seen;
mod star;
mod state;
mod undo;
mod writer;
mod writing;

pub use acts::{Act, Irreversible, Mark, Reversal, Turn, What};
pub use claims::{Claim, NewClaim};
pub use entry::{Entry, Place};
pub use journal::{AppendError, Appended, Check, Journal, Outcome};
pub use line::{Event, Line, Step, read_line};
pub use reshown::Reshown;
pub use seen::{Blind, Seen};
pub use star::{Invalid, Kind, Limits, Score, Star};
pub use state::{Blemish, Change, Moment, State};
pub use ulid::Ulid;
pub use undo::{NewReversal, ReverseError};
pub use writing::{NewAct, Writing};
