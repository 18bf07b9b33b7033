//! Agreement about tags, and of agents with people, from stars on real folders.

use crate::{Folder, new_id, new_star};
use goldstar_collection::{Collection, Kind, NewStar, Query, Sort, Star, Tagging};
use std::sync::Arc;

fn given(collection: &Collection, who: &str, custom_id: &str, score: i64, tags: &[&str]) -> Star {
    let new = new_star(custom_id, Some("alpha"), score);
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    let kind = if who == "bot" { Kind::Agent } else { Kind::Human };
    collection.star(NewStar { starred_by: who.into(), kind, tags, ..new }).unwrap()
}

fn ask(collection: &Collection, query: &str) -> Arc<Tagging> {
    collection.tagging(&collection.view(&Query::parse(query).unwrap(), &Sort::default()))
}

#[test]
fn tags_are_counted_on_outputs_that_several_people_judged() {
    let folder = Folder::new();
    let collection = folder.open();
    given(&collection, "ann", "q1", 8, &["clear", "short"]);
    given(&collection, "bo", "q1", 7, &["clear"]);
    given(&collection, "ann", "q2", 5, &["short"]);
    given(&collection, "bo", "q2", 5, &[]);
    given(&collection, "cy", "q2", 5, &["clear"]);
    // Only one person: nothing to compare.
    given(&collection, "ann", "q3", 5, &["lonely"]);
    given(&collection, "bot", "q3", 5, &["lonely"]);
    let found = ask(&collection, "");
    assert_eq!(found.shared, 2);
    let names: Vec<&str> = found.reviewers.iter().map(|name| &**name).collect();
    assert_eq!(names, ["ann", "bo", "cy"]);
    let tags: Vec<_> =
        found.tags.iter().map(|(tag, label)| (&**tag, label.given, label.by_majority)).collect();
    assert_eq!(tags, [("clear", 2, 1), ("short", 2, 0)]);
    let counts: Vec<_> =
        found.tags[0].1.reviewers.iter().map(|known| (known.units, known.given)).collect();
    assert_eq!(counts, [(2, 1), (2, 1), (1, 1)]);
    assert_eq!(ask(&collection, "id:q1").shared, 1);
    assert!(Arc::ptr_eq(&ask(&collection, ""), &ask(&collection, "")));
}

#[test]
fn an_agent_is_compared_with_what_people_said_by_themselves() {
    let folder = Folder::new();
    let collection = folder.open();
    // The median of three is 6; two of three say clear.
    given(&collection, "ann", "q1", 6, &["clear"]);
    given(&collection, "bo", "q1", 9, &["clear", "long"]);
    given(&collection, "cy", "q1", 2, &[]);
    given(&collection, "bot", "q1", 7, &["clear", "long"]);
    // Of an even number, the lower score in the middle.
    given(&collection, "ann", "q2", 4, &["clear"]);
    given(&collection, "bo", "q2", 8, &[]);
    given(&collection, "bot", "q2", 4, &[]);
    // Accepted: not compared with itself.
    let suggested = given(&collection, "bot", "q3", 9, &["clear"]);
    let mine = NewStar {
        id: new_id(),
        accepted: suggested.id,
        tags: vec!["clear".into()],
        ..new_star("q3", Some("alpha"), 9)
    };
    collection.star(mine).unwrap();
    let found = ask(&collection, "");
    let [agent] = &found.agents[..] else { panic!("{:?}", found.agents) };
    assert_eq!((&*agent.agent, agent.suggested, agent.accepted), ("bot", 3, 1));
    assert_eq!((agent.scores.units, agent.scores.difference.value), (2, Some(0.5)));
    assert_eq!(agent.scores.exact.value, Some(0.5));
    let tags: Vec<_> =
        agent.tags.iter().map(|(tag, pair)| (&**tag, pair.both, pair.agent, pair.people)).collect();
    assert_eq!(tags, [("clear", 1, 0, 0), ("long", 0, 1, 0)]);
}
