//! Which files of the folder are batches.

use crate::batch::{Batch, OUTPUT_FOLDERS, natural_order, relative};
use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

/// Folders deeper than this are not entered: a link that leads back up would never end.
const DEPTH_MAX: usize = 16;

/// The batches of a folder.
#[derive(Debug, Default, Clone)]
pub(crate) struct Found {
    /// Results first, then requests; each in natural order of their paths.
    pub(crate) batches: Vec<Arc<Batch>>,
    /// Files that can't be batches but may have been meant to be, and folders that can't be read.
    pub(crate) blemishes: Vec<(String, String)>,
}

/// Looks for results in `batches/**/output/**` and requests in `batches/**/input/**`.
pub(crate) fn batches(root: &Path, cache: &Path) -> Found {
    let mut found = Found::default();
    let mut seek = Seek {
        entered: HashSet::new(),
        root,
        cache,
        found: &mut found,
        outputs: Vec::new(),
        inputs: Vec::new(),
    };
    seek.folder(&root.join("batches"), Kind::Neither, 0);
    let (mut outputs, mut inputs) = (seek.outputs, seek.inputs);
    for batches in [&mut outputs, &mut inputs] {
        batches.sort_by(|a, b| natural_order(a.path(), b.path()));
        found.batches.append(batches);
    }
    found.blemishes.sort();
    found
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Output,
    Input,
    Neither,
}

/// A folder, whatever name leads to it.
type FolderId = (u64, u64);

struct Seek<'a> {
    /// Folders that were entered: a link that leads back is not followed again.
    entered: HashSet<FolderId>,
    root: &'a Path,
    cache: &'a Path,
    found: &'a mut Found,
    outputs: Vec<Arc<Batch>>,
    inputs: Vec<Arc<Batch>>,
}

impl Seek<'_> {
    fn folder(&mut self, folder: &Path, kind: Kind, depth: usize) {
        if let Ok(about) = std::fs::metadata(folder)
            && !self.entered.insert((about.dev(), about.ino()))
        {
            return;
        }
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if depth == 0 && error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => return self.blemish(folder, format!("cannot be opened: {error}")),
        };
        let mut paths = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => paths.push(entry.path()),
                Err(error) => {
                    self.blemish(folder, format!("cannot be listed to its end: {error}"));
                }
            }
        }
        // Real folders before links to them, so that the name of a batch does not depend on chance.
        paths.sort_by_cached_key(|path| (path.is_symlink(), path.clone()));
        for path in paths {
            if !path.is_dir() {
                self.file(&path, kind);
            } else if depth < DEPTH_MAX {
                let kind = match path.file_name().and_then(|name| name.to_str()) {
                    Some(name) if OUTPUT_FOLDERS.contains(&name) => Kind::Output,
                    Some("input" | "inputs" | "requests") => Kind::Input,
                    _ => kind,
                };
                self.folder(&path, kind, depth + 1);
            }
        }
    }

    fn file(&mut self, path: &Path, kind: Kind) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if kind != Kind::Neither && name.ends_with(".eval") {
            let how = "an Inspect log in its packed form; `inspect log convert --to json` makes \
                       one that can be read";
            return self.blemish(path, how.into());
        }
        let batch = Batch::at(path, self.root, self.cache);
        match (kind, batch) {
            (Kind::Output, Some(batch)) => self.outputs.push(Arc::new(batch)),
            (Kind::Input, Some(mut batch)) => {
                batch.is_input = true;
                self.inputs.push(Arc::new(batch));
            }
            (Kind::Neither, Some(_)) => {
                let how = "not read: it is in no input or output folder; move it into one of them";
                self.blemish(path, how.into());
            }
            (_, None) => {}
        }
    }

    fn blemish(&mut self, path: &Path, what: String) {
        self.found.blemishes.push((relative(path, self.root), what));
    }
}
