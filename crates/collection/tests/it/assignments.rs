//! Who has to review what, and how far they are.

use crate::{Folder, ids, new_star, result, star};
use goldstar_collection::{Collection, Direction, Kind, Query, Score, Sight, Sort, Walk};
use goldstar_disk::{Disk, RealDisk};

/// Forty records with an answer, and the error and the others of every folder.
fn folder() -> Folder {
    let folder = Folder::new();
    let lines: Vec<String> = (0..40)
        .map(|n| result(&format!("r{n:02}"), "alpha", &format!("text {n}"), "stop"))
        .collect();
    folder.put("batches/output/c.jsonl", &lines);
    folder
}

const ALL: &str = "[[assignment]]\nname = \"all\"\nreviewers = [\"ada\", \"ben\", \"cleo\"]\n";

fn by(collection: &Collection, name: &str, custom_id: &str) {
    let mut new = new_star(custom_id, Some("alpha"), 7);
    new.starred_by = name.into();
    collection.star(new).unwrap();
}

/// How far each reviewer of the first assignment is: assigned, done, left, cannot.
fn progress(collection: &Collection) -> Vec<(String, [u32; 4])> {
    let first = collection.assignments(&Sight::All).swap_remove(0);
    let of = first.reviewers.into_iter();
    of.map(|r| (r.name, [r.assigned, r.done, r.left, r.cannot])).collect()
}

#[test]
fn every_record_goes_to_as_many_as_wanted() {
    let folder = folder();
    for overlap in 1..=3 {
        let collection = folder.open_with(&format!("{ALL}overlap = {overlap}"));
        let mut times = std::collections::BTreeMap::new();
        for name in ["ada", "ben", "cleo"] {
            for id in ids(&collection, &format!("assigned:{name}"), "") {
                *times.entry(id).or_insert(0) += 1;
            }
        }
        assert_eq!(times.len(), 44);
        assert!(times.values().all(|count| *count == overlap), "{times:?}");
        assert!(ids(&collection, "assigned:dan", "").is_empty());
    }
}

#[test]
fn query_rows_and_share_leave_records_out() {
    let folder = folder();
    let count = |more: &str| {
        let collection = folder.open_with(&format!("{ALL}{more}"));
        ids(&collection, "assigned:ada", "").len()
            + ids(&collection, "assigned:ben", "").len()
            + ids(&collection, "assigned:cleo", "").len()
    };
    assert_eq!(count("query = \"file:c.jsonl\""), 40);
    assert_eq!(count("query = \"is:error\""), 1);
    assert_eq!(count("rows = \"3..12\""), 10);
    assert_eq!(count("rows = \"40..\""), 5);
    assert_eq!(count("query = \"file:c.jsonl\"\nrows = \"1..5\""), 1, "q4, then r00");
    assert!((10..35).contains(&count("share = 0.5")));
}

#[test]
fn what_comes_moves_nothing() {
    let folder = folder();
    let of_ada = |folder: &Folder| ids(&folder.open_with(ALL), "assigned:ada", "");
    let before = of_ada(&folder);
    let more: Vec<String> =
        (0..40).map(|n| result(&format!("s{n:02}"), "alpha", "more", "stop")).collect();
    folder.put("batches/output/d.jsonl", &more);
    let after = of_ada(&folder);
    assert!(after.len() > before.len());
    assert_eq!(after.into_iter().filter(|id| !id.starts_with('s')).collect::<Vec<_>>(), before);
}

#[test]
fn what_is_left_to_somebody_ends_with_their_own_star() {
    let folder = folder();
    let collection = folder.open_with(&format!("{ALL}overlap = 2"));
    let todo = |name: &str| ids(&collection, &format!("todo:{name}"), "");
    let (ada, ben) = (todo("ada"), todo("ben"));
    let both = ada.iter().find(|id| ben.contains(id)).unwrap().clone();
    by(&collection, "ben", &both);
    assert!(todo("ada").contains(&both) && !todo("ben").contains(&both));
    assert_eq!(todo("ben").len(), ben.len() - 1);
    assert!(ids(&collection, "assigned:ben -todo:ben", "").contains(&both));
    // What ben has starred is reviewed, and still for ada to do.
    let view = |query: &str| collection.view(&Query::parse(query).unwrap(), &Sort::default());
    let next = |view, is_todo| {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let walk = Walk { from: None, direction: Direction::Forward, by: "ada", now, is_todo };
        collection.next_unreviewed(&view, walk).next.map(|next| next.custom_id)
    };
    let query = format!("todo:ada id:{both}");
    assert_eq!(next(view(&query), true), Some(both.clone()));
    assert_eq!(next(view(&query), false), None);
    // The error is nobody's to do, though it is somebody's.
    assert!(ids(&collection, "is:error assigned:ada", "").len() < 2);
    for name in ["ada", "ben", "cleo"] {
        assert!(!todo(name).contains(&"q4".to_owned()));
    }
}

#[test]
fn what_the_owner_changes_counts_while_the_collection_is_open() {
    let folder = folder();
    let collection = folder.open();
    let put = |text: &str| folder.put("goldstar.toml", &[text.to_owned()]);
    let assigned = |name: &str| ids(&collection, &format!("assigned:{name}"), "").len();
    // A file counts once it was the same at two looks.
    let follow = || {
        assert!(!collection.follow_settings().unwrap());
        collection.follow_settings().map_err(|error| error.what)
    };
    assert_eq!((follow(), assigned("ada")), (Ok(false), 0));
    let view = || collection.view(&Query::parse("assigned:ada").unwrap(), &Sort::default());
    let before = view();
    put(&format!("[blind]\nscores = true\n[limits]\npage = 7\n{ALL}"));
    assert_eq!(follow(), Ok(true));
    let of_ada = assigned("ada");
    assert!(of_ada > 5);
    assert_ne!(view().name, before.name, "it is another view");
    assert!(collection.settings().blind.scores);
    assert_eq!(collection.settings().limits.page, 500, "limits are those of the start");
    assert_eq!(collection.assignments(&Sight::All)[0].records, 44);
    // What cannot be used changes nothing, and is told once and shown as long as it is so.
    put("[blind]\nscores = maybe");
    assert!(follow().unwrap_err().contains("line 2"));
    assert_eq!(follow(), Ok(false));
    let told = || {
        let blemishes = collection.blemishes().1.into_iter();
        blemishes.filter(|b| b.file == "goldstar.toml").map(|b| b.what).collect::<Vec<_>>()
    };
    let told_of = |what: &str| {
        assert!(told()[0].contains(what), "{:?}", told());
        assert!(told()[0].ends_with("; what it said before still counts"), "{:?}", told());
    };
    told_of("line 2");
    assert_eq!((assigned("ada"), collection.settings().blind.scores), (of_ada, true));
    RealDisk.remove(&folder.0.path().join("goldstar.toml")).unwrap();
    assert_eq!(follow().unwrap_err(), "is gone");
    assert_eq!((assigned("ada"), told().len()), (of_ada, 1));
    let path = folder.0.path().join("goldstar.toml");
    RealDisk.replace(&path, &mut |_| Ok(())).unwrap();
    assert_eq!(follow().unwrap_err(), "is empty");
    // Where only the first lines of a file are there yet, what was hidden stays so.
    put("name_heading = \"Question\"");
    assert_eq!((follow(), assigned("ada"), told().len()), (Ok(true), 0, 0));
    assert!(collection.settings().blind.scores);
    put("[blind]\nscores = false");
    assert_eq!(follow(), Ok(true));
    assert!(!collection.settings().blind.scores);
    RealDisk.remove(&path).unwrap();
    folder.put("goldstar.toml/inside", &[]);
    assert_eq!(follow().unwrap_err(), "cannot be read: it is no regular file");
}

#[test]
fn completion_does_not_lie() {
    let folder = folder();
    let collection = folder.open_with(&format!("{ALL}overlap = 2"));
    let names = ["ada", "ben", "cleo"];
    let found = progress(&collection);
    let cannot: u32 = found.iter().map(|(_, [_, _, _, cannot])| cannot).sum();
    assert_eq!(cannot, 2, "the error, twice");
    for (name, [assigned, done, left, cannot]) in &found {
        assert_eq!((*done, *assigned), (0, left + cannot), "{name}");
    }
    assert_eq!(found.iter().map(|(_, counts)| counts[0]).sum::<u32>(), 88);
    let mut first = collection.assignments(&Sight::All).swap_remove(0);
    assert_eq!((first.records, first.full, first.is_complete), (44, 0, false));
    // A star of somebody else is no progress; nor is an agent's of another name.
    star(&collection, "q1", Some("alpha"), 9);
    assert_eq!(progress(&collection), found);
    for name in names {
        for id in ids(&collection, &format!("todo:{name}"), "") {
            assert!(!collection.assignments(&Sight::All)[0].is_complete);
            by(&collection, name, &id);
        }
    }
    for (name, [assigned, done, left, cannot]) in progress(&collection) {
        assert_eq!((left, assigned), (0, done + cannot), "{name}");
    }
    first = collection.assignments(&Sight::All).swap_remove(0);
    assert_eq!((first.full, first.is_complete), (43, true));
    // New records are new work.
    folder.put("batches/output/e.jsonl", &[result("new", "alpha", "x", "stop")]);
    collection.catalog().refresh();
    first = collection.assignments(&Sight::All).swap_remove(0);
    assert_eq!((first.records, first.is_complete), (45, false));
}

#[test]
fn an_agents_share_is_done_by_what_it_suggests() {
    let folder = folder();
    let settings = "[[assignment]]\nname = \"a\"\nreviewers = [\"robo\"]\nrows = \"1..1\"";
    let collection = folder.open_with(settings);
    assert_eq!(progress(&collection), [("robo".to_owned(), [1, 0, 1, 0])]);
    let mut new = new_star("q1", Some("alpha"), 7);
    (new.starred_by, new.kind) = ("robo".into(), Kind::Agent);
    new.quality_score = Score::new(8).unwrap();
    collection.star(new).unwrap();
    assert_eq!(progress(&collection), [("robo".to_owned(), [1, 1, 0, 0])]);
    assert_eq!(collection.assignments(&Sight::All)[0].full, 1);
}

#[test]
fn facets_say_what_is_mine() {
    let folder = folder();
    let collection = folder.open_with(ALL);
    let mine = |query: &str, me: &str| {
        let view = collection.view(&Query::parse(query).unwrap(), &Sort::default());
        collection.facets(&view, None, me).mine
    };
    let todo = ids(&collection, "todo:ada", "");
    let assigned = ids(&collection, "assigned:ada", "").len() as u32;
    by(&collection, "ada", &todo[0]);
    let left = todo.len() as u32 - 1;
    assert_eq!(mine("", "ada"), [("assigned", assigned), ("todo", left)]);
    assert_eq!(mine(&format!("id:{}", todo[0]), "ada"), [("assigned", 1), ("todo", 0)]);
    assert_eq!(mine("", "dan"), [("assigned", 0), ("todo", 0)]);
    let view = folder.open().view(&Query::default(), &Sort::default());
    assert_eq!(folder.open().facets(&view, None, "ada").mine, [], "nothing is assigned");
}
