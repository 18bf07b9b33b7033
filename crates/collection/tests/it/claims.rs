//! Who has which record before them, and whom that leads elsewhere.

use crate::{Folder, new_id, star};
use goldstar_collection::{
    Claimed, Claiming, Collection, Direction, Query, Sight, Sort, StarError, Walk,
};
use jiff::Timestamp;

fn at(clock: &str) -> Timestamp {
    format!("2026-11-22T{clock}Z").parse().unwrap()
}

fn claim(collection: &Collection, by: &str, custom_id: &str, clock: &str) -> Claimed {
    collection.claim(claiming(by, custom_id, clock), new_id()).unwrap()
}

fn claiming<'c>(starred_by: &'c str, custom_id: &'c str, clock: &str) -> Claiming<'c> {
    let (is_unreviewed, sight, now) = (false, &Sight::All, at(clock));
    Claiming { custom_id, starred_by, is_unreviewed, sight, now }
}

fn next(collection: &Collection, by: &str, from: Option<u32>, clock: &str) -> String {
    let view = collection.view(&Query::default(), &Sort::default());
    let walk = Walk { from, direction: Direction::Forward, by, now: at(clock), is_todo: false };
    let way = collection.next_unreviewed(&view, walk);
    match way.next {
        Some(next) => next.custom_id,
        None => format!("{} claimed", way.claimed),
    }
}

#[test]
fn the_first_has_it_until_its_time_is_up() {
    let folder = Folder::new();
    let collection = folder.open();
    let until = Claimed::Until(at("10:10:00"));
    assert_eq!(claim(&collection, "ann", "q1", "10:00:00"), until);
    let refused = Claimed::By("ann".into(), at("10:10:00"));
    assert_eq!(claim(&collection, "bo", "q1", "10:09:59"), refused);
    assert_eq!(folder.journal().len(), 1, "what is refused is not written");
    assert_eq!(claim(&collection, "bo", "q1", "10:10:00"), Claimed::Until(at("10:20:00")));
}

#[test]
fn a_wrong_clock_takes_nothing_of_other_records_away() {
    let folder = Folder::new();
    let collection = folder.open();
    claim(&collection, "ann", "q1", "10:00:00");
    claim(&collection, "bo", "q2", "23:00:00");
    let by = |clock: &str| -> Vec<String> {
        let claims = collection.claims(at(clock)).into_iter();
        claims.map(|claim| claim.starred_by.to_string()).collect()
    };
    assert!(by("10:01:00").contains(&"ann".to_owned()));
    assert_eq!(by("23:01:00"), ["bo"]);
    let early = Claimed::By("bo".into(), at("23:10:00"));
    assert_eq!(claim(&collection, "cy", "q2", "09:00:00"), early, "it has not ended by then");
}

#[test]
fn whoever_does_not_see_a_star_may_claim_its_record() {
    let folder = Folder::new();
    let collection = folder.open();
    star(&collection, "q1", Some("alpha"), 9);
    let claim = |sight: &Sight| {
        let new = Claiming { is_unreviewed: true, sight, ..claiming("bo", "q1", "10:00:00") };
        collection.claim(new, new_id()).unwrap()
    };
    assert_eq!(claim(&Sight::All), Claimed::Starred("ann".into()));
    assert_eq!(claim(&Sight::Of("bo".into())), Claimed::Until(at("10:10:00")));
}

#[test]
fn what_has_half_of_its_time_left_is_not_written_again() {
    let folder = Folder::new();
    let collection = folder.open();
    for clock in ["10:00:00", "10:02:00", "10:05:00"] {
        assert_eq!(claim(&collection, "ann", "q1", clock), Claimed::Until(at("10:10:00")));
    }
    assert_eq!(folder.journal().len(), 1);
    assert_eq!(claim(&collection, "ann", "q1", "10:05:01"), Claimed::Until(at("10:15:01")));
    assert_eq!(folder.journal().len(), 2);
}

#[test]
fn only_what_is_there_can_be_claimed() {
    let folder = Folder::new();
    let early = folder.open_early("");
    let error = early.claim(claiming("ann", "q1", "10:00:00"), new_id()).unwrap_err();
    assert!(matches!(error, StarError::NotYet(_)));
    let collection = folder.open();
    let wrong = |custom_id: &str, by: &str| {
        collection.claim(claiming(by, custom_id, "10:00:00"), new_id()).unwrap_err()
    };
    assert!(matches!(wrong("q9", "ann"), StarError::NotFound(_)));
    assert!(matches!(wrong("", "ann"), StarError::Invalid(_)));
    assert!(matches!(wrong("q1", "a\nb"), StarError::Invalid(_)));
    assert!(folder.journal().is_empty());
}

#[test]
fn one_is_led_past_what_others_have_before_them() {
    let folder = Folder::new();
    let collection = folder.open();
    claim(&collection, "ann", "q1", "10:00:00");
    assert_eq!(next(&collection, "ann", None, "10:01:00"), "q1", "one's own is no hindrance");
    assert_eq!(next(&collection, "bo", None, "10:01:00"), "q2");
    claim(&collection, "bo", "q2", "10:01:00");
    assert_eq!(next(&collection, "cy", None, "10:02:00"), "q3");
    claim(&collection, "dan", "q3", "10:02:00");
    // q4 is an error, which nobody can star.
    assert_eq!(next(&collection, "cy", None, "10:03:00"), "3 claimed");
    assert_eq!(next(&collection, "cy", Some(0), "10:03:00"), "2 claimed");
    star(&collection, "q1", Some("alpha"), 9);
    assert_eq!(next(&collection, "cy", None, "10:03:00"), "2 claimed");
    assert_eq!(next(&collection, "cy", None, "10:11:30"), "q2", "its time is up");
}

#[test]
fn whoever_wants_something_unreviewed_hears_that_another_was_faster() {
    let folder = Folder::new();
    let collection = folder.open();
    let claim = |by: &str, is_unreviewed: bool| {
        let claiming = Claiming { is_unreviewed, ..claiming(by, "q1", "10:00:00") };
        collection.claim(claiming, new_id()).unwrap()
    };
    star(&collection, "q1", Some("alpha"), 9);
    let lines = folder.journal().len();
    assert_eq!(claim("bo", true), Claimed::Starred("ann".into()));
    assert_eq!(folder.journal().len(), lines);
    assert_eq!(claim("bo", false), Claimed::Until(at("10:10:00")));
}
