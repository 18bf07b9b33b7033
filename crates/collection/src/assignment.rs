//! An assignment: which records are to be reviewed by whom, as `goldstar.toml` says it.
//!
//! Who gets a record is decided by rendezvous hashing: of the reviewers those with the highest
//! weight for it. So a record that comes moves no other, and of those that are there a reviewer who
//! comes takes over just their own share.

use crate::query::{ME, Query};
use goldstar_catalog::hash_of_text;
use goldstar_journal::Limits;
use serde::Deserialize;
use std::fmt;

/// Who reviews what.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Assignment {
    /// What it is called.
    pub name: String,
    /// Of which records, as it was written.
    pub text: String,
    /// The same, understood.
    pub query: Query,
    /// Only those from the first to the last of these, in order of first appearance, from 1.
    pub rows: Option<Rows>,
    /// Which part of them, above 0 and at most 1.
    pub share: f64,
    /// Who.
    pub reviewers: Vec<String>,
    /// By how many of them each record is to be reviewed.
    pub overlap: usize,
}

/// From a row to another, both included; without an end when there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    /// From 1.
    pub first: u32,
    /// At least the first.
    pub last: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default)]
    query: String,
    rows: Option<String>,
    share: Option<f64>,
    reviewers: Vec<String>,
    overlap: Option<usize>,
}

impl TryFrom<Written> for Assignment {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let checked = |field: &'static str, name: &str| {
            let checked = Limits::default().checked_name(field, name);
            checked.map_err(|invalid| format!("`{}` {}", invalid.field, invalid.detail))
        };
        let name = checked("name", &written.name)?;
        let reviewers = written.reviewers.iter().map(|name| checked("reviewers", name));
        let reviewers = reviewers.collect::<Result<Vec<_>, _>>()?;
        let (count, overlap) = (reviewers.len(), written.overlap.unwrap_or(1));
        if reviewers.iter().any(|name| name == ME) {
            return Err("`reviewers`: `me` is whoever asks, and can be nobody's name".into());
        }
        if let Some(twice) = (1..count).find(|at| reviewers[..*at].contains(&reviewers[*at])) {
            return Err(format!("`reviewers` names {} twice", reviewers[twice]));
        }
        if overlap == 0 || overlap > count {
            return Err(format!("`overlap` must be 1 to {count}, as many as there are reviewers"));
        }
        let share = written.share.unwrap_or(1.0);
        if !(share > 0.0 && share <= 1.0) {
            return Err(format!("`share` must be above 0 and at most 1, not {share}"));
        }
        let query = Query::parse(&written.query).map_err(|error| format!("`query` {error}"))?;
        let is_moving = |condition: &crate::query::Condition| {
            condition.changes_with_stars() || condition.assignee().is_some()
        };
        if query.clauses.iter().any(|clause| is_moving(&clause.condition)) {
            return Err("`query` may ask neither for stars nor for words, which stand in notes, \
                        too, nor for assignments: what is assigned would change with the work"
                .into());
        }
        let rows = written.rows.as_deref().map(Rows::read).transpose()?;
        Ok(Self { name, text: written.query, query, rows, share, reviewers, overlap })
    }
}

impl Rows {
    /// Reads `1..5000` or `5001..`.
    fn read(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<u32>().ok().filter(|number| *number > 0);
        let rows = text.split_once("..").and_then(|(first, last)| {
            let last = match last.trim() {
                "" => None,
                last => Some(number(last)?),
            };
            Some(Self { first: number(first)?, last })
        });
        let is_right = |rows: &Self| rows.last.is_none_or(|last| last >= rows.first);
        rows.filter(is_right).ok_or_else(|| "`rows` must be as `1..5000` or `5001..`".to_owned())
    }

    /// Whether a row, from 0, is among them.
    pub(crate) fn contain(self, row: u32) -> bool {
        row >= self.first - 1 && self.last.is_none_or(|last| row < last)
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.last.map_or(String::new(), |last| last.to_string());
        write!(f, "{}..{last}", self.first)
    }
}

/// Weights of one assignment. Texts are put together here again and again.
#[derive(Debug)]
pub(crate) struct Weights<'a> {
    assignment: &'a Assignment,
    text: String,
    found: Vec<(u64, usize)>,
}

impl<'a> Weights<'a> {
    pub(crate) fn new(assignment: &'a Assignment) -> Self {
        Self { assignment, text: String::new(), found: Vec::new() }
    }

    /// Whether a record is in the share: XXH3-64 of the assignment's name, a newline and the id, as
    /// a part of 2^64.
    pub(crate) fn is_in_share(&mut self, custom_id: &str) -> bool {
        let share = self.assignment.share;
        share >= 1.0 || (self.of_record(custom_id) as f64) < share * 18_446_744_073_709_551_616.0
    }

    /// To whom a record goes, by their places: those with the highest XXH3-64 of the assignment's
    /// name, a newline, the id, a newline and their own name.
    pub(crate) fn reviewers_of(&mut self, custom_id: &str) -> impl Iterator<Item = usize> + '_ {
        self.of_record(custom_id);
        self.text.push('\n');
        let length = self.text.len();
        self.found.clear();
        for (place, reviewer) in self.assignment.reviewers.iter().enumerate() {
            self.text.push_str(reviewer);
            self.found.push((hash_of_text(&self.text), place));
            self.text.truncate(length);
        }
        self.found.sort_unstable_by_key(|(weight, place)| (std::cmp::Reverse(*weight), *place));
        self.found.iter().take(self.assignment.overlap).map(|(_, place)| *place)
    }

    fn of_record(&mut self, custom_id: &str) -> u64 {
        self.text.clear();
        self.text.push_str(&self.assignment.name);
        self.text.push('\n');
        self.text.push_str(custom_id);
        hash_of_text(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    fn read(more: &str) -> Result<Assignment, String> {
        let text = format!("[[assignment]]\nname = \"week 1\"\n{more}\n");
        Ok(Settings::parse(&text)?.assignments[0].clone())
    }

    const THREE: &str = r#"reviewers = ["ada", "ben", "cleo"]"#;

    #[test]
    fn mistakes_are_named_with_their_line() {
        let check = |more: &str, expected: &str| {
            let error = read(&format!("{THREE}\n{more}")).unwrap_err();
            assert!(error.contains(expected) && error.contains("line "), "{more}: {error}");
        };
        check("overlap = 4", "`overlap` must be 1 to 3");
        check("overlap = 0", "`overlap` must be 1 to 3");
        check("share = 0.0", "`share` must be above 0");
        check("share = 1.5", "`share` must be above 0");
        check("rows = \"5..1\"", "`rows` must be as `1..5000`");
        check("rows = \"0..3\"", "`rows` must be as");
        check("query = \"score:high\"", "`query` at 7: expected a number");
        check("query = \"is:unreviewed\"", "neither for stars");
        check("query = \"leader\"", "nor for words");
        check("query = \"assigned:ada\"", "nor for assignments");
        check("reviewer = 1", "unknown field `reviewer`");
        check("[[assignment]]\nname = \"week 1\"\nreviewers = [\"x\"]", "is there twice");
        let error = read("reviewers = [\"ada\", \"ada\"]").unwrap_err();
        assert!(error.contains("names ada twice"), "{error}");
        assert!(read("reviewers = []").unwrap_err().contains("`overlap` must be"));
        assert!(read("reviewers = [\"me\"]").unwrap_err().contains("whoever asks"));
    }

    #[test]
    fn rows_count_from_one() {
        let read = |rows: &str| read(&format!("{THREE}\nrows = \"{rows}\"")).unwrap().rows.unwrap();
        let among = |rows: Rows| (0..9).filter(|row| rows.contain(*row)).collect::<Vec<_>>();
        assert_eq!(among(read("1..3")), [0, 1, 2]);
        assert_eq!(among(read("8..")), [7, 8]);
    }

    /// Who gets the first records, from XXH3-64 as its authors' own library for Python gives it.
    #[test]
    fn who_gets_what_is_what_others_compute() {
        let mut assignment = read(THREE).unwrap();
        let given = |assignment: &Assignment| -> Vec<Vec<usize>> {
            let ids = (1..=6).map(|n| format!("q-{n}"));
            ids.map(|id| Weights::new(assignment).reviewers_of(&id).collect()).collect()
        };
        assert_eq!(given(&assignment), GOLDEN.map(|order| vec![order[0]]));
        assignment.overlap = 3;
        assert_eq!(given(&assignment), GOLDEN.map(|order| order.to_vec()));
        assignment.share = 0.5;
        let ids = (1..=6).map(|n| format!("q-{n}"));
        let in_share: Vec<bool> =
            ids.map(|id| Weights::new(&assignment).is_in_share(&id)).collect();
        assert_eq!(in_share, IN_HALF);
    }

    const GOLDEN: [[usize; 3]; 6] =
        [[0, 2, 1], [2, 0, 1], [1, 0, 2], [1, 2, 0], [0, 1, 2], [0, 2, 1]];
    const IN_HALF: [bool; 6] = [true, true, true, false, false, false];

    #[test]
    fn a_reviewer_who_comes_takes_only_their_own_share() {
        let before = read(THREE).unwrap();
        let mut after = before.clone();
        after.reviewers.push("dan".into());
        let mut moved = 0;
        for n in 0..4000 {
            let id = format!("record {n}");
            let was = Weights::new(&before).reviewers_of(&id).next();
            let is = Weights::new(&after).reviewers_of(&id).next();
            assert!(is == was || is == Some(3), "{id} went from {was:?} to {is:?}");
            moved += u32::from(is != was);
        }
        // A quarter of 4000, give or take five standard deviations.
        assert!((863..=1137).contains(&moved), "{moved}");
    }
}
