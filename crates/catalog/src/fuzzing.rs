//! Doors for the fuzz targets in `fuzz/`: whatever bytes come, what is read must hold together.

use crate::batch::Batch;
use crate::chunks::Chunk;
use crate::index::{Codes, Indexed, Indexer};
use crate::line::{Content, Reading};
use crate::names::NameRule;
use crate::read::{Read, read_line, utf8};
use crate::reasoning::split_reasoning;
use crate::{fast, formats};
use serde_json::Value;
use std::path::Path;

/// A line that is in order, and gives one entry.
const GOOD: &[u8] = br#"{"custom_id":"good","body":{"messages":[{"role":"user","content":"Hi"}]}}"#;

/// A line of a batch: what is read fast, also when its shape is known, is what its tree says.
pub fn line(bytes: &[u8]) {
    let read = read_line(bytes, true, |reading, tree| {
        assert!(tree.is_some(), "a tree was asked for");
        splits(reading);
    });
    if let Ok(Some(((), Read::Repaired(what)))) = read {
        assert!(!what.is_empty(), "a repair is said");
    }
    let Ok(text) = utf8(bytes) else { return };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_ascii();
    let mut memory = fast::Memory::default();
    for _ in 0..2 {
        let Some(fast) = fast::read(text, &mut memory) else { continue };
        let tree: Value = serde_json::from_str(text).expect("what was read fast is JSON");
        let object = tree.as_object().expect("what was read fast is an object");
        assert_eq!(Some(fast), formats::read(object).map(|(_, reading)| reading), "{text}");
    }
}

/// A batch, as lines and as a document: a broken line hides no good one.
pub fn batch(bytes: &[u8]) {
    let mut more = bytes.to_vec();
    more.push(b'\n');
    more.extend_from_slice(GOOD);
    let lines = indexed(|indexer| Some(indexer.lines(&Chunk::new(more.clone(), 0, 1))));
    let lines = lines.expect("lines are always read");
    assert!(lines.unfinished.is_none(), "the last line is in order");
    let last = lines.columns.len().checked_sub(1).expect("the good line is there");
    assert_eq!(lines.columns.custom_id(last), "good");
    for row in 0..lines.columns.len() {
        let entry = lines.columns.entry(row);
        let place = entry.offset as usize..entry.offset as usize + entry.length as usize;
        let there = more.get(place).expect("the place of an entry is in the batch");
        assert!(!there.contains(&b'\n'), "an entry is on one line");
    }
    indexed(|indexer| indexer.document(bytes));
}

fn indexed(read: impl FnOnce(Indexer<'_>) -> Option<Indexed>) -> Option<Indexed> {
    let root = Path::new("");
    let batch = Batch::at(Path::new("batches/output/a.jsonl"), root, root)?;
    let (models, finishes) = (Codes::default(), Codes::default());
    let (rule, mut memory) = (NameRule::default(), fast::Memory::default());
    read(Indexer::new(&batch, &rule, &models, &finishes, &mut memory))
}

/// A text and the reasoning that it opens with are parts of it.
fn splits(reading: &Reading<'_>) {
    for answer in &reading.answers {
        let Content::Text(text) = &answer.content else { continue };
        let (thought, said) = split_reasoning(text);
        assert!(thought.map_or(0, str::len) + said.len() <= text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Has a target look at its corpus again: what was found once, and where it began.
    fn check(target: fn(&[u8]), name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
        let entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
        assert!(entries.len() > 3);
        for entry in entries {
            target(&std::fs::read(entry.path()).unwrap());
        }
    }

    #[test]
    fn what_was_found_in_lines() {
        check(line, "line");
    }

    #[test]
    fn what_was_found_in_batches() {
        check(batch, "batch");
    }
}
