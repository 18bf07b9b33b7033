//! Facets: every count is that of the view's records that answer the value's clause.

use crate::{Folder, ids, star};
use goldstar_collection::{Facets, Query, Sort};

fn facets(collection: &goldstar_collection::Collection, query: &str) -> Facets {
    let view = collection.view(&Query::parse(query).unwrap(), &Sort::default());
    collection.facets(&view, None, "ann")
}

#[test]
fn a_count_is_of_the_records_that_answer_both() {
    let folder = Folder::new();
    let collection = folder.open();
    star(&collection, "q1", Some("alpha"), 9);
    star(&collection, "q1", Some("beta"), 4);
    star(&collection, "q3", None, 9);
    for query in ["", "strong", "-is:error", "model:beta", "is:starred", "nowhere"] {
        let facets = facets(&collection, query);
        let found = ids(&collection, query, "");
        let count = |clause: String| {
            let meant = ids(&collection, &clause, "");
            found.iter().filter(|id| meant.contains(id)).count() as u32
        };
        assert_eq!(facets.total, count(String::new()), "{query}");
        let values = [
            ("model", facets.models),
            ("finish", facets.finishes),
            ("tag", facets.tags),
            ("by", facets.reviewers),
        ];
        for (field, values) in values {
            for (value, found) in values {
                assert_eq!(found, count(format!("{field}:\"{value}\"")), "{query} {field} {value}");
            }
        }
        for (state, found) in facets.states {
            assert_eq!(found, count(format!("is:{state}")), "{query} is:{state}");
        }
        for (score, found) in (1..).zip(facets.scores) {
            assert_eq!(found, count(format!("score:{score}")), "{query} score:{score}");
        }
    }
}

#[test]
fn bars_count_the_outputs_of_the_view() {
    let folder = Folder::new();
    let collection = folder.open();
    let all = facets(&collection, "");
    assert_eq!(all.chars.counts.iter().sum::<u64>(), 6);
    // An error has no tokens.
    assert_eq!(all.tokens.counts.iter().sum::<u64>(), 5);
    let some = facets(&collection, "model:beta");
    assert_eq!(some.chars.counts.iter().sum::<u64>(), 4);
    let of = |model: &str| {
        let view = collection.view(&Query::parse("").unwrap(), &Sort::default());
        collection.facets(&view, Some(model), "ann").chars.counts.iter().sum::<u64>()
    };
    assert_eq!((of("beta"), of("bet")), (2, 0));
    for edges in [&all.chars.edges, &all.tokens.edges] {
        assert!(edges.windows(2).all(|pair| pair[0] < pair[1]), "{edges:?}");
    }
}
