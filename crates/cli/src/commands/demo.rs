//! `demo`: an invented collection.

use crate::arguments::Demo;
use crate::commands::print;
use crate::demo::{Plan, Sink, make};
use crate::failure::Failure;
use crate::progress;
use goldstar_disk::{Disk, RealDisk};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// There while a demo is being made: half of one would pass for a whole one.
const UNFINISHED: &str = ".unfinished";

/// Makes the collection, in a folder that holds nothing else.
pub(crate) fn run(options: &Demo) -> Result<(), Failure> {
    let folder = &options.folder;
    refuse_other_things(folder)?;
    let marker = folder.join(UNFINISHED);
    let fail = |error: io::Error| Failure::disk(folder, "the demo cannot be written", &error);
    RealDisk.replace(&marker, &mut |file| file.write_all(b"")).map_err(fail)?;
    let plan = Plan {
        records: options.records,
        models: options.models as usize,
        seed: options.seed,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let template = "making {bar:32} {pos}/{len} outputs {elapsed} {eta} left";
    let bar = progress::bar(plan.outputs(), template);
    let sink = Folder(folder.clone());
    let made = make(&plan, &sink, &|done| bar.set_position(done)).map_err(fail)?;
    bar.finish_and_clear();
    RealDisk.remove(&marker).map_err(fail)?;
    print(&format!(
        "{}: {} records, {} outputs of {} models, {} files, {} MB\nserve it with `goldstar serve \
         --data {0}`\n",
        folder.display(),
        made.records,
        made.outputs,
        options.models,
        made.files,
        made.bytes / 1_000_000
    ))
}

fn refuse_other_things(folder: &Path) -> Result<(), Failure> {
    let is_empty = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(Failure::disk(folder, "cannot be opened", &error)),
    };
    if is_empty || folder.join(UNFINISHED).exists() {
        return Ok(());
    }
    Err(Failure::usage(format!("{}: the folder is not empty", folder.display()))
        .hint("a demo is made in a folder of its own; name another"))
}

struct Folder(PathBuf);

impl Sink for Folder {
    fn file(&self, relative: &str) -> io::Result<Box<dyn Write + Send>> {
        RealDisk.stream(&self.0.join(relative))
    }
}
