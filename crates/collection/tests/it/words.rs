//! Words, beginnings and patterns: the same answers from the texts and from the full-text index.

use crate::{Folder, ids, new_star, result};
use goldstar_collection::{Collection, SearchState};

fn check_all(collection: &Collection) {
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(ids(collection, query, ""), expected, "{query}");
    };
    check("strong", &["q1", "q2"]);
    check("stron", &[]);
    check("stron*", &["q1", "q2"]);
    check("STRONG-leader", &["q1"]);
    check("\"leader strong\"", &[]);
    check("\"strong lead\"*", &["q1"]);
    check("weak leader", &[]);
    check("-strong", &["q3", "q4"]);
    check("model:beta strong", &["q2"]);
    check("model:alpha strong", &["q1"]);
    check("judge model:beta", &["q1"]);
    check("zoë weak", &["q1"]);
    check("q3", &["q3"]);
    check("long", &["q4"]);
    check("/R.st/", &["q2"]);
    check("/r.st/", &[]);
    check("/(?i)r.st/ strong", &[]);
    check("years /R.st/", &["q2"]);
    check("-/o/", &[]);
    check("remarkable", &["q3"]);
    check("remark* -strong", &["q3"]);
    check("remarkable strong", &[]);
    check("\"++\"", &[]);
}

#[test]
fn texts_and_index_answer_alike() {
    let folder = Folder::new();
    let collection = folder.open();
    let mut noted = new_star("q3", Some("alpha"), 9);
    noted.notes = "Remarkable".into();
    collection.star(noted).unwrap();
    check_all(&collection);
    collection.catalog().build_search().unwrap();
    assert_eq!(collection.catalog().status().search, SearchState::Ready);
    // Asked anew: a kept view would answer otherwise.
    let again = folder.open();
    again.catalog().open_search();
    check_all(&again);
}

#[test]
fn what_is_not_in_the_index_yet_is_found_in_the_texts() {
    let folder = Folder::new();
    let collection = folder.open();
    collection.catalog().build_search().unwrap();
    folder.put(
        "batches/output/b.jsonl",
        &[
            result("q1", "beta", "a weak one", "stop"),
            result("q2", "beta", "strong in Go", "stop"),
            result("q5", "beta", "strong too", "stop"),
            result("q3", "alpha", "now strong", "stop"),
        ],
    );
    assert!(collection.catalog().refresh());
    let expected = ["q1", "q2", "q3", "q5"];
    assert_eq!(ids(&collection, "strong", ""), expected);
    collection.catalog().build_search().unwrap();
    let again = folder.open();
    again.catalog().open_search();
    assert_eq!(ids(&again, "strong", ""), expected);
    assert_eq!(ids(&again, "-strong", ""), ["q4"]);
}

#[test]
fn lines_that_come_later_are_shown_as_they_are_found() {
    let folder = Folder::new();
    let collection = folder.open();
    // Neither line says when it was made, so the later batch counts, whichever came first.
    folder.put("batches/output/c.jsonl", &[result("q3", "alpha", "third", "stop")]);
    assert!(collection.catalog().refresh());
    folder.put(
        "batches/output/b.jsonl",
        &[
            result("q1", "beta", "a weak one", "stop"),
            result("q2", "beta", "strong in Go", "stop"),
            result("q3", "alpha", "second", "stop"),
        ],
    );
    assert!(collection.catalog().refresh());
    let shown = collection.catalog().record("q3").unwrap().outputs[0].read().unwrap().text;
    assert_eq!(shown, "third");
    assert_eq!(ids(&collection, "third", ""), ["q3"]);
    assert_eq!(ids(&collection, "second", ""), [] as [&str; 0]);
}

#[test]
fn a_batch_that_changes_before_its_words_are_indexed_is_a_blemish_until_it_is_read_anew() {
    let folder = Folder::new();
    let collection = folder.open();
    let catalog = collection.catalog();
    folder.put("batches/output/b.jsonl", &[result("q1", "beta", "cut", "stop")]);
    catalog.build_search().unwrap();
    let (_, found) = catalog.blemishes();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].file, "batches/output/b.jsonl");
    assert!(catalog.refresh());
    catalog.build_search().unwrap();
    assert_eq!(catalog.blemishes(), (0, Vec::new()));
}
