//! The index as a whole: what is put in is found, after growth, change, stops and damage.
#![expect(clippy::disallowed_methods, reason = "these tests write batches and damage files")]

use super::index::{Held, Words};
use super::words::{Phrase, words};
use super::{Built, Field, Search, SearchError, Span, Wanted};
use crate::batch::Batch;
use crate::chunks::Chunk;
use crate::columns::Columns;
use crate::index::{Codes, Indexer};
use crate::names::NameRule;
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tantivy::tokenizer::{TokenStream, Tokenizer};

const HEAP_BYTES: usize = 32 << 20;

/// A folder with batches and the index of their texts.
struct Folder {
    root: tempfile::TempDir,
    batches: Vec<(Batch, u64, Vec<Columns>)>,
}

impl Folder {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap(), batches: Vec::new() }
    }

    fn index_folder(&self) -> PathBuf {
        self.root.path().join("search")
    }

    fn search(&self) -> Search {
        Search::new(&self.index_folder(), 2, HEAP_BYTES)
    }

    /// Writes a batch, in place of the one that had this name.
    fn put(&mut self, name: &str, origin: u64, text: &str) {
        let file = self.root.path().join(name);
        fs::write(&file, text).unwrap();
        let batch = Batch::at(&file, self.root.path(), &self.root.path().join("cache")).unwrap();
        let (rule, models, finishes) = (NameRule::default(), Codes::default(), Codes::default());
        let mut memory = crate::fast::Memory::default();
        let indexer = Indexer::new(&batch, &rule, &models, &finishes, &mut memory);
        let bytes = text.as_bytes().to_vec();
        let indexed = if batch.is_document {
            indexer.document(&bytes).unwrap()
        } else {
            indexer.lines(&Chunk::new(bytes, 0, 1))
        };
        self.batches.retain(|(known, ..)| known.path != batch.path);
        self.batches.push((batch, origin, vec![indexed.columns]));
    }

    fn wanted(&self) -> Vec<Wanted<'_>> {
        let batches = self.batches.iter();
        batches.map(|(batch, origin, runs)| Wanted::of_runs(batch, *origin, runs)).collect()
    }

    fn build(&self, search: &Search) -> Built {
        search.build(&self.wanted(), &|_| {}, &AtomicBool::new(false)).unwrap()
    }

    /// The entries with a phrase, as the name of the batch and the row.
    fn find(&self, search: &Search, field: Field, phrase: &str, is_prefix: bool) -> Vec<String> {
        let held = search.held().unwrap();
        let (mut names, mut firsts) = (Vec::new(), Vec::new());
        for wanted in self.wanted() {
            // As of a batch that has grown: its first row was there before the others.
            let first_entry = names.len() as u32;
            let spans = vec![
                Span { first_row: 0, rows: wanted.rows.min(1), first_entry },
                Span {
                    first_row: 1,
                    rows: wanted.rows.saturating_sub(1),
                    first_entry: first_entry + 1,
                },
            ];
            firsts.push((wanted.batch.path.clone(), wanted.origin, spans));
            names.extend((0..wanted.rows).map(|row| format!("{}:{row}", wanted.batch.path)));
        }
        let spans: Vec<Vec<Span>> = (held.batches())
            .map(|(path, origin, _)| {
                let known = firsts.iter().find(|known| known.0 == path && known.1 == origin);
                known.map_or_else(Vec::new, |known| known.2.clone())
            })
            .collect();
        let phrase = Phrase::new(phrase, is_prefix);
        let found = held.find(&phrase, field, &spans, names.len() as u32).unwrap();
        found.ones().map(|entry| names[entry as usize].clone()).collect()
    }

    fn text(&self, search: &Search, phrase: &str) -> Vec<String> {
        self.find(search, Field::Text, phrase, false)
    }
}

/// Documents, those of batches that are gone counted until they are cleared away.
fn documents(held: &Held) -> u64 {
    held.segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum()
}

fn answer(id: &str, texts: &[&str]) -> String {
    let choices = texts.iter().enumerate().map(|(index, text)| {
        serde_json::json!({"index": index, "message": {"role": "assistant", "content": text}})
    });
    let body = serde_json::json!({"model": "m", "choices": choices.collect::<Vec<_>>()});
    let response = serde_json::json!({"status_code": 200, "body": body});
    format!("{}\n", serde_json::json!({"custom_id": id, "response": response, "error": null}))
}

fn request(id: &str, name: &str, prompt: &str) -> String {
    let body = serde_json::json!({"messages": [{"role": "user", "content": prompt}]});
    format!("{}\n", serde_json::json!({"custom_id": id, "name": name, "body": body}))
}

#[test]
fn every_field_is_found_where_it_stands() {
    let mut folder = Folder::new();
    folder.put("in.jsonl", 1, &request("cand-7", "Jo Doe", "Judge this résumé"));
    let lines = [
        answer("cand-7", &["<think>hidden</think>A Strong leader.", "人工知能の strong one"]),
        "not a line at all\n".to_owned(),
        answer("cand-8", &["leader, strong in 10 years"]),
        r#"{"custom_id":"cand-9","response":null,"error":{"code":"x","message":"gone wrong"}}"#
            .to_owned(),
    ];
    folder.put("out.jsonl", 1, &lines.concat());
    let search = folder.search();
    assert!(search.held().is_none());
    let built = folder.build(&search);
    assert!(built.is_finished && built.failed.is_empty() && built.dropped.is_none());
    let check = |field, phrase: &str, is_prefix, expected: &[&str]| {
        assert_eq!(folder.find(&search, field, phrase, is_prefix), expected, "{phrase}");
    };
    check(Field::Text, "strong", false, &["out.jsonl:0", "out.jsonl:1", "out.jsonl:2"]);
    check(Field::Text, "strong leader", false, &["out.jsonl:0"]);
    check(Field::Text, "Leader strong", false, &["out.jsonl:2"]);
    check(Field::Text, "strong l", true, &["out.jsonl:0"]);
    check(Field::Text, "lead", false, &[]);
    check(Field::Text, "lead", true, &["out.jsonl:0", "out.jsonl:2"]);
    check(Field::Text, "in 10 y", true, &["out.jsonl:2"]);
    check(Field::Text, "知能", false, &["out.jsonl:1"]);
    check(Field::Text, "能知", false, &[]);
    check(Field::Text, "hidden", false, &[]); // reasoning is not the answer
    check(Field::Text, "gone wrong", false, &["out.jsonl:3"]);
    check(Field::Text, "judge", false, &[]);
    check(Field::Prompt, "RÉSUMÉ", false, &["in.jsonl:0"]);
    check(Field::Name, "jo doe", false, &["in.jsonl:0"]);
    check(Field::Id, "cand 7", false, &["in.jsonl:0", "out.jsonl:0", "out.jsonl:1"]);
    check(Field::Id, "cand-9", false, &["out.jsonl:3"]);
    check(Field::Text, "?!", false, &[]);
}

#[test]
fn a_whole_document_is_read_too() {
    let mut folder = Folder::new();
    let items = [answer("a", &["alpha", "beta"]), answer("b", &["gamma"])].join(",");
    folder.put("out.json", 1, &format!("[{items}]"));
    let search = folder.search();
    folder.build(&search);
    assert_eq!(folder.text(&search, "beta"), ["out.json:1"]);
    assert_eq!(folder.text(&search, "gamma"), ["out.json:2"]);
}

#[test]
fn a_batch_grows_is_replaced_and_goes() {
    let mut folder = Folder::new();
    let (one, two) = (answer("a", &["first words"]), answer("b", &["second words"]));
    folder.put("x.jsonl", 1, &one);
    folder.put("y.jsonl", 1, &answer("c", &["other words"]));
    let search = folder.search();
    folder.build(&search);

    folder.put("x.jsonl", 1, &(one.clone() + &two));
    folder.build(&search);
    let held = search.held().unwrap();
    assert_eq!(held.batches().collect::<Vec<_>>(), [("x.jsonl", 1, 2), ("y.jsonl", 1, 1)]);
    assert_eq!(documents(&held), 3); // the first line was not put in again
    assert_eq!(folder.text(&search, "words"), ["y.jsonl:0", "x.jsonl:0", "x.jsonl:1"]);

    folder.put("x.jsonl", 2, &two);
    folder.build(&search);
    assert_eq!(folder.text(&search, "first"), [""; 0]);
    assert_eq!(folder.text(&search, "second"), ["x.jsonl:0"]);

    folder.batches.retain(|(batch, ..)| batch.path == "x.jsonl");
    folder.build(&search);
    assert_eq!(folder.text(&search, "words"), ["x.jsonl:0"]);
    let held = search.held().unwrap();
    assert_eq!(held.batches().collect::<Vec<_>>(), [("x.jsonl", 2, 1)]);

    let again = folder.search();
    assert_eq!(again.check(), None);
    assert_eq!(folder.text(&again, "words"), ["x.jsonl:0"]);
}

#[test]
fn what_was_stopped_goes_on() {
    let mut folder = Folder::new();
    let text = "many different words to fill the memory of one round ".repeat(40);
    let lines = |batch: u32| -> String {
        (0..4000)
            .map(|row| answer(&format!("{batch}-{row}"), &[&format!("{text} {row}")]))
            .collect()
    };
    for batch in 0..3 {
        folder.put(&format!("{batch}.jsonl"), 1, &lines(batch));
    }
    let search = Search::new(&folder.index_folder(), 2, 4 << 20);
    let stop = AtomicBool::new(false);
    let all: u64 = folder.wanted().iter().map(|batch| batch.bytes_before(batch.rows)).sum();
    let stop_late = |done: u64| stop.store(done > all / 2, Ordering::Release);
    let built = search.build(&folder.wanted(), &stop_late, &stop).unwrap();
    assert!(!built.is_finished);
    let done = documents(&search.held().unwrap());
    assert!(0 < done && done < 12_000, "{done}");
    let first = std::sync::Mutex::new(None);
    let note = |bytes| {
        first.lock().unwrap().get_or_insert(bytes);
    };
    let built = search.build(&folder.wanted(), &note, &AtomicBool::new(false)).unwrap();
    assert!(built.is_finished);
    assert!(first.into_inner().unwrap().unwrap() > 0, "it goes on where it stood");
    assert_eq!(documents(&search.held().unwrap()), 12_000);
    assert_eq!(folder.text(&search, "3999"), ["0.jsonl:3999", "1.jsonl:3999", "2.jsonl:3999"]);
    assert_eq!(folder.text(&search, "round many").len(), 12_000);
}

#[test]
fn a_batch_that_has_changed_is_left_out_and_said() {
    let mut folder = Folder::new();
    folder.put("good.jsonl", 1, &answer("a", &["words"]));
    folder.put("bad.jsonl", 1, &answer("b", &["more words"]).repeat(3));
    folder.put("gone.jsonl", 1, &answer("c", &["some words"]));
    fs::write(folder.root.path().join("bad.jsonl"), answer("b", &["cut"])).unwrap();
    fs::remove_file(folder.root.path().join("gone.jsonl")).unwrap();
    let search = folder.search();
    let built = folder.build(&search);
    let mut failed: Vec<_> = built.failed.iter().map(|(path, _)| &**path).collect();
    failed.sort_unstable();
    assert_eq!(failed, ["bad.jsonl", "gone.jsonl"]);
    assert_eq!(folder.text(&search, "words"), ["good.jsonl:0"]);
    folder.put("bad.jsonl", 2, &answer("b", &["cut words"]));
    folder.put("gone.jsonl", 2, &answer("c", &["some words"]));
    assert!(folder.build(&search).failed.is_empty());
    assert_eq!(folder.text(&search, "words").len(), 3);
}

#[test]
fn two_who_open_it() {
    let mut folder = Folder::new();
    folder.put("x.jsonl", 1, &answer("a", &["first words"]));
    let (one, two) = (folder.search(), folder.search());
    let wanted = folder.wanted();
    let refused = std::sync::Mutex::new(None);
    let while_building = |_| {
        let result = two.build(&wanted, &|_| {}, &AtomicBool::new(false));
        refused.lock().unwrap().get_or_insert(result.map(|_| ()));
    };
    one.build(&wanted, &while_building, &AtomicBool::new(false)).unwrap();
    drop(wanted);
    let refused = refused.into_inner().unwrap();
    assert!(matches!(refused, Some(Err(SearchError::Busy(_)))), "{refused:?}");
    assert_eq!(two.check(), None);
    assert_eq!(folder.text(&two, "first"), ["x.jsonl:0"]);
    folder.put("y.jsonl", 1, &answer("b", &["second words"]));
    folder.build(&two);
    assert_eq!(folder.text(&one, "words"), ["x.jsonl:0"]); // as it was when it looked
    one.check();
    assert_eq!(folder.text(&one, "words"), ["x.jsonl:0", "y.jsonl:0"]);
}

/// Files of the index that hold something, without the locks.
fn files(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut all: Vec<_> = all.filter(|file| fs::metadata(file).unwrap().len() > 0).collect();
    all.sort();
    all
}

#[test]
fn damage_gives_no_wrong_answer() {
    let mut folder = Folder::new();
    folder.put("x.jsonl", 1, &answer("a", &["first words", "second"]));
    folder.put("y.jsonl", 1, &answer("b", &["third words"]));
    folder.build(&folder.search());
    folder.put("y.jsonl", 2, &answer("b", &["third words again"]));
    let search = folder.search();
    folder.build(&search);
    let whole: Vec<_> = files(&folder.index_folder())
        .into_iter()
        .map(|f| (f.clone(), fs::read(f).unwrap()))
        .collect();
    let expected = ["words", "first", "second", "again"].map(|word| folder.text(&search, word));
    drop(search);
    let (mut refused, mut right) = (0, 0);
    let mut check = |file: &Path, damaged: &[u8]| {
        for (file, bytes) in &whole {
            fs::write(file, bytes).unwrap();
        }
        fs::write(file, damaged).unwrap();
        let search = folder.search();
        if search.check().is_some() {
            assert!(search.held().is_none());
            refused += 1;
        } else if search.held().is_some() {
            let found =
                ["words", "first", "second", "again"].map(|word| folder.text(&search, word));
            assert_eq!(found, expected, "{}", file.display());
            right += 1;
        }
    };
    for (file, bytes) in &whole {
        let step = bytes.len().div_ceil(40).max(1);
        for at in (0..bytes.len()).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            check(file, &flipped);
            check(file, &bytes[..at]);
        }
    }
    assert!(refused > 100 && right > 0, "{refused} refused, {right} right");
}

#[test]
fn what_is_damaged_is_made_anew() {
    let mut folder = Folder::new();
    folder.put("x.jsonl", 1, &answer("a", &["first words"]));
    folder.build(&folder.search());
    for name in ["meta.json", "idx"] {
        let all = files(&folder.index_folder());
        let file = all.iter().find(|file| file.to_string_lossy().ends_with(name)).unwrap();
        let mut bytes = fs::read(file).unwrap();
        bytes[3] ^= 1;
        fs::write(file, bytes).unwrap();
        let search = folder.search();
        let built = folder.build(&search);
        assert!(built.dropped.is_some() && built.is_finished);
        assert_eq!(folder.text(&search, "first"), ["x.jsonl:0"]);
        assert!(folder.build(&search).dropped.is_none());
    }
}

proptest! {
    #[test]
    fn the_engine_sees_our_words(text in any::<String>()) {
        let mut tokenizer = Words;
        let mut stream = tokenizer.token_stream(&text);
        let mut seen = Vec::new();
        while stream.advance() {
            let token = stream.token();
            prop_assert_eq!(token.position, seen.len());
            seen.push((token.offset_from..token.offset_to, token.text.clone()));
        }
        let expected: Vec<_> =
            words(&text).map(|word| (word.range, word.text.into_owned())).collect();
        prop_assert_eq!(seen, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn index_and_scan_agree(
        texts in proptest::collection::vec("([abcäか] ?){0,12}", 1..20),
        phrases in proptest::collection::vec(("([abcäか] ?){1,4}", any::<bool>()), 12),
    ) {
        let mut folder = Folder::new();
        let lines: Vec<String> = texts.iter().map(|text| answer("x", &[text])).collect();
        folder.put("x.jsonl", 1, &lines[..lines.len() / 2].concat());
        folder.put("y.jsonl", 1, &lines[lines.len() / 2..].concat());
        let search = folder.search();
        folder.build(&search);
        for (phrase, is_prefix) in phrases {
            let found = folder.find(&search, Field::Text, &phrase, is_prefix);
            let phrase = Phrase::new(&phrase, is_prefix);
            let half = lines.len() / 2;
            let name = |at: usize| match at.checked_sub(half) {
                None => format!("x.jsonl:{at}"),
                Some(row) => format!("y.jsonl:{row}"),
            };
            let holds = |at: &usize| phrase.is_in(&texts[*at]);
            let expected: Vec<_> = (0..texts.len()).filter(holds).map(name).collect();
            prop_assert_eq!(found, expected, "{:?}", phrase);
        }
    }
}
