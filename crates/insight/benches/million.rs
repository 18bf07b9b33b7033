//! How long the report of a million stars takes: `cargo bench -p goldstar-insight`.
#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use goldstar_insight::{Random, Rating, Ratings, Report};
use std::time::Instant;

const SCORES: usize = 1_000_000;
const REVIEWERS: usize = 100;

fn main() {
    for each in [2, 3, 10, REVIEWERS] {
        let ratings = million(each);
        for threads in [1, 2] {
            let begin = Instant::now();
            let report = Report::of(&ratings, 1, threads);
            let took = begin.elapsed().as_secs_f64();
            let (scores, pairs) = (ratings.scores(), report.pairs.len());
            println!(
                "{scores} scores, {each} a unit, {pairs} pairs, {threads} threads: {took:.2} s"
            );
        }
    }
}

/// Scores of a hundred reviewers, so many for each unit.
fn million(each: usize) -> Ratings {
    let mut random = Random::new(1, 1);
    let mut reviewers: Vec<u32> = (0..REVIEWERS as u32).collect();
    let unit = |_| -> Vec<Rating> {
        let worth = random.below(8) as u8;
        for at in 0..each {
            reviewers.swap(at, at + random.below(REVIEWERS - at));
        }
        let given = reviewers[..each].iter().map(|reviewer| {
            let score = 1 + worth + random.below(3) as u8;
            Rating { reviewer: *reviewer, score }
        });
        given.collect()
    };
    (0..SCORES / each).map(unit).collect()
}
