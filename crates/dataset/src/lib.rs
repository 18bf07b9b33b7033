//! What leaves: examples chosen from stars, one file per format, each with a manifest.
//!
//! The same state of a collection gives the same bytes. What cannot be formed is left out and
//! counted by reason. Nothing here knows HTTP or terminals.

mod export;
mod formats;
mod recipe;
mod selection;

pub use export::{ExportError, Exported, Written, export, export_to, stamp, write};
pub use recipe::{Format, Recipe, ScoreRule};
pub use selection::{Example, Selection, select};
