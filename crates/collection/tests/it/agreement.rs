//! How far reviewers agree, from stars on real folders.

use crate::{Folder, ids, new_star, old_line, result};
use goldstar_collection::{Collection, Method, NewStar, Query, Sort, View, method_named};
use std::sync::Arc;

fn by(collection: &Collection, who: &str, custom_id: &str, model: &str, score: i64) {
    let new = new_star(custom_id, Some(model), score);
    collection.star(NewStar { starred_by: who.into(), ..new }).unwrap();
}

fn view(collection: &Collection, query: &str) -> View {
    collection.view(&Query::parse(query).unwrap(), &Sort::default())
}

#[test]
fn a_unit_is_an_output_and_names_come_in_order() {
    let folder = Folder::new();
    let collection = folder.open();
    by(&collection, "cy", "q1", "alpha", 9);
    by(&collection, "ann", "q1", "alpha", 4);
    by(&collection, "ann", "q1", "beta", 4);
    by(&collection, "bo", "q2", "alpha", 7);
    by(&collection, "ann", "q2", "alpha", 7);
    let agreement = collection.agreement(&view(&collection, ""), None);
    let names: Vec<&str> = agreement.reviewers.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["ann", "bo", "cy"]);
    assert_eq!((agreement.stars, agreement.outputs, agreement.stale), (5, 3, 0));
    let report = &agreement.report;
    assert_eq!((report.spreads.units, report.spreads.disputed), (2, 1));
    let scores: Vec<u64> = report.reviewers.iter().map(|reviewer| reviewer.scores).collect();
    assert_eq!(scores, [3, 1, 1]);
    let [disputed] = &agreement.disputed[..] else { panic!("{:?}", agreement.disputed) };
    assert_eq!((&*disputed.custom_id, disputed.model.as_deref()), ("q1", Some("alpha")));
    let given: Vec<(&str, u8)> = disputed.scores.iter().map(|(by, s)| (&**by, *s)).collect();
    assert_eq!(given, [("ann", 4), ("cy", 9)]);
    // Too little for a model: the mean.
    assert_eq!(agreement.method, Method::Mean);
    assert_eq!(disputed.consensus.unwrap().score, 6.5);
    let one = collection.agreement(&view(&collection, "id:q2"), None);
    assert_eq!((one.stars, one.report.spreads.units), (2, 1));
}

#[test]
fn asking_twice_is_free_until_a_star_comes() {
    let folder = Folder::new();
    let collection = folder.open();
    by(&collection, "ann", "q1", "alpha", 9);
    let ask = |method| collection.agreement(&view(&collection, "model:alpha"), method);
    let first = ask(None);
    assert!(Arc::ptr_eq(&first, &ask(None)));
    assert!(!Arc::ptr_eq(&first, &ask(Some(Method::Median))));
    let bias = || collection.bias(&view(&collection, "model:alpha"));
    let biased = bias();
    assert!(Arc::ptr_eq(&biased, &bias()));
    by(&collection, "bo", "q1", "alpha", 8);
    assert_eq!((ask(None).stars, bias().stars), (2, 2));
}

#[test]
fn of_two_lines_by_one_reviewer_about_one_output_the_later_counts() {
    let folder = Folder::new();
    folder.put("batches/output/b.jsonl", &[result("q1", "beta", "a weak one", "stop")]);
    folder.put(
        "gold_star/starred.jsonl",
        &[
            // Not the text of any output: it belongs to the record as a whole.
            old_line("q1", "something else", 2, "ann"),
            old_line("q1", "a weak one", 3, "ann"),
            old_line("q1", "a weak one", 5, "bo"),
        ],
    );
    let collection = folder.open();
    let agreement = collection.agreement(&view(&collection, ""), None);
    assert_eq!((agreement.stars, agreement.outputs), (3, 2));
    let [(_, _, pair)] = &agreement.report.pairs[..] else { panic!("one pair") };
    assert_eq!((pair.units, pair.difference.value), (1, Some(-2.0)));
}

#[test]
fn three_reviewers_dispute_by_their_deviation() {
    let folder = Folder::new();
    let collection = folder.open();
    for (who, one, two) in [("ann", 5, 5), ("bo", 5, 6), ("cy", 8, 9)] {
        by(&collection, who, "q1", "alpha", one);
        by(&collection, who, "q2", "alpha", two);
    }
    by(&collection, "ann", "q3", "alpha", 1);
    assert_eq!(ids(&collection, "is:disputed", ""), ["q2"]);
    assert_eq!(ids(&collection, "", "-disagreement"), ["q2", "q1", "q3", "q4"]);
    assert_eq!(ids(&collection, "", "disagreement"), ["q1", "q2", "q3", "q4"]);
}

#[test]
fn methods_have_words() {
    for method in Method::ALL {
        assert_eq!(method_named(method.word()).unwrap(), method);
    }
    assert_eq!(method_named("best").unwrap_err().field, "method");
}
