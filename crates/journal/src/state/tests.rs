//! Lines are folded as they come, and what stands is counted by hand.

use super::*;
use crate::line::read_line;
use serde_json::json;

fn hash(text: &str) -> u64 {
    text.len() as u64 * 1000 + text.bytes().map(u64::from).sum::<u64>()
}

/// Folds lines; gives the current stars as `reviewer model/choice score` in order.
fn check(lines: &[serde_json::Value], expected: &[&str]) -> State {
    let mut state = State::default();
    for (at, line) in lines.iter().enumerate() {
        let place = Place { offset: at as u64 * 100, length: 1, line: at as u64 + 1 };
        let line = read_line(line.to_string().as_bytes());
        state.fold(line, place, hash, &mut Vec::new());
    }
    let found: Vec<_> = state
        .all()
        .iter()
        .map(|e| {
            let model = e.model.as_deref().unwrap_or("-");
            format!("{} {model}/{} {}", e.starred_by, e.choice, e.quality_score)
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(state.stars(), expected.len() as u64);
    assert_eq!(state.scores().iter().sum::<u64>(), expected.len() as u64);
    state
}

fn old(by: &str, text: &str, score: i64) -> serde_json::Value {
    json!({"custom_id": "c", "llm_output": text, "quality_score": score, "starred_by": by,
        "tags": ["t"]})
}

fn new(by: &str, model: &str, text: &str, score: i64) -> serde_json::Value {
    let mut line = old(by, text, score);
    line["model"] = model.into();
    line
}

fn unstar(mut line: serde_json::Value) -> serde_json::Value {
    line["event"] = "unstar".into();
    line["quality_score"] = 0.into();
    line
}

#[test]
fn the_last_line_of_the_same_reviewer_and_output_wins() {
    check(
        &[new("a", "m", "x", 3), new("b", "m", "x", 4), new("a", "m", "x", 5)],
        &["b m/0 4", "a m/0 5"],
    );
    check(&[new("a", "m", "x", 3), new("a", "n", "x", 4)], &["a m/0 3", "a n/0 4"]);
}

#[test]
fn old_lines_are_told_apart_by_their_text() {
    check(&[old("a", "x", 3), old("a", "y", 4), old("a", "x", 5)], &["a -/0 4", "a -/0 5"]);
}

#[test]
fn an_old_line_and_a_new_one_about_the_same_text_are_one_star() {
    check(&[old("a", "x", 3), new("a", "m", "x", 5)], &["a m/0 5"]);
    check(&[new("a", "m", "x", 5), old("a", "x", 3)], &["a m/0 3"]);
    check(&[new("a", "m", "x", 5), old("a", "y", 3)], &["a m/0 5", "a -/0 3"]);
}

#[test]
fn unstar_takes_away_just_that_star() {
    let state = check(
        &[new("a", "m", "x", 3), new("b", "m", "x", 4), unstar(new("a", "m", "x", 0))],
        &["b m/0 4"],
    );
    assert_eq!(state.history("c").len(), 3);
    assert_eq!(state.tags().collect::<Vec<_>>(), [("t", 1)]);
    check(&[old("a", "x", 3), old("a", "y", 4), unstar(old("a", "x", 0))], &["a -/0 4"]);
    check(&[unstar(old("a", "x", 0))], &[]);
}

#[test]
fn what_agents_say_is_counted_apart() {
    let mut agents = new("bot", "m", "x", 3);
    agents["kind"] = "agent".into();
    let place = |line| Place { offset: line * 100, length: 1, line };
    let mut state = State::default();
    for (at, line) in [agents.clone(), new("a", "m", "x", 9), agents].iter().enumerate() {
        let line = read_line(line.to_string().as_bytes());
        state.fold(line, place(at as u64 + 1), hash, &mut Vec::new());
    }
    assert_eq!((state.stars(), state.suggestions()), (1, 1));
    assert_eq!(state.scores(), [0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
}

#[test]
fn the_same_id_twice_is_one_star() {
    let mut line = new("a", "m", "x", 3);
    line["id"] = "01ARZ3NDEKTSV4RRFFQ69G5FAV".into();
    let mut again = line.clone();
    again["quality_score"] = 7.into();
    let state = check(&[line, again], &["a m/0 3"]);
    let id = Ulid::from_string("01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
    assert_eq!(state.line_of(id).unwrap().line, 1);
}

#[test]
fn a_bulk_act_counts_when_it_is_complete() {
    let in_bulk = |mut line: serde_json::Value| {
        line["bulk"] = "B".into();
        line
    };
    let held = [in_bulk(new("a", "m", "x", 3)), in_bulk(new("a", "n", "y", 3))];
    let end = |count: u64| json!({"event": "bulk", "bulk": "B", "count": count});
    let state = check(&held, &[]);
    assert_eq!(state.held_lines("B"), 2);
    check(&[&held[..], &[end(2)]].concat(), &["a m/0 3", "a n/0 3"]);
    let state = check(&[&held[..], &[end(3)]].concat(), &[]);
    assert_eq!(state.blemishes().len(), 1);
}

/// Folds lines about one record and more; gives who claims what at a time, as `ann c-1`.
fn claims(lines: &[serde_json::Value], now: &str, expected: &[&str]) {
    let mut state = State::default();
    let mut changes = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let place = Place { offset: at as u64 * 100, length: 1, line: at as u64 + 1 };
        state.fold(read_line(line.to_string().as_bytes()), place, hash, &mut changes);
    }
    let now = microseconds(now);
    let found = state.claims(now).map(|c| format!("{} {}", c.starred_by, c.custom_id));
    assert_eq!(found.collect::<Vec<_>>(), expected, "{lines:?}");
    assert_eq!(state.blemishes(), []);
}

fn claim(by: &str, custom_id: &str, minute: u32, until: u32) -> serde_json::Value {
    let at = |minute: u32| format!("2026-11-22T10:{minute:02}:00Z");
    json!({"event": "claim", "custom_id": custom_id, "starred_by": by, "quality_score": 0,
        "starred_at": at(minute), "until": at(until)})
}

#[test]
fn a_claim_lasts_until_its_time_is_up() {
    let one = [claim("a", "c", 0, 10)];
    claims(&one, "2026-11-22T10:09:59Z", &["a c"]);
    claims(&one, "2026-11-22T10:10:00Z", &[]);
    // A clock that went wrong, or a hand, wrote until the end of days.
    let mut endless = claim("a", "c", 0, 10);
    endless["until"] = "2126-11-22T10:10:00Z".into();
    claims(&[endless], "2026-11-22T10:05:00Z", &[]);
}

#[test]
fn the_first_claim_of_a_record_stands() {
    let both = [claim("a", "c", 0, 10), claim("b", "c", 5, 15)];
    claims(&both, "2026-11-22T10:06:00Z", &["a c"]);
    // When the first was over before the second came, the second stands.
    let later = [claim("a", "c", 0, 5), claim("b", "c", 5, 15)];
    claims(&later, "2026-11-22T10:06:00Z", &["b c"]);
}

#[test]
fn a_reviewer_has_one_claim_and_may_prolong_it() {
    let moved = [claim("a", "c", 0, 10), claim("a", "d", 1, 11), claim("b", "c", 2, 12)];
    claims(&moved, "2026-11-22T10:06:00Z", &["a d", "b c"]);
    let prolonged = [claim("a", "c", 0, 10), claim("b", "c", 5, 15), claim("a", "c", 6, 16)];
    claims(&prolonged, "2026-11-22T10:12:00Z", &["a c"]);
}

#[test]
fn ones_own_star_ends_a_claim_and_nobody_elses() {
    let star = |by: &str| new(by, "m", "x", 3);
    claims(&[claim("a", "c", 0, 10), star("a")], "2026-11-22T10:06:00Z", &[]);
    claims(&[claim("a", "c", 0, 10), star("b")], "2026-11-22T10:06:00Z", &["a c"]);
    claims(&[claim("a", "d", 0, 10), star("a")], "2026-11-22T10:06:00Z", &["a d"]);
    let taken_back = unstar(star("a"));
    claims(&[claim("a", "c", 0, 10), taken_back], "2026-11-22T10:06:00Z", &["a c"]);
}

#[test]
fn claims_are_nothing_to_stars() {
    let state = check(&[new("a", "m", "x", 3), claim("b", "c", 0, 10)], &["a m/0 3"]);
    assert_eq!(state.history("c").len(), 1);
    assert!(state.to_undo("b").is_none());
    assert_eq!(state.touched_since(Moment { epoch: 0, touched: 1 }), Some(&[][..]));
}
