//! `export`: a dataset.

use crate::arguments::Export;
use crate::commands::{count, is_stream, print, refuse_what_is_kept};
use crate::failure::Failure;
use crate::folder;
use goldstar_collection::Collection;
use goldstar_dataset::{Recipe, Written, export, export_to, select, stamp, write};
use goldstar_server::now;
use std::io::{self, Write};
use std::path::Path;

/// Exports, and says on standard error what was left out.
pub(crate) fn run(data: &Path, options: Export) -> Result<(), Failure> {
    if let Some(least) = options.min_quality
        && !(1.0..=10.0).contains(&least)
    {
        return Err(Failure::usage(format!("--min-quality must be from 1 to 10, not {least}")));
    }
    let recipe = Recipe {
        format: options.format,
        min_quality: options.min_quality,
        limit: options.limit,
        tag: options.tag,
        starred_by: options.by,
        model: options.model,
        score: options.score,
        include_agents: options.include_agents,
    };
    if let Some(path) = &options.out {
        refuse_what_is_kept(data, path, options.force)?;
    }
    let collection = folder::open_indexed(data)?;
    match options.out.as_deref() {
        None => {
            let exported = export(&collection, &recipe, &stamp(now()))?;
            print(&format!("{}\n", exported.path.display()))?;
            tell(&exported.written);
        }
        Some(path) if path == Path::new("-") => tell(&to_standard_output(&collection, &recipe)?),
        Some(path) if is_stream(path) => tell(&to_stream(&collection, &recipe, path)?),
        Some(path) => {
            let written = export_to(&collection, &recipe, path)?;
            print(&format!("{}\n", path.display()))?;
            tell(&written);
        }
    }
    Ok(())
}

fn to_stream(collection: &Collection, recipe: &Recipe, path: &Path) -> Result<Written, Failure> {
    let selection = select(collection, recipe);
    let write_all = || {
        let mut out = collection.disk().stream(path)?;
        let written = write(collection, recipe, &selection, &mut out)?;
        out.flush().map(|()| written)
    };
    write_all().map_err(|error| Failure::disk(path, "cannot be written", &error))
}

fn to_standard_output(collection: &Collection, recipe: &Recipe) -> Result<Written, Failure> {
    let selection = select(collection, recipe);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = write(collection, recipe, &selection, &mut out)
        .and_then(|written| out.flush().map(|()| written));
    written.map_err(|error| Failure::output(&error))
}

fn tell(written: &Written) {
    eprintln!("{}", count(written.examples, "example"));
    for (reason, number) in &written.left_out {
        eprintln!("{number} left out: {reason}");
    }
}
