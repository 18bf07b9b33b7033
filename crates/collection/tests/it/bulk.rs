//! Acts in bulk: what they are about, all or nothing, and back again.

use crate::{Folder, ids, new_id, old_line, star, stars};
use goldstar_collection::{
    BulkError, Chosen, Collection, Kind, NewBulk, NewReversal, Progress, Query, Reversal, Score,
    Sight, StarError, Ulid, Watch, What,
};
use std::sync::atomic::{AtomicU64, Ordering};

fn of(query: &str) -> Chosen {
    Chosen::Query(Query::parse(query).unwrap())
}

fn new_bulk(what: What, of: Chosen, model: Option<&str>) -> NewBulk {
    NewBulk {
        sight: Sight::All,
        what,
        of,
        model: model.map(str::to_owned),
        quality_score: (what == What::Star).then(|| Score::new(7).unwrap()),
        tags: vec!["b".into()],
        notes: String::new(),
        starred_by: "ann".into(),
        kind: Kind::Human,
        id: new_id(),
        at: "2026-11-22T12:00:00Z".into(),
    }
}

fn done(collection: &Collection, new: &NewBulk, expect: u64) -> Result<u64, BulkError> {
    let watch = Watch { progress: &|_| {}, is_cancelled: &|| false };
    collection.bulk(new, expect, &watch, new_id).map(|done| done.count)
}

fn undo(collection: &Collection, act: Ulid) {
    let of = Reversal::Undoes(act);
    let new = NewReversal { starred_by: "ann".into(), of, id: new_id(), at: "now".into() };
    collection.reverse(Kind::Human, &new, new_id).unwrap();
}

/// Every star but its id and place, in an order of its own.
fn all(collection: &Collection) -> Vec<String> {
    let state = collection.journal().state();
    let stars = state.all().into_iter().map(|entry| {
        let star = collection.journal().star(entry.place).unwrap().0;
        format!("{:?} {:?}", goldstar_collection::Star { id: None, ..star }, entry.model)
    });
    let mut stars: Vec<String> = stars.collect();
    stars.sort();
    stars
}

#[test]
fn records_that_are_named_before_they_are_indexed_are_to_be_asked_for_again() {
    let folder = Folder::new();
    let collection = folder.open_early("");
    let named = Chosen::Ids(vec!["q1".into(), "q9".into()]);
    let new = new_bulk(What::Star, named, Some("alpha"));
    let early = collection.count_bulk(&new).unwrap_err();
    assert!(matches!(early, BulkError::Star(StarError::NotYet(_))), "{early}");
    collection.catalog().index();
    let counted = collection.count_bulk(&new).unwrap();
    assert_eq!((counted.count, counted.left_out["not in the batches"]), (1, 1));
}

#[test]
fn the_first_choice_of_a_model_is_starred_where_it_can_be() {
    let folder = Folder::new();
    let collection = folder.open();
    star(&collection, "q1", Some("alpha"), 3);
    let before = all(&collection);
    let new = new_bulk(What::Star, of(""), Some("alpha"));
    let counted = collection.count_bulk(&new).unwrap();
    assert_eq!((counted.records, counted.count, counted.replaces), (4, 3, 1));
    assert_eq!(counted.left_out.into_iter().collect::<Vec<_>>(), [("an error", 1)]);
    assert_eq!(counted.sample[0].text, "a strong leader");
    let lines = folder.journal();
    for wrong in [0, 2, 4] {
        let error = done(&collection, &new, wrong).unwrap_err().to_string();
        assert_eq!(error, format!("it is about 3 outputs, not {wrong}; nothing was done"));
    }
    assert_eq!(folder.journal(), lines);
    assert_eq!(done(&collection, &new, 3).unwrap(), 3);
    assert_eq!(stars(&collection, "q1"), ["ann alpha 7"]);
    assert_eq!(ids(&collection, "by:ann score:7", ""), ["q1", "q2", "q3"]);
    let after = (all(&collection), folder.journal());
    assert_eq!(done(&collection, &new, 3).unwrap(), 3, "the same id is one act");
    assert_eq!((all(&collection), folder.journal()), after);
    assert_eq!(folder.journal().len(), 1 + 3 + 1);
    undo(&folder.open(), new.id);
    let collection = folder.open();
    assert_eq!(all(&collection), before);
    assert!(collection.journal().blemishes().is_empty());
}

#[test]
fn what_is_not_clear_is_refused() {
    let folder = Folder::new();
    let collection = folder.open();
    let check = |new: &NewBulk, expected: &str| {
        assert_eq!(done(&collection, new, 1).unwrap_err().to_string(), expected);
        assert_eq!(collection.count_bulk(new).unwrap_err().to_string(), expected);
    };
    let named = "model: must be named: q1 has outputs of alpha, beta";
    check(&new_bulk(What::Star, of(""), None), named);
    let none = "model: there is no model gamma; there are alpha, beta";
    check(&new_bulk(What::Star, of(""), Some("gamma")), none);
    let mut new = new_bulk(What::Tag, of(""), None);
    new.tags.clear();
    check(&new, "tags: is required");
    let (query, sort) = (Query::default(), "-name".parse().unwrap());
    let view = "0".into();
    let ranges = Chosen::Ranges { query, sort, view, ranges: vec![(0, 1)] };
    check(&new_bulk(What::Star, ranges, None), "the view is another one now; nothing was done");
    assert_eq!(folder.journal(), [] as [String; 0]);
}

#[test]
fn records_are_chosen_by_id_or_by_position_each_once() {
    let folder = Folder::new();
    let collection = folder.open();
    let named = ["q3", "q2", "q3", "q9"].map(str::to_owned).to_vec();
    let counted = new_bulk(What::Star, Chosen::Ids(named), Some("alpha"));
    let counted = collection.count_bulk(&counted).unwrap();
    assert_eq!((counted.records, counted.count), (2, 2));
    assert_eq!(counted.left_out["not in the batches"], 1);
    let first: Vec<_> = counted.sample.iter().map(|one| &*one.record.custom_id).collect();
    assert_eq!(first, ["q3", "q2"]);
    let (query, sort) = (Query::default(), "-custom_id".parse().unwrap());
    let view = collection.view(&query, &sort).name;
    let check = |ranges: &[(u32, u32)], expected: Result<&[&str], &str>| {
        let (query, sort, view) = (query.clone(), sort.clone(), view.clone());
        let of = Chosen::Ranges { query, sort, view, ranges: ranges.to_vec() };
        let found = collection.count_bulk(&new_bulk(What::Star, of, Some("alpha")));
        let ids = |one: goldstar_collection::BulkCount| -> Vec<String> {
            one.sample.into_iter().map(|one| one.record.custom_id).collect()
        };
        let expected = expected.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect());
        let found = found.map(ids).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{ranges:?}");
    };
    check(&[(1, 3), (2, 4)], Ok(&["q3", "q2", "q1"]));
    check(&[(3, 4), (1, 2), (1, 1)], Ok(&["q3", "q1"]));
    check(&[(3, 5)], Err("ranges: [3, 5] is no part of a view of 4"));
    check(&[(3, 2)], Err("ranges: [3, 2] is no part of a view of 4"));
}

#[test]
fn stars_are_tagged_untagged_and_taken_back() {
    let folder = Folder::new();
    folder.put("gold_star/starred.jsonl", &[old_line("q3", "no", 4, "ann")]);
    let collection = folder.open();
    star(&collection, "q1", Some("alpha"), 9);
    star(&collection, "q1", Some("beta"), 8);
    let before = all(&collection);
    let tag = new_bulk(What::Tag, of(""), None);
    assert_eq!(done(&collection, &tag, 3).unwrap(), 3);
    assert_eq!(ids(&collection, "tag:b", ""), ["q1", "q3"]);
    assert_eq!(ids(&collection, "tag:b tag:old", ""), ["q3"]);
    let tagged = all(&collection);
    let again = new_bulk(What::Tag, of(""), None);
    assert_eq!(collection.count_bulk(&again).unwrap().left_out["has the tags already"], 3);
    let untag = new_bulk(What::Untag, of(""), Some("beta"));
    assert_eq!(done(&collection, &untag, 1).unwrap(), 1);
    assert_eq!(ids(&collection, "tag:b score:8", ""), [] as [String; 0]);
    let unstar = new_bulk(What::Unstar, of("id:q1"), None);
    assert_eq!(done(&collection, &unstar, 2).unwrap(), 2);
    assert_eq!(ids(&collection, "is:starred", ""), ["q3"]);
    undo(&collection, unstar.id);
    undo(&collection, untag.id);
    assert_eq!(all(&collection), tagged);
    undo(&collection, tag.id);
    assert_eq!(all(&collection), before);
}

#[test]
fn it_may_be_cancelled_at_any_time() {
    let folder = Folder::new();
    let collection = folder.open();
    star(&collection, "q1", Some("alpha"), 3);
    let before = all(&collection);
    // It is asked before the reading of the one lot, before its writing, and before the last line.
    for allowed in 0..3 {
        let (asked, told) = (AtomicU64::new(0), AtomicU64::new(0));
        let watch = Watch {
            progress: &|progress: Progress| {
                told.fetch_add(progress.done, Ordering::Relaxed);
            },
            is_cancelled: &|| asked.fetch_add(1, Ordering::Relaxed) == allowed,
        };
        let new = new_bulk(What::Star, of(""), Some("alpha"));
        let error = collection.bulk(&new, 3, &watch, new_id).unwrap_err();
        assert!(matches!(error, BulkError::Cancelled), "{error}");
        assert_eq!(told.load(Ordering::Relaxed), allowed * 3);
        assert_eq!(all(&folder.open()), before);
        assert!(folder.open().journal().blemishes().is_empty());
    }
    assert_eq!(collection.journal().state().acts("ann").count(), 1);
}

#[test]
fn a_star_that_was_given_meanwhile_is_not_overwritten() {
    let folder = Folder::new();
    let collection = folder.open();
    star(&collection, "q1", Some("alpha"), 3);
    let other = folder.open();
    let is_written = AtomicU64::new(0);
    let watch = Watch {
        progress: &|progress: Progress| {
            if progress.is_writing && is_written.fetch_add(1, Ordering::Relaxed) == 0 {
                star(&other, "q1", Some("alpha"), 10);
            }
        },
        is_cancelled: &|| false,
    };
    let new = new_bulk(What::Tag, of(""), None);
    let error = collection.bulk(&new, 1, &watch, new_id).unwrap_err().to_string();
    assert_eq!(error, "q1 was judged again meanwhile; nothing was done");
    assert_eq!(stars(&collection, "q1"), ["ann alpha 10"]);
    assert!(collection.journal().blemishes().is_empty());
}

#[test]
fn a_text_that_cannot_be_read_is_left_out_before_they_are_counted() {
    let folder = Folder::new();
    let collection = folder.open();
    folder.put("batches/output/b.jsonl", &["{}".to_owned()]);
    let new = new_bulk(What::Star, of("id:q1"), Some("beta"));
    let error = done(&collection, &new, 1).unwrap_err().to_string();
    assert_eq!(error, "it is about 0 outputs, not 1; nothing was done");
    let watch = Watch { progress: &|_| {}, is_cancelled: &|| false };
    let none = collection.bulk(&new, 0, &watch, new_id).unwrap();
    assert_eq!((none.count, none.left_out["cannot be read"]), (0, 1));
    assert_eq!(folder.journal(), [] as [String; 0]);
}
