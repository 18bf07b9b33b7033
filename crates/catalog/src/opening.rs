//! Opening batches: what is kept of each, looked at on all cores before any is read.

use crate::batch::{Batch, relative};
use crate::blemish::Blemish;
use crate::cache::{self, Index, Kept, Stamp, new_origin};
use crate::catalog::{Catalog, Contents};
use crate::index::Codes;
use crate::kept_join::{KeptJoin, Reopened};
use crate::parallel::map_in_parallel;
use crate::table::Table;
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::Arc;

/// A batch that can be read, and what is kept of it.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) batch: Arc<Batch>,
    pub(crate) stamp: Stamp,
    pub(crate) state: Opened,
}

/// What is to be done with a batch.
#[derive(Debug)]
pub(crate) enum Opened {
    /// Nothing: it is joined and has not changed.
    Joined,
    /// Its kept index is the whole of it.
    Whole(Index),
    /// It has grown since its index was kept.
    Grown(Index),
    /// It has to be read.
    New,
}

impl Opening {
    /// The name of the reading that its rows come from.
    pub(crate) fn origin(&self, names: &str) -> u64 {
        match &self.state {
            Opened::Whole(index) | Opened::Grown(index) => index.about.origin,
            Opened::Joined | Opened::New => new_origin(&self.batch.path, &self.stamp, names),
        }
    }

    /// Whether `rows` joined rows of this origin are still the first rows of the batch.
    fn continues(&self, origin: u64, rows: u32) -> bool {
        match &self.state {
            Opened::Joined => true,
            Opened::Whole(index) | Opened::Grown(index) => {
                index.about.origin == origin && index.columns.len() >= rows as usize
            }
            Opened::New => false,
        }
    }
}

/// Opens the batches; one that cannot be read becomes a blemish. `joined` are those that a table
/// holds already, with their stamps.
pub(crate) fn open_all(
    catalog: &Catalog,
    contents: &Contents,
    batches: Vec<Arc<Batch>>,
    joined: &HashMap<String, Stamp>,
) -> Vec<Opening> {
    let opened = map_in_parallel(&batches, catalog.options.threads, |batch| {
        open(catalog, contents, batch.clone(), joined)
    });
    let mut openings = Vec::with_capacity(opened.len());
    for (batch, opening) in batches.iter().zip(opened) {
        match opening {
            Ok(opening) => openings.push(opening),
            Err(error) => {
                let what = format!("cannot be read: {error}");
                let file = batch.path.clone();
                contents.add_blemish(Blemish { file, line: None, what });
            }
        }
    }
    openings
}

fn open(
    catalog: &Catalog,
    contents: &Contents,
    batch: Arc<Batch>,
    joined: &HashMap<String, Stamp>,
) -> io::Result<Opening> {
    let stamp = Stamp::of(&batch.file)?;
    // Also where a kept index would do: its texts could not be shown.
    File::open(&batch.file)?;
    if joined.get(&batch.path) == Some(&stamp) {
        return Ok(Opening { batch, stamp, state: Opened::Joined });
    }
    let Catalog { cache, options, .. } = catalog;
    let state = match cache::open(&batch, cache, &stamp, &options.names.fingerprint()) {
        _ if !options.keep_index => Opened::New,
        Kept::Whole(index) => Opened::Whole(index),
        Kept::Grown(index) => Opened::Grown(index),
        Kept::Nothing => Opened::New,
        Kept::Damaged => {
            let what = "the kept index was damaged; the batch was read again".to_owned();
            let file = relative(&batch.index_path(cache), &catalog.root);
            contents.add_blemish(Blemish { file, line: None, what });
            Opened::New
        }
    };
    Ok(Opening { batch, stamp, state })
}

/// Whether a table's rows are still the first rows of these batches.
pub(crate) fn continues(table: &Table, openings: &[Opening]) -> bool {
    let joined = table.batches.iter().map(|batch| (&batch.batch.path, batch.origin, batch.rows));
    all_continue(joined, openings)
}

/// The table of a kept join, if its rows are still the first rows of these batches.
pub(crate) fn reopened(join: &KeptJoin, openings: &[Opening]) -> Option<Table> {
    let joined = join.batches().iter().map(|batch| (&batch.path, batch.origin, batch.rows));
    if !all_continue(joined, openings) {
        return None;
    }
    let by_path: HashMap<&str, &Opening> =
        openings.iter().map(|opening| (&*opening.batch.path, opening)).collect();
    let batches = join.batches().iter().map(|joined| {
        let opening = by_path.get(&*joined.path)?;
        let (Opened::Whole(index) | Opened::Grown(index)) = &opening.state else { return None };
        let codes = |names: &Vec<Arc<str>>| Arc::new(Codes::from_names(names.clone()));
        Some(Reopened {
            batch: opening.batch.clone(),
            columns: index.columns.clone(),
            models: codes(&index.about.models),
            finishes: codes(&index.about.finishes),
        })
    });
    join.table(batches.collect::<Option<Vec<_>>>()?)
}

fn all_continue<'a>(
    mut joined: impl Iterator<Item = (&'a String, u64, u32)>,
    openings: &[Opening],
) -> bool {
    let by_path: HashMap<&str, &Opening> =
        openings.iter().map(|opening| (&*opening.batch.path, opening)).collect();
    joined.all(|(path, origin, rows)| {
        by_path.get(&**path).is_some_and(|opening| opening.continues(origin, rows))
    })
}
