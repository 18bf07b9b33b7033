//! `export`: a dataset.

use crate::arguments::Export;
use crate::commands::print;
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
    };
    let collection = folder::open_indexed(data)?;
    match options.out.as_deref() {
        None => {
            let exported = export(&collection, &recipe, &stamp(now()))?;
            print(&format!("{}\n", exported.path.display()))?;
            tell(&exported.written);
        }
        Some(path) if path == Path::new("-") => tell(&to_standard_output(&collection, &recipe)?),
        Some(path) => {
            let written = export_to(&collection, &recipe, path)?;
            print(&format!("{}\n", path.display()))?;
            tell(&written);
        }
    }
    Ok(())
}

fn to_standard_output(collection: &Collection, recipe: &Recipe) -> Result<Written, Failure> {
    let selection = select(collection, recipe);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = write(collection, recipe, &selection, &mut out)
        .and_then(|written| out.flush().map(|()| written));
    written.map_err(|error| Failure::output(&error))
}

fn tell(written: &Written) {
    eprintln!("{} examples", written.examples);
    for (reason, count) in &written.left_out {
        eprintln!("{count} left out: {reason}");
    }
}
