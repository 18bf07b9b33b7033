//! What agents say is a suggestion until a person makes it their own.

use crate::{Folder, ids, new_id, new_star, star};
use goldstar_collection::{
    Collection, Kind, NewReversal, NewStar, Query, Reversal, Sort, Star, Unstar,
};

fn suggest(collection: &Collection, custom_id: &str, model: &str, score: i64, tag: &str) -> Star {
    let new = new_star(custom_id, Some(model), score);
    let (kind, tags) = (Kind::Agent, vec![tag.to_owned()]);
    collection.star(NewStar { starred_by: "bot".into(), kind, tags, ..new }).unwrap()
}

#[test]
fn suggestions_count_for_nothing_and_are_found_by_themselves() {
    let folder = Folder::new();
    let collection = folder.open();
    suggest(&collection, "q1", "alpha", 9, "clear");
    suggest(&collection, "q2", "alpha", 3, "vague");
    star(&collection, "q2", Some("alpha"), 8);
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(ids(&collection, query, ""), expected, "{query}");
    };
    check("is:starred", &["q2"]);
    check("is:unreviewed", &["q1", "q3", "q4"]);
    check("is:suggested", &["q1", "q2"]);
    check("-is:suggested", &["q3", "q4"]);
    check("is:suggested is:unreviewed", &["q1"]);
    check("is:suggested is:starred", &["q2"]);
    check("score:9", &[]);
    check("is:suggested score:9", &["q1"]);
    check("is:suggested score:8", &[]);
    check("by:bot", &[]);
    check("is:suggested by:bot tag:vague", &["q2"]);
    check("-score:3", &["q1", "q2", "q3", "q4"]);
    // Five apart, but only one of them is a person's.
    check("is:disputed", &[]);
    check("rated:alpha=9", &[]);
    check("rated:alpha=8", &["q2"]);
    // What is written can be found, whoever wrote it.
    check("vague", &["q2"]);
    assert_eq!(ids(&collection, "", "-score"), ["q2", "q1", "q3", "q4"]);
    let state = collection.journal().state();
    assert_eq!((state.stars(), state.suggestions()), (1, 2));
}

#[test]
fn facets_statistics_and_outputs_leave_suggestions_out() {
    let folder = Folder::new();
    let collection = folder.open();
    suggest(&collection, "q1", "alpha", 9, "clear");
    star(&collection, "q2", Some("alpha"), 8);
    let view = collection.view(&Query::default(), &Sort::default());
    let facets = collection.facets(&view, None, "ann");
    let state = |name: &str| facets.states.iter().find(|(known, _)| *known == name).unwrap().1;
    assert_eq!((state("starred"), state("suggested"), state("unreviewed")), (1, 1, 3));
    assert_eq!(facets.scores, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    assert_eq!(facets.reviewers, [("ann".into(), 1)]);
    assert!(facets.tags.is_empty());
    let statistics = collection.statistics(&view);
    assert_eq!((statistics.reviewed, statistics.stars), (1, 1));
    let records = collection.records(&view, view.rows.slice(0, 1));
    assert_eq!((records[0].score(), records[0].stars.len()), (None, 1));
    assert!(records[0].tags().is_empty());
}

#[test]
fn an_agent_under_the_name_of_a_person_does_nothing() {
    let folder = Folder::new();
    let collection = folder.open();
    let mine = star(&collection, "q1", Some("alpha"), 8);
    let refused = |done: Result<(), String>| {
        let why = "starred_by: ann has starred as a person: an agent needs a name of its own";
        assert_eq!(done.unwrap_err(), why);
    };
    let (id, at) = (mine.id.unwrap(), "2026-11-22T12:00:00Z".to_owned());
    let starred_by = "ann".to_owned();
    let agents = NewStar { kind: Kind::Agent, ..new_star("q1", Some("alpha"), 2) };
    refused(collection.star(agents).map(drop).map_err(|error| error.to_string()));
    let which = Unstar {
        custom_id: "q1".into(),
        model: None,
        choice: None,
        starred_by: starred_by.clone(),
        kind: Kind::Agent,
        id: new_id(),
        at: at.clone(),
    };
    refused(collection.unstar(&which, new_id).map(drop).map_err(|error| error.to_string()));
    let undo = NewReversal { of: Reversal::Undoes(id), starred_by, id: new_id(), at };
    let undone = collection.reverse(Kind::Agent, &undo, new_id);
    refused(undone.map(drop).map_err(|error| error.to_string()));
    assert_eq!(ids(&collection, "score:8 by:ann", ""), ["q1"]);
    // Also when the person has taken everything back, and after a start.
    collection.reverse(Kind::Human, &undo, new_id).unwrap();
    let collection = folder.open();
    assert!(collection.name_of_its_own(Kind::Agent, "ann").is_err());
    assert!(collection.name_of_its_own(Kind::Agent, "bot").is_ok());
}

#[test]
fn a_person_may_have_starred_under_an_agents_name_a_moment_ago_in_another_program() {
    let folder = Folder::new();
    let suggested = suggest(&folder.open(), "q1", "alpha", 3, "t");
    let [person, agent, another] = [folder.open(), folder.open(), folder.open()];
    let as_bot = |score, kind| NewStar {
        starred_by: "bot".into(),
        kind,
        ..new_star("q1", Some("alpha"), score)
    };
    let theirs = person.star(as_bot(9, Kind::Human)).unwrap();
    assert_eq!(agent.judged("q1")[0].star.id, suggested.id, "it has not seen it yet");
    let refused = |done: Result<(), String>| {
        let why = "bot has starred as a person: an agent needs a name of its own";
        assert_eq!(done.unwrap_err(), why);
    };
    refused(agent.star(as_bot(2, Kind::Agent)).map(drop).map_err(|error| error.to_string()));
    let which = Unstar {
        custom_id: "q1".into(),
        model: None,
        choice: None,
        starred_by: "bot".into(),
        kind: Kind::Agent,
        id: new_id(),
        at: "2026-11-22T12:00:00Z".into(),
    };
    refused(another.unstar(&which, new_id).map(drop).map_err(|error| error.to_string()));
    assert_eq!(folder.open().judged("q1")[0].star.id, theirs.id);
}

#[test]
fn the_id_of_another_reviewers_star_is_refused() {
    let folder = Folder::new();
    let collection = folder.open();
    let mine = new_star("q1", Some("alpha"), 9);
    let theirs = NewStar { starred_by: "bo".into(), ..mine.clone() };
    collection.star(mine.clone()).unwrap();
    let refused = collection.star(theirs).unwrap_err();
    assert_eq!(refused.to_string(), "id: names another line of the journal");
    assert_eq!(collection.star(mine).unwrap().quality_score.get(), 9, "the same is one star");
}

#[test]
fn an_accepted_suggestion_is_the_persons_own_and_says_whose_it_was() {
    let folder = Folder::new();
    let collection = folder.open();
    let suggested = suggest(&collection, "q1", "alpha", 9, "clear");
    let new = |model: &str| NewStar { accepted: suggested.id, ..new_star("q1", Some(model), 9) };
    let refused = collection.star(new("beta")).unwrap_err();
    assert_eq!(refused.to_string(), "accepted: must be the id of an agent's star of this output");
    let mine = collection.star(new("alpha")).unwrap();
    assert_eq!((mine.kind, mine.accepted), (Kind::Human, suggested.id));
    assert_eq!(ids(&collection, "score:9 by:ann", ""), ["q1"]);
    // A person's star cannot be accepted.
    let again = NewStar { accepted: mine.id, ..new_star("q1", Some("alpha"), 9) };
    assert!(collection.star(again).is_err());
    // It is taken back and done again with what it came from.
    let turn = |reversal| {
        let at = "2026-11-22T12:00:00Z".into();
        let new = NewReversal { of: reversal, starred_by: "ann".into(), id: new_id(), at };
        collection.reverse(Kind::Human, &new, new_id).unwrap();
    };
    turn(Reversal::Undoes(mine.id.unwrap()));
    assert_eq!(ids(&collection, "is:starred", ""), [] as [&str; 0]);
    assert_eq!(ids(&collection, "is:suggested", ""), ["q1"]);
    turn(Reversal::Redoes(mine.id.unwrap()));
    assert_eq!(ids(&collection, "is:starred", ""), ["q1"]);
    let last = folder.journal().pop().unwrap();
    assert!(last.contains(&format!(r#""accepted":"{}""#, suggested.id.unwrap())), "{last}");
}
