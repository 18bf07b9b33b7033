//! One file for each command.

pub(crate) mod agreement;
pub(crate) mod assign;
pub(crate) mod bias;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod mcp;
pub(crate) mod query;
pub(crate) mod reviewer;
pub(crate) mod serve;
pub(crate) mod star;
mod tagging;

use crate::failure::Failure;
use crate::folder;
use goldstar_collection::{Collection, Query, Sort, View};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A query with its answer.
pub(crate) struct Asked {
    pub(crate) query: Query,
    pub(crate) sort: Sort,
    pub(crate) collection: Collection,
    pub(crate) view: View,
}

impl Asked {
    /// Opens the collection and asks it.
    pub(crate) fn of(data: &Path, words: &[String], sort: &str) -> Result<Self, Failure> {
        let text = words.join(" ");
        let query = Query::parse(&text).map_err(|error| {
            Failure::usage(format!("the query `{text}`: {error}")).hint(
                "words, \"phrases\", and fields such as score:8..10, tag:x, -tag:x, is:starred",
            )
        })?;
        if query.is_about_me() {
            let what = "the query asks for `me`, and nobody in particular asks here";
            return Err(Failure::usage(what).hint("name the reviewer: todo:ada, assigned:ada"));
        }
        let sort: Sort =
            sort.parse().map_err(|detail| Failure::usage(format!("--sort {detail}")))?;
        let collection = folder::open(data)?;
        folder::warn_without_batches(data);
        let most = collection.settings().limits.query_bytes;
        if text.len() > most {
            return Err(Failure::usage(format!("the query is longer than {most} bytes")));
        }
        let collection = folder::indexed(collection);
        if query.looks_at_texts() {
            collection.catalog().open_search();
        }
        collection.known(&sort).map_err(|detail| Failure::usage(format!("--sort: {detail}")))?;
        let view = collection.view(&query, &sort);
        Ok(Self { query, sort, collection, view })
    }
}

/// Writes to standard output; whoever reads it may stop at any time.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::output(&error))
}

/// `1 record`, `2 records`.
pub(crate) fn count(number: u64, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// Rows below their heads, each column as wide as its widest cell.
pub(crate) fn aligned(heads: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut widths: Vec<usize> = heads.iter().map(|head| head.chars().count()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let heads = heads.iter().map(|head| (*head).to_owned()).collect();
    let mut text = String::new();
    for row in std::iter::once(heads).chain(rows) {
        let cells = row.iter().zip(&widths);
        let line: Vec<String> = cells.map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// One line that a terminal cannot be steered with.
pub(crate) fn cut(text: &str, most: usize) -> String {
    // Marks that turn the direction of writing would turn the rest of the table too.
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = text.chars().map(|c| if steers(c) { ' ' } else { c }).collect();
    if clean.chars().count() <= most {
        return clean;
    }
    clean.chars().take(most - 1).chain(['…']).collect()
}

/// What is written never takes the place of what it is made from, nor, unasked, of any other file.
pub(crate) fn refuse_what_is_kept(data: &Path, out: &Path, force: bool) -> Result<(), Failure> {
    if let (Some(target), Some(data)) = (real(out), real(data)) {
        let kept = [
            "batches",
            ".goldstar",
            "goldstar.toml",
            "gold_star/starred.jsonl",
            "gold_star/reviewers.jsonl",
        ];
        if kept.iter().any(|kept| target.starts_with(data.join(kept))) {
            let what = format!("{}: this is part of the collection", out.display());
            return Err(Failure::usage(what).hint("name another file with --out"));
        }
    }
    if out.is_dir() {
        return Err(Failure::usage(format!("{}: is a folder", out.display()))
            .hint("name a file with --out"));
    }
    if out.is_file() && !force {
        return Err(is_there(out));
    }
    Ok(())
}

pub(crate) fn is_there(out: &Path) -> Failure {
    Failure::usage(format!("{}: the file is there already", out.display()))
        .hint("--force writes over it")
}

/// Whether a path leads to a pipe or a device: it is written to, never replaced.
pub(crate) fn is_stream(path: &Path) -> bool {
    path.exists() && !path.is_file() && !path.is_dir()
}

/// Where a path leads, though the end of it may not be there yet.
fn real(path: &Path) -> Option<PathBuf> {
    path.ancestors().find_map(|known| {
        let there = if known.as_os_str().is_empty() { Path::new(".") } else { known };
        let there = std::fs::canonicalize(there).ok()?;
        let rest = path.strip_prefix(known).ok()?;
        Some(if rest.as_os_str().is_empty() { there } else { there.join(rest) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_one_clean_line() {
        assert_eq!(cut("a\u{1b}[31m\nb", 20), "a [31m b");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("a\u{202e}b", 4), "a b");
        assert_eq!(cut("日本語", 3), "日本語");
    }

    #[test]
    fn paths_lead_somewhere_before_they_are_there() {
        let folder = tempfile::tempdir().unwrap();
        let known = std::fs::canonicalize(folder.path()).unwrap();
        let data = folder.path();
        assert_eq!(real(&data.join("batches/new/a.csv")), Some(known.join("batches/new/a.csv")));
        assert_eq!(real(data), Some(known));
        let refused = |path: &str| refuse_what_is_kept(data, &data.join(path), true).is_err();
        assert!(refused("batches/new/a.csv") && refused("gold_star/starred.jsonl") && refused(""));
        assert!(!refused("gold_star/exports/a.csv"));
    }

    #[test]
    fn one_is_no_plural() {
        let counted = [0, 1, 2].map(|number| count(number, "star"));
        assert_eq!(counted, ["0 stars", "1 star", "2 stars"]);
    }
}
