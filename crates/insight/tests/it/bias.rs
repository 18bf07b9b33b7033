//! Place and length: figures of an independent program, planted biases, none where there is none.
//!
//! The figures come from Python with numpy and scipy on the same scores: means by `mean()` of the
//! rows of a place; the correlation is `sum(rx * ry) / sqrt(sum(rx * rx) * sum(ry * ry))` with
//! `rx` and `ry` from `scipy.stats.rankdata` within record and reviewer, each less its mean; the
//! slope `sum(x * y) / sum(x * x)` of characters / 1000 and scores, less their means. Intervals
//! are of 2,000 bootstrap samples of records, `numpy.random.default_rng(1)`.

use crate::close;
use goldstar_insight::{Bias, Swayed};

/// 60 records of three outputs, scored by two reviewers. The first gives two points more to what
/// stands first, the second a point for each thousand characters.
fn records() -> Vec<Vec<Swayed>> {
    // The generator of ANSI C's example, so that any program makes the same scores.
    let mut state = 12_345_u64;
    let mut random = move |end: u64| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        (state >> 16) % end
    };
    let mut record = || -> Vec<Swayed> {
        let each = (0..2).flat_map(|reviewer| (1..=3).map(move |place| (reviewer, place)));
        let scored = each.map(|(reviewer, place)| {
            let chars = 200 + random(3000);
            let base = 3 + random(4);
            let first = if (reviewer, place) == (0, 1) { 2 } else { 0 };
            let long = if reviewer == 1 { chars / 1000 } else { 0 };
            let score = (base + first + long).min(10) as u8;
            Swayed { reviewer, score, place: Some(place), chars: Some(chars as u32) }
        });
        scored.collect()
    };
    (0..60).map(|_| record()).collect()
}

#[test]
fn figures_are_those_of_an_independent_program() {
    let bias = Bias::of(&records(), 2, 1);
    let sways = [&bias.all, &bias.reviewers[0], &bias.reviewers[1]];
    let means = [
        [6.033333333333333, 5.375, 4.9],
        [6.466666666666667, 4.766666666666667, 4.25],
        [5.6, 5.983333333333333, 5.55],
    ];
    let first = [0.895833333333333, 1.958333333333333, -0.16666666666666696];
    let between = [[0.67083333, 1.125], [1.61645833, 2.3], [-0.50833333, 0.175]];
    let rank = [0.18801584760093198, 0.022166465691622145, 0.36148319890803154];
    let rank_between =
        [[0.06871068, 0.3061951], [-0.17948643, 0.20787508], [0.19874551, 0.5157531]];
    let slope = [0.3997809746746489, 0.0663979506137154, 0.764261299219108];
    for (at, sway) in sways.into_iter().enumerate() {
        let scores = if at == 0 { 360 } else { 180 };
        assert_eq!((sway.placed, sway.measured), (scores, scores));
        assert_eq!(sway.places.len(), 3);
        for ((count, mean), expected) in sway.places.iter().zip(means[at]) {
            assert_eq!(*count, scores / 3);
            close(mean.value.unwrap(), expected, 1e-12, "mean of a place");
        }
        close(sway.first.value.unwrap(), first[at], 1e-12, "difference");
        close(sway.length.value.unwrap(), rank[at], 1e-12, "correlation");
        close(sway.slope.value.unwrap(), slope[at], 1e-12, "slope");
        // Two bootstraps differ by chance: a tenth of the width is several times that.
        for (found, expected) in [(sway.first, between[at]), (sway.length, rank_between[at])] {
            let tolerance = (expected[1] - expected[0]) / 8.0;
            for (found, expected) in found.interval.unwrap().into_iter().zip(expected) {
                close(found, expected, tolerance, "interval");
            }
        }
    }
}

#[test]
fn only_what_is_certain_is_flagged() {
    let bias = Bias::of(&records(), 2, 1);
    assert!(bias.reviewers[0].is_by_place() && !bias.reviewers[0].is_by_length());
    assert!(!bias.reviewers[1].is_by_place() && bias.reviewers[1].is_by_length());
    assert!(bias.all.is_by_place() && bias.all.is_by_length());
    assert_eq!(bias, Bias::of(&records(), 2, 1));
}

#[test]
fn without_places_and_lengths_nothing_is_said() {
    let mut records = records();
    for swayed in records.iter_mut().flatten() {
        (swayed.place, swayed.chars) = (None, None);
    }
    let bias = Bias::of(&records, 3, 1);
    assert_eq!((bias.all.placed, bias.all.measured), (0, 0));
    assert_eq!((bias.all.first.value, bias.all.length.value), (None, None));
    assert!(!bias.all.is_by_place() && bias.reviewers[2].places.is_empty());
    // One output alone has no other to be longer than, and no other place.
    let one = Swayed { reviewer: 0, score: 5, place: Some(1), chars: Some(9) };
    let alone = Bias::of(&[vec![one]], 1, 1).all;
    assert_eq!((alone.measured, alone.first.value, alone.places.len()), (0, None, 1));
    assert_eq!(Bias::of(&[], 0, 1).all.places, []);
}

#[test]
fn a_handful_of_records_is_not_enough_to_name_anybody() {
    let check = |records: usize, is_flagged: bool| {
        let swayed = |place: u16| {
            let (score, chars) = (10 - place as u8, 900 / u32::from(place));
            Swayed { reviewer: 0, score, place: Some(place), chars: Some(chars) }
        };
        let all = Bias::of(&vec![(1..=3).map(swayed).collect(); records], 1, 1).all;
        assert_eq!((all.first.value, all.length.value), (Some(1.5), Some(1.0)));
        assert_eq!((all.is_by_place(), all.is_by_length()), (is_flagged, is_flagged), "{records}");
    };
    check(3, false);
    check(9, false);
    check(10, true);
}

#[test]
fn a_hundred_places_are_no_trouble() {
    let swayed = |place: u16| Swayed { reviewer: 0, score: 4, place: Some(place), chars: None };
    let all = Bias::of(&[(1..=100).map(swayed).collect()], 1, 1).all;
    assert_eq!((all.placed, all.places.len(), all.first.value), (100, 8, Some(0.0)));
}
