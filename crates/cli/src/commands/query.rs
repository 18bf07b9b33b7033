//! `query`: the outputs of the records that answer a query, as a table, JSON Lines, CSV or Parquet.

mod encode;
mod table;

use crate::arguments::Query as Options;
use crate::commands::{Asked, count, is_stream, is_there, print, refuse_what_is_kept};
use crate::failure::Failure;
use crate::progress;
use arrow_array::RecordBatch;
use encode::Encoder;
pub(crate) use encode::Form;
use goldstar_collection::TextColumns;
use indicatif::ProgressBar;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

/// What was written.
struct Written {
    outputs: u64,
    records: u64,
    unreadable: u64,
    /// Why the first of them could not be read.
    reason: Option<String>,
}

/// Writes the outputs, and says on standard error how many there are.
pub(crate) fn run(data: &Path, mut options: Options) -> Result<(), Failure> {
    options.out = options.out.filter(|path| path != Path::new("-"));
    let form = options.format.unwrap_or_else(|| Form::of_file(options.out.as_deref()));
    if form == Form::Parquet && is_in_terminal(&options) {
        return Err(Failure::usage("Parquet is not for a terminal").hint("name a file with --out"));
    }
    if let Some(path) = &options.out {
        refuse_what_is_kept(data, path, options.force)?;
    }
    let asked = Asked::of(data, &options.query, &options.sort)?;
    let written = match &options.out {
        None => write(&asked, &options, form, &mut io::stdout().lock())
            .map_err(|error| Failure::output(&error))?,
        Some(path) => {
            let written = to_file(&asked, &options, form, path)?;
            print(&format!("{}\n", path.display()))?;
            written
        }
    };
    tell(&written);
    Ok(())
}

/// Whether the lines run through a terminal.
fn is_in_terminal(options: &Options) -> bool {
    options.out.is_none() && io::stdout().is_terminal()
}

fn to_file(asked: &Asked, options: &Options, form: Form, path: &Path) -> Result<Written, Failure> {
    let disk = asked.collection.disk();
    let mut written = None;
    let mut fill = |to: &mut dyn Write| -> io::Result<()> {
        written = Some(write(asked, options, form, to)?);
        Ok(())
    };
    let placed = if is_stream(path) {
        disk.stream(path).and_then(|mut to| fill(&mut to))
    } else if options.force {
        disk.replace(path, &mut fill)
    } else {
        disk.put_new(path, &mut fill)
    };
    match placed {
        Ok(()) => Ok(written.expect("what was placed was written")),
        Err(taken) if taken.kind() == ErrorKind::AlreadyExists => Err(is_there(path)),
        Err(error) => Err(Failure::disk(path, "cannot be written", &error)),
    }
}

fn write(asked: &Asked, options: &Options, form: Form, to: &mut dyn Write) -> io::Result<Written> {
    let with = TextColumns { text: options.text, prompt: options.prompt };
    let limit = if options.limit == 0 { u32::MAX } else { options.limit };
    let mut outputs = asked.collection.outputs(&asked.view, options.offset, limit, with);
    let about = [("query", asked.query.to_string()), ("sort", asked.sort.to_string())];
    let width = terminal_size::terminal_size_of(io::stdout()).filter(|_| is_in_terminal(options));
    let width = width.map(|(width, _)| width.0.into());
    let mut encoder = Encoder::new(form, &with.schema(), &about, width)?;
    let most = asked.view.rows.len().saturating_sub(options.offset).min(limit);
    let bar = bar(most.into(), options);
    let mut written = 0;
    while let Some(batch) = outputs.next() {
        written += batch.num_rows() as u64;
        to.write_all(&encoder.encode(&batch)?)?;
        bar.set_position(outputs.records_done());
    }
    if written == 0 {
        // The names of the columns are there even so.
        to.write_all(&encoder.encode(&RecordBatch::new_empty(with.schema()))?)?;
    }
    to.write_all(&encoder.finish()?)?;
    to.flush()?;
    bar.finish_and_clear();
    let (unreadable, reason) = outputs.unreadable();
    let reason = reason.map(ToString::to_string);
    Ok(Written { outputs: written, records: outputs.records_done(), unreadable, reason })
}

/// A bar, unless lines run through the terminal that it would be in.
fn bar(records: u64, options: &Options) -> ProgressBar {
    if is_in_terminal(options) {
        return ProgressBar::hidden();
    }
    progress::bar(records, "writing {bar:32} {pos}/{len} records {elapsed} {eta} left")
}

fn tell(written: &Written) {
    let (outputs, records) = (count(written.outputs, "output"), count(written.records, "record"));
    eprintln!("{outputs} of {records}");
    if let Some(reason) = &written.reason {
        let texts = count(written.unreadable, "text");
        eprintln!("{texts} could not be read and are null, the first: {reason}");
    }
}
