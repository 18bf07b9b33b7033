//! What the models wrote: batches become records and outputs, indexed and read in place.
//!
//! A [`Catalog`] reads every batch once into columns that are kept among the caches, joins them by
//! `custom_id`, and finds each text again by file, offset and length. It never writes a batch, and
//! it does not know that stars exist. A line that cannot be read is a [`Blemish`] and hides no
//! other.

mod batch;
mod bits;
mod blemish;
mod cache;
mod catalog;
mod chunks;
mod columns;
mod discover;
mod fast;
pub mod formats;
mod full_text;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod index;
mod kept;
mod kept_join;
mod line;
mod name_line;
mod names;
mod opening;
mod paged;
mod parallel;
mod part;
mod read;
mod reasoning;
mod record;
mod repair;
mod scan;
mod search;
mod slots;
mod snapshot;
mod table;
mod work;

pub use bits::Bits;
pub use blemish::Blemish;
pub use catalog::{Catalog, Options, Status};
pub use columns::{PromptKind, State};
pub use full_text::{FullText, SearchState, Stands};
pub use line::{Answer, Content, Message, Prompt, Reading, ToolCall};
pub use names::NameRule;
pub use parallel::{each_in_parallel, map_in_parallel};
pub use part::Part;
pub use reasoning::split_reasoning;
pub use record::{Output, OutputText, Place, ReadError, Record, read_outputs};
pub use scan::Texts;
pub use search::SearchError;
pub use search::words::{Phrase, words};
pub use snapshot::Snapshot;
pub use table::{Model, ModelNo, NAME, NO_MODEL, PROMPT, SHOWN, Table};

/// XXH3-64 of a text: how an output is known again.
pub fn hash_of_text(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

/// XXH3-64 of a prompt's roles and texts, each ended by a zero byte: how an input is known again.
pub fn hash_of_prompt(prompt: &Prompt) -> u64 {
    index::hash_of_prompt(prompt)
}
