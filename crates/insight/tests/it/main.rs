//! Insight from outside: published figures, what must hold of any ratings, planted reviewers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod bias;
mod classes;
mod planted;
mod published;
mod rules;

use goldstar_insight::{Rating, Ratings};

/// Units as rows, a column for each reviewer; a negative number is no score.
fn ratings(rows: &[&[i8]]) -> Ratings {
    let given = |row: &&[i8]| -> Vec<Rating> {
        let scores = (0..).zip(row.iter());
        let given = scores.filter_map(|(reviewer, score)| {
            Some(Rating { reviewer, score: u8::try_from(*score).ok()? })
        });
        given.collect()
    };
    rows.iter().map(given).collect()
}

/// The same from a text for each reviewer, in which each unit is a word and `.` no score.
fn by_reviewer(reviewers: &[&str]) -> Ratings {
    let words: Vec<Vec<&str>> =
        reviewers.iter().map(|text| text.split_whitespace().collect()).collect();
    let unit = |at: usize| -> Vec<Rating> {
        let scores = (0..).zip(&words);
        let given = scores.filter_map(|(reviewer, words)| {
            Some(Rating { reviewer, score: words[at].parse().ok()? })
        });
        given.collect()
    };
    (0..words[0].len()).map(unit).collect()
}

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found}, not {expected}");
}
