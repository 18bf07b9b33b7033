//! What queries find, and in which order.

use crate::{Folder, ids, star};
use goldstar_collection::{Direction, NewStar, Query, Sort, Walk};

#[test]
fn queries_about_outputs_names_and_places() {
    let folder = Folder::new();
    let collection = folder.open();
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(ids(&collection, query, ""), expected, "{query}");
    };
    check("", &["q1", "q2", "q3", "q4"]);
    check("strong", &["q1", "q2"]);
    check("STRONG leader", &["q1"]);
    check("\"strong leader\"", &["q1"]);
    check("strong -leader", &["q2"]);
    check("model:beta", &["q1", "q2"]);
    check("-model:beta", &["q3", "q4"]);
    check("is:error", &["q4"]);
    check("finish:length", &["q2"]);
    check("tokens:15..16", &["q1"]);
    check("chars:<3", &["q3"]);
    check("file:b.jsonl", &["q1", "q2"]);
    check("name:zo", &["q1"]);
    check("id:Q3", &["q3"]);
    check("judge", &["q1"]);
    check("hm", &[]);
}

#[test]
fn a_failed_run_without_a_model_is_hidden_by_a_later_answer() {
    let folder = Folder::new();
    folder.put("batches/output/c.jsonl", &[crate::result("q4", "alpha", "yes", "stop")]);
    let collection = folder.open();
    // The error names no model; its file has only one, and that is known when all are joined.
    assert_eq!(ids(&collection, "is:error", ""), [] as [&str; 0]);
    assert_eq!(ids(&collection, "yes", ""), ["q4"]);
}

#[test]
fn clauses_about_outputs_hold_for_one_and_the_same_output() {
    let folder = Folder::new();
    let collection = folder.open();
    assert_eq!(ids(&collection, "model:beta strong", ""), ["q2"]);
    assert_eq!(ids(&collection, "model:alpha finish:length", ""), ["q2"]);
    assert_eq!(ids(&collection, "model:beta finish:length", ""), [] as [&str; 0]);
}

#[test]
fn queries_about_stars_hold_for_one_and_the_same_star() {
    let folder = Folder::new();
    let collection = folder.open();
    let mut tagged = crate::new_star("q1", Some("alpha"), 9);
    tagged.tags = vec!["senior".into()];
    tagged.notes = "remarkable".into();
    collection.star(tagged).unwrap();
    star(&collection, "q1", Some("beta"), 4);
    star(&collection, "q2", Some("beta"), 8);
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(ids(&collection, query, ""), expected, "{query}");
    };
    check("is:starred", &["q1", "q2"]);
    check("is:unreviewed", &["q3", "q4"]);
    check("score:8..10", &["q1", "q2"]);
    check("score:4 tag:senior", &[]);
    check("score:9 tag:senior", &["q1"]);
    check("-tag:senior", &["q2", "q3", "q4"]);
    check("by:ann", &["q1", "q2"]);
    check("by:bo", &[]);
    check("remarkable", &["q1"]);
    check("is:starred -score:4", &["q2"]);
}

#[test]
fn stars_are_asked_for_by_model_and_by_when_they_were_given() {
    let folder = Folder::new();
    let collection = folder.open();
    let at = |custom_id: &str, model: &str, score: i64, starred_at: &str| {
        let new = crate::new_star(custom_id, Some(model), score);
        collection.star(NewStar { starred_at: starred_at.into(), ..new }).unwrap();
    };
    at("q1", "alpha", 9, "2026-02-28T23:59:59Z");
    at("q1", "beta", 3, "2026-03-01T00:00:00Z");
    at("q2", "alpha", 3, "2026-03-01T23:59:59Z");
    at("q3", "alpha", 5, "one day");
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(ids(&collection, query, ""), expected, "{query}");
    };
    check("starred:2026-03-01", &["q1", "q2"]);
    check("starred:2026-03-01 score:9", &[]);
    check("starred:..2026-02-28", &["q1"]);
    check("starred:2026-02-28T23:59:59Z..2026-03-01T00:00:00Z", &["q1"]);
    check("starred:2026-03-02..", &[]);
    // Of a time that cannot be read nobody knows when it was.
    check("-starred:..2026-12-31", &["q3", "q4"]);
    check("of:alpha score:3", &["q2"]);
    check("of:beta", &["q1"]);
    check("of:alph", &[]);
    check("is:starred -of:alpha", &[]);
}

#[test]
fn views_are_sorted_and_what_has_no_value_comes_last() {
    let folder = Folder::new();
    let collection = folder.open();
    star(&collection, "q2", Some("alpha"), 9);
    star(&collection, "q3", None, 5);
    star(&collection, "q1", Some("alpha"), 9);
    let check =
        |sort: &str, expected: &[&str]| assert_eq!(ids(&collection, "", sort), expected, "{sort}");
    check("-score", &["q1", "q2", "q3", "q4"]);
    check("score", &["q3", "q1", "q2", "q4"]);
    check("-custom_id", &["q4", "q3", "q2", "q1"]);
    check("-name", &["q1", "q4", "q3", "q2"]);
    check("chars:beta", &["q1", "q2", "q3", "q4"]);
    check("-chars:beta", &["q2", "q1", "q3", "q4"]);
}

#[test]
fn what_reviewers_and_models_are_apart_in() {
    let folder = Folder::new();
    let collection = folder.open();
    let by = |who: &str, custom_id: &str, model: &str, score: i64| {
        let new = crate::new_star(custom_id, Some(model), score);
        collection.star(NewStar { starred_by: who.into(), ..new }).unwrap();
    };
    by("ann", "q1", "alpha", 9);
    by("bo", "q1", "alpha", 6);
    by("ann", "q1", "beta", 2);
    by("ann", "q2", "alpha", 9);
    by("ann", "q2", "beta", 5);
    by("bo", "q2", "alpha", 8);
    by("ann", "q3", "alpha", 9);
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(ids(&collection, query, ""), expected, "{query}");
    };
    // Three apart is a dispute, but not between two outputs.
    check("is:disputed", &["q1"]);
    check("-is:disputed is:starred", &["q2", "q3"]);
    // The mean of 9 and 6, and of 9 and 8: a half goes up.
    check("rated:alpha=8", &["q1"]);
    check("rated:alpha=9..", &["q2", "q3"]);
    check("rated:alpha=9 rated:beta=5", &["q2"]);
    check("rated:alph=9", &[]);
    check("-rated:alpha=1..10", &["q4"]);
    assert_eq!(ids(&collection, "", "-spread"), ["q1", "q2", "q3", "q4"]);
    assert_eq!(ids(&collection, "", "spread"), ["q2", "q1", "q3", "q4"]);
}

#[test]
fn the_next_to_review_has_no_star_and_something_to_star() {
    let folder = Folder::new();
    let collection = folder.open();
    star(&collection, "q2", Some("alpha"), 9);
    let check = |query: &str, sort: &str, from: Option<u32>, way: Direction, expected: &str| {
        let view = collection.view(&Query::parse(query).unwrap(), &sort.parse().unwrap());
        let walk = Walk {
            from,
            direction: way,
            by: "ann",
            now: jiff::Timestamp::UNIX_EPOCH,
            is_todo: false,
        };
        let found = collection.next_unreviewed(&view, walk);
        let said = found.next.map(|found| {
            assert_eq!(collection.position(&view, &found.custom_id), Some(found.index));
            format!("{} {}", found.index, found.custom_id)
        });
        assert_eq!(said.unwrap_or_default(), expected, "{query} {sort} {from:?} {way:?}");
    };
    use Direction::{Backward, Forward};
    // q2 is starred, q4 is an error.
    check("", "", None, Forward, "0 q1");
    check("", "", Some(0), Forward, "2 q3");
    check("", "", Some(2), Forward, "");
    check("", "", None, Backward, "2 q3");
    check("", "", Some(2), Backward, "0 q1");
    check("", "", Some(u32::MAX), Backward, "2 q3");
    check("", "", Some(u32::MAX), Forward, "");
    check("", "-custom_id", Some(1), Forward, "3 q1");
    check("strong", "", None, Forward, "0 q1");
    check("-strong", "", None, Forward, "0 q3");
    check("is:starred", "", None, Forward, "");
    let view = collection.view(&Query::parse("is:starred").unwrap(), &Sort::default());
    assert_eq!(collection.position(&view, "q1"), None);
    assert_eq!(collection.position(&view, "nobody"), None);
}

#[test]
fn a_view_is_kept_until_what_it_depends_on_changes() {
    let folder = Folder::new();
    let collection = folder.open();
    let name = |query: &str| collection.view(&Query::parse(query).unwrap(), &Sort::default()).name;
    let (starred, errors) = (name("is:starred"), name("is:error"));
    assert_eq!(name("is:starred"), starred);
    star(&collection, "q3", None, 5);
    assert_ne!(name("is:starred"), starred);
    assert_eq!(name("is:error"), errors);
}
