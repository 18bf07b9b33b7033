//! What reviewers said: the log of stars, and the fold that gives today's state.
//!
//! `starred.jsonl` only grows. Others may append to it at any time (another Goldstar, the old
//! Python tool, a shell), so the fold always comes from the file: what we write ourselves is read
//! back like everyone else's. It stars a subject by name and does not know what a catalog holds.

mod journal;
mod line;
mod reader;
mod star;
mod state;

pub use journal::{Act, AppendError, Journal};
pub use line::{Event, Line, read_line, star_line, unstar_line};
pub use star::{Invalid, Kind, Limits, Score, Star};
pub use state::{Blemish, Change, Entry, Moment, Place, State};
pub use ulid::Ulid;
