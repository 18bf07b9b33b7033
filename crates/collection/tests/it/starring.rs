//! What is filled in, what is refused, what belongs to which output.

use crate::{Folder, new_star, old_line, star, stars, unstar};
use goldstar_collection::StarError;

#[test]
fn what_is_absent_is_taken_from_the_batches() {
    let folder = Folder::new();
    let collection = folder.open();
    let given = star(&collection, "q1", Some("beta"), 9);
    assert_eq!((&*given.llm_output, &*given.candidate_name), ("a weak one", "Zoë"));
    assert_eq!(given.output_hash, Some(format!("xxh3:{:016x}", xxh3("a weak one"))));
    assert!(given.input_hash.is_some());
    let without_reasoning = star(&collection, "q3", None, 8);
    assert_eq!(
        (&*without_reasoning.llm_output, without_reasoning.model.as_deref()),
        ("no", Some("alpha"))
    );
    assert_eq!(without_reasoning.input_hash, None);
    assert_eq!(folder.journal().len(), 2);
}

fn xxh3(text: &str) -> u64 {
    goldstar_collection::hash_of_text(text)
}

#[test]
fn what_is_not_clear_is_refused_and_nothing_is_written() {
    let folder = Folder::new();
    let collection = folder.open();
    let check = |custom_id: &str, model: Option<&str>, expected: &str| {
        let error = collection.star(new_star(custom_id, model, 9)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    };
    check("q1", None, "model: must be named: q1 has outputs of alpha, beta");
    check("q1", Some("gamma"), "q1 has no output of model gamma; it has outputs of alpha, beta");
    let mut choice = new_star("q3", None, 9);
    choice.choice = Some(3);
    let error = collection.star(choice).unwrap_err().to_string();
    assert_eq!(error, "q3 has no output of choice 3; it has outputs of alpha");
    check("q9", None, "no batch holds a record q9");
    check("", None, "custom_id: must not be empty");
    check("q1 ", None, "no batch holds a record q1 ");
    let mut wrong = new_star("q3", None, 9);
    wrong.starred_by = "a\nb".into();
    assert!(matches!(collection.star(wrong), Err(StarError::Invalid(_))));
    assert!(unstar(&collection, "q1", None).is_err());
    assert_eq!(folder.journal(), [] as [String; 0]);
}

#[test]
fn what_is_not_indexed_yet_may_be_asked_for_again() {
    let folder = Folder::new();
    let collection = folder.open_early("");
    let early = collection.star(new_star("q1", Some("beta"), 9)).unwrap_err();
    assert!(matches!(early, StarError::NotYet(_)));
    assert_eq!(
        early.to_string(),
        "no batch holds a record q1; 0 % of the batches are indexed so far: ask again in a moment"
    );
    assert!(matches!(unstar(&collection, "q1", Some("beta")), Err(StarError::NotYet(_))));
    collection.catalog().index();
    assert!(matches!(unstar(&collection, "q1", Some("beta")), Err(StarError::NotFound(_))));
    star(&collection, "q1", Some("beta"), 9);
    assert_eq!(folder.journal().len(), 1);
}

#[test]
fn a_text_says_which_output_is_meant() {
    let folder = Folder::new();
    let collection = folder.open();
    let mut by_text = new_star("q1", None, 9);
    by_text.llm_output = Some("a weak one".into());
    assert_eq!(collection.star(by_text).unwrap().model.as_deref(), Some("beta"));
    let mut with_reasoning = new_star("q3", None, 9);
    with_reasoning.llm_output = Some("<think>hm</think>\nno".into());
    assert_eq!(collection.star(with_reasoning).unwrap().model.as_deref(), Some("alpha"));
    let mut elsewhere = new_star("q9", None, 9);
    elsewhere.llm_output = Some("text that no batch holds".into());
    assert_eq!(collection.star(elsewhere).unwrap().model, None);
    assert_eq!(stars(&collection, "q9"), ["ann - 9"]);
}

#[test]
fn the_same_id_is_answered_with_what_was_written() {
    let folder = Folder::new();
    let collection = folder.open();
    let first = new_star("q1", Some("alpha"), 9);
    let mut again = first.clone();
    again.notes = "changed".into();
    assert_eq!(collection.star(first).unwrap(), collection.star(again).unwrap());
    assert_eq!(folder.journal().len(), 1);
}

#[test]
fn old_stars_find_their_outputs() {
    let folder = Folder::new();
    folder.put(
        "gold_star/starred.jsonl",
        &[
            old_line("q1", "a weak one", 7, "ann"),
            old_line("q1", "a strong leader", 8, "ann"),
            old_line("q1", "gone", 3, "bo"),
            old_line("q3", "<think>hm</think>\\nno", 5, "ann"),
        ],
    );
    let collection = folder.open();
    assert_eq!(stars(&collection, "q1"), ["ann beta 7", "ann alpha 8", "bo - 3"]);
    assert_eq!(stars(&collection, "q3"), ["ann alpha 5"]);
    star(&collection, "q1", Some("beta"), 10);
    assert_eq!(stars(&collection, "q1"), ["ann alpha 8", "bo - 3", "ann beta 10"]);
    assert_eq!(unstar(&collection, "q1", Some("alpha")).unwrap(), 1);
    assert_eq!(stars(&collection, "q1"), ["bo - 3", "ann beta 10"]);
    assert_eq!(stars(&folder.open(), "q1"), ["bo - 3", "ann beta 10"]);
}

#[test]
fn taking_back_takes_every_star_that_is_meant() {
    let folder = Folder::new();
    let collection = folder.open();
    star(&collection, "q1", Some("alpha"), 9);
    star(&collection, "q1", Some("beta"), 8);
    assert_eq!(unstar(&collection, "q1", None).unwrap(), 2);
    assert_eq!(stars(&collection, "q1"), [] as [String; 0]);
    star(&collection, "q1", Some("alpha"), 7);
    assert_eq!(stars(&collection, "q1"), ["ann alpha 7"]);
}

#[test]
fn a_star_is_stale_when_its_output_changed() {
    let folder = Folder::new();
    star(&folder.open(), "q1", Some("alpha"), 9);
    folder.put("batches/output/a.jsonl", &[crate::result("q1", "alpha", "another", "stop")]);
    let collection = folder.open();
    assert_eq!(stars(&collection, "q1"), ["ann alpha 9!"]);
    assert_eq!(crate::ids(&collection, "is:stale", ""), ["q1"]);
    folder.put("batches/output/a.jsonl", &[crate::result("q2", "alpha", "x", "stop")]);
    assert_eq!(stars(&folder.open(), "q1"), ["ann alpha 9!"]);
}
