//! Opening the collection that a command is about.

use crate::failure::Failure;
use crate::progress;
use goldstar_collection::{Collection, Settings};
use goldstar_disk::RealDisk;
use std::path::Path;
use std::sync::Arc;

/// Opens a collection; its batches are not read yet.
pub(crate) fn open(folder: &Path) -> Result<Collection, Failure> {
    let missing = || {
        Failure::io(format!("{}: there is no such folder", folder.display())).hint(format!(
            "name one with --data, or try `goldstar demo {}` to make an invented one",
            folder.display()
        ))
    };
    match std::fs::metadata(folder) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return Err(Failure::io(format!("{}: is not a folder", folder.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(missing()),
        Err(error) => return Err(Failure::disk(folder, "cannot be opened", &error)),
    }
    let settings = Settings::read(folder)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    Collection::open(folder, Arc::new(RealDisk), settings, threads).map_err(|error| {
        let journal = folder.join("gold_star").join("starred.jsonl");
        Failure::disk(&journal, "cannot be read", &error)
    })
}

/// Opens a collection and reads its batches.
pub(crate) fn open_indexed(folder: &Path) -> Result<Collection, Failure> {
    open(folder).map(indexed)
}

/// Reads the batches, with a bar when that takes a while.
pub(crate) fn indexed(collection: Collection) -> Collection {
    progress::while_indexing(&collection, || collection.catalog().index());
    collection
}

/// Says what a folder without batches lacks: it may be the wrong one.
pub(crate) fn warn_without_batches(folder: &Path) {
    if !has_batches(folder) {
        eprintln!(
            "warning: {0} has no batches/; put result files into {0}/batches/output and requests \
             into {0}/batches/input",
            folder.display()
        );
    }
}

/// Whether there is a folder of batches.
pub(crate) fn has_batches(folder: &Path) -> bool {
    folder.join("batches").is_dir()
}
