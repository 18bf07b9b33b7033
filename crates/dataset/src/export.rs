//! Writing a dataset: the same examples to whoever asks, the same state to the same bytes.

use crate::formats::{finetuning, icl};
use crate::recipe::{Format, Recipe};
use crate::selection::{Example, Selection, select};
use goldstar_collection::{Collection, Method, split_reasoning};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A dataset that was put into `gold_star/exports/`.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Where it is.
    pub path: PathBuf,
    /// What was written.
    pub written: Written,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Lines.
    pub examples: u64,
    /// How many could not be formed, by reason.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Bytes.
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// How the scores of an output became one, where that is their consensus.
    pub consensus: Option<&'static str>,
}

/// A dataset could not be made.
#[derive(Debug, thiserror::Error)]
#[error("{path}: cannot be written: {error}; check its rights and the disk")]
pub struct ExportError {
    /// The file.
    pub path: String,
    /// Why.
    pub error: io::Error,
}

/// What a dataset is, without its name and the time: the same state gives the same bytes.
#[derive(Serialize)]
struct Manifest<'a> {
    goldstar: &'static str,
    recipe: RecipeWritten<'a>,
    journal: JournalWritten,
    examples: u64,
    left_out: &'a BTreeMap<&'static str, u64>,
    bytes: u64,
    sha256: &'a str,
}

#[derive(Serialize)]
struct RecipeWritten<'a> {
    format: &'static str,
    min_quality: Option<f64>,
    limit: Option<usize>,
    tag: Option<&'a str>,
    starred_by: Option<&'a str>,
    model: Option<&'a str>,
    score: &'static str,
    include_agents: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    consensus: Option<&'static str>,
}

#[derive(Serialize)]
struct JournalWritten {
    lines: u64,
    stars: u64,
}

/// Writes the lines of a dataset.
pub fn write(
    collection: &Collection,
    recipe: &Recipe,
    selection: &Selection,
    to: &mut dyn Write,
) -> io::Result<Written> {
    let mut written = Written {
        left_out: selection.left_out.clone(),
        consensus: selection.method.map(Method::word),
        ..Written::default()
    };
    let mut hash = Sha256::new();
    for example in &selection.examples {
        if written.examples == selection.most as u64 {
            break;
        }
        match line(collection, recipe.format, example)? {
            Ok(mut line) => {
                line.push('\n');
                hash.update(line.as_bytes());
                to.write_all(line.as_bytes())?;
                written.examples += 1;
                written.bytes += line.len() as u64;
            }
            Err(reason) => *written.left_out.entry(reason).or_default() += 1,
        }
    }
    written.sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(written)
}

/// Makes a dataset and puts it with its manifest into `gold_star/exports/`. `stamp` names it:
/// `YYYYMMDD_HHMMSS`, see [`stamp`].
pub fn export(
    collection: &Collection,
    recipe: &Recipe,
    stamp: &str,
) -> Result<Exported, ExportError> {
    let selection = select(collection, recipe);
    let folder = collection.folder().join("gold_star").join("exports");
    let mut name = format!("gold_star_{}_{stamp}", recipe.format.word());
    let mut again = 1;
    loop {
        let path = folder.join(format!("{name}.jsonl"));
        let mut written = Written::default();
        let placed = collection.disk().put_new(&path, &mut |to| {
            written = write(collection, recipe, &selection, to)?;
            Ok(())
        });
        match placed {
            Ok(()) => {
                put_manifest(collection, recipe, &written, &path)?;
                return Ok(Exported { path, written });
            }
            // Two exports in one second, perhaps by two programs.
            Err(taken) if taken.kind() == ErrorKind::AlreadyExists => {
                again += 1;
                name = format!("gold_star_{}_{stamp}_{again}", recipe.format.word());
            }
            Err(error) => return Err(ExportError::at(&path, error)),
        }
    }
}

/// Makes a dataset and puts it with its manifest where it is told to, over what is there.
pub fn export_to(
    collection: &Collection,
    recipe: &Recipe,
    path: &Path,
) -> Result<Written, ExportError> {
    let selection = select(collection, recipe);
    let mut written = Written::default();
    let placed = collection.disk().replace(path, &mut |to| {
        written = write(collection, recipe, &selection, to)?;
        Ok(())
    });
    placed.map_err(|error| ExportError::at(path, error))?;
    put_manifest(collection, recipe, &written, path)?;
    Ok(written)
}

/// Puts the manifest of a dataset beside it.
fn put_manifest(
    collection: &Collection,
    recipe: &Recipe,
    written: &Written,
    dataset: &Path,
) -> Result<(), ExportError> {
    let manifest = manifest(collection, recipe, written);
    let path = dataset.with_extension("manifest.json");
    let placed = collection.disk().replace(&path, &mut |to| to.write_all(manifest.as_bytes()));
    placed.map_err(|error| ExportError::at(&path, error))
}

impl ExportError {
    fn at(path: &Path, error: io::Error) -> Self {
        Self { path: path.display().to_string(), error }
    }
}

/// The time in the name of a dataset, UTC.
pub fn stamp(now: jiff::Timestamp) -> String {
    now.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y%m%d_%H%M%S").to_string()
}

fn manifest(collection: &Collection, recipe: &Recipe, written: &Written) -> String {
    let state = collection.journal().state();
    let manifest = Manifest {
        goldstar: env!("CARGO_PKG_VERSION"),
        recipe: RecipeWritten {
            format: recipe.format.word(),
            min_quality: recipe.min_quality,
            limit: recipe.limit,
            tag: recipe.tag.as_deref(),
            starred_by: recipe.starred_by.as_deref(),
            model: recipe.model.as_deref(),
            score: recipe.score.word(),
            include_agents: recipe.include_agents,
            consensus: written.consensus,
        },
        journal: JournalWritten { lines: state.lines(), stars: state.stars() },
        examples: written.examples,
        left_out: &written.left_out,
        bytes: written.bytes,
        sha256: &written.sha256,
    };
    let text = serde_json::to_string_pretty(&manifest).expect("numbers and strings are JSON");
    text + "\n"
}

/// The line of one example; the inner error is why it cannot be formed after all.
fn line(
    collection: &Collection,
    format: Format,
    example: &Example,
) -> io::Result<Result<String, &'static str>> {
    if format == Format::Raw {
        return collection.journal().line(example.star.place).map(Ok);
    }
    let (star, _) = collection.journal().star(example.star.place)?;
    let text = split_reasoning(&star.llm_output).1;
    let model = example.model.as_deref();
    let prompt = example.record.as_ref().map(|record| record.prompt(model));
    Ok(match prompt {
        Some(Ok(Some((prompt, _)))) => Ok(match format {
            Format::Finetuning => finetuning::line(&prompt, text),
            Format::Icl | Format::Raw => icl::line(example, &prompt, text, &star.candidate_name),
        }),
        Some(Err(_)) => Err("the prompt can no longer be read"),
        Some(Ok(None)) | None => Err("no prompt"),
    })
}
