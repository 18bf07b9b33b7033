//! What holds of any ratings.

use crate::{close, ratings};
use goldstar_insight::{
    Coincidences, Consensus, DawidSkene, Gaussian, Method, Metric, Model, PairTable, Random,
    Rating, Ratings, Report, fleiss_kappa,
};
use proptest::prelude::*;

const METRICS: [Metric; 4] = [Metric::Nominal, Metric::Ordinal, Metric::Interval, Metric::Ratio];

/// Up to 30 units of up to 5 reviewers who give 1 to 10.
fn some() -> impl Strategy<Value = Vec<Vec<Option<u8>>>> {
    let unit = prop::collection::vec(prop::option::of(1_u8..=10), 5);
    prop::collection::vec(unit, 0..30)
}

fn of(units: &[Vec<Option<u8>>]) -> Ratings {
    units.iter().map(|unit| given(unit)).collect()
}

fn given(unit: &[Option<u8>]) -> Vec<Rating> {
    let scores = (0..).zip(unit);
    let given = scores.filter_map(|(reviewer, score)| Some(Rating { reviewer, score: (*score)? }));
    given.collect()
}

/// All numbers of a report that chance has no part in, those of reviewers in the given order.
fn numbers(ratings: &Ratings, order: &[usize]) -> Vec<Option<f64>> {
    let report = Report::of(ratings, 1, 2);
    let alphas = &report.alphas;
    let mut found: Vec<Option<f64>> =
        [alphas.nominal, alphas.ordinal, alphas.interval, alphas.ratio].map(|a| a.value).into();
    found.push(report.fleiss);
    found.push(Some(report.spreads.disputed as f64));
    for reviewer in order.iter().filter_map(|place| report.reviewers.get(*place)) {
        found.extend([reviewer.bias.value, reviewer.noise.value]);
    }
    // A reviewer behind the last one who judged is not there, which is the same as nothing.
    found.retain(Option::is_some);
    found
}

fn same(found: &[Option<f64>], expected: &[Option<f64>]) {
    assert_eq!(found.len(), expected.len(), "{found:?} {expected:?}");
    for (found, expected) in found.iter().zip(expected) {
        close(found.unwrap(), expected.unwrap(), 1e-6, "a number");
    }
}

/// From where to where a consensus may be: among the scores; among those without each reviewer's
/// bias and the mean of all for the model.
fn hull(unit: &[Rating], method: Method, fit: &Gaussian) -> [f64; 2] {
    let score = |rating: &Rating| f64::from(rating.score);
    let among: Vec<f64> = match method {
        Method::Gaussian => {
            let freed = unit.iter().map(|one| score(one) - fit.bias[one.reviewer as usize]);
            freed.chain([fit.mean]).collect()
        }
        Method::Normed => vec![f64::NEG_INFINITY, f64::INFINITY],
        _ => unit.iter().map(score).collect(),
    };
    let least = among.iter().copied().fold(f64::INFINITY, f64::min);
    [least, among.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_order_of_units_and_reviewers_does_not_matter(units in some()) {
        let expected = numbers(&of(&units), &[0, 1, 2, 3, 4]);
        let mut turned: Vec<Vec<Option<u8>>> = units.clone();
        turned.reverse();
        turned.iter_mut().for_each(|unit| unit.reverse());
        same(&numbers(&of(&turned), &[4, 3, 2, 1, 0]), &expected);
    }

    #[test]
    fn one_thread_and_two_give_the_same_report(units in some()) {
        prop_assert_eq!(Report::of(&of(&units), 7, 1), Report::of(&of(&units), 7, 2));
    }

    #[test]
    fn full_agreement_is_one_or_undefined(scores in prop::collection::vec(1_u8..=10, 0..20)) {
        let units: Vec<_> = scores.iter().map(|score| vec![Some(*score); 3]).collect();
        let is_one_value = scores.windows(2).all(|two| two[0] == two[1]);
        let expected = (!is_one_value).then_some(1.0);
        let coincidences = Coincidences::of(&of(&units));
        for metric in METRICS {
            prop_assert_eq!(coincidences.alpha(metric), expected);
        }
        prop_assert_eq!(fleiss_kappa(&of(&units)), expected);
    }

    #[test]
    fn alpha_is_at_most_one(units in some()) {
        let coincidences = Coincidences::of(&of(&units));
        for metric in METRICS {
            prop_assert!(coincidences.alpha(metric).is_none_or(|alpha| alpha <= 1.0 + 1e-12));
        }
    }

    #[test]
    fn of_two_classes_all_kappas_are_the_same(counts in prop::collection::vec(0_u32..50, 4)) {
        let pair = PairTable::of(&[&counts[..2], &counts[2..]]).pair(0, Random::new(0, 0));
        for weighted in [pair.linear, pair.quadratic] {
            prop_assert_eq!(weighted.value.is_some(), pair.kappa.value.is_some());
            if let (Some(found), Some(expected)) = (weighted.value, pair.kappa.value) {
                close(found, expected, 1e-12, "kappa");
            }
        }
    }

    #[test]
    fn intervals_go_up(units in some()) {
        let report = Report::of(&of(&units), 3, 1);
        for (.., pair) in &report.pairs {
            for measured in [pair.kappa, pair.linear, pair.quadratic, pair.exact, pair.within_one] {
                prop_assert!(measured.interval.is_none_or(|[low, high]| low <= high));
            }
        }
    }

    #[test]
    fn a_consensus_lies_among_what_was_said(units in some()) {
        let ratings = of(&units);
        let fit = Gaussian::fit(&ratings);
        for method in Method::ALL {
            let model = Model::fit(&ratings, method);
            for unit in ratings.units().filter(|unit| !unit.is_empty()) {
                let Consensus { score, interval } = model.consensus(unit).unwrap();
                prop_assert!(interval.is_none_or(|[from, to]| from <= score && score <= to));
                let [low, high] = hull(unit, method, fit.as_ref().unwrap());
                prop_assert!(low - 1e-9 <= score && score <= high + 1e-9, "{:?} {}", method, score);
            }
        }
    }

    #[test]
    fn probabilities_of_classes_sum_to_one(units in some()) {
        let ratings = of(&units);
        for (unit, classes) in ratings.units().zip(DawidSkene::fit(&ratings).classes) {
            let sum: f64 = classes.iter().sum();
            let is_one = (sum - 1.0).abs() < 1e-9;
            prop_assert!(classes.is_empty() || is_one, "{:?} {:?}", unit, classes);
        }
    }
}

#[test]
fn what_cannot_be_said_is_not_said() {
    let nothing = Report::of(&Ratings::new(), 1, 2);
    assert_eq!((nothing.alphas.ordinal.value, nothing.icc, nothing.fit), (None, None, None));
    assert!(nothing.reviewers.is_empty() && nothing.pairs.is_empty());
    // Only one score was ever given: neither agreement nor disagreement can be told from chance.
    let one = Report::of(&ratings(&[&[7, 7], &[7, 7], &[7, 7]]), 1, 1);
    assert_eq!(one.alphas.ordinal.value, None);
    let (.., pair) = &one.pairs[0];
    assert_eq!((pair.units, pair.quadratic.value, pair.exact.value), (3, None, Some(1.0)));
    // Nobody shares a unit.
    let alone = Report::of(&ratings(&[&[7, -1], &[-1, 8]]), 1, 1);
    assert_eq!((alone.alphas.ordinal.value, alone.reviewers[0].bias.value), (None, None));
    assert_eq!((alone.reviewers[0].scores, alone.reviewers[0].shared), (1, 0));
}

#[test]
fn a_pair_counts_what_is_equal_and_what_is_near() {
    let ratings = ratings(&[&[5, 5], &[5, 6], &[9, 7], &[3, 3], &[2, -1]]);
    let report = Report::of(&ratings, 1, 1);
    let (a, b, pair) = &report.pairs[0];
    assert_eq!((*a, *b, pair.units), (0, 1, 4));
    assert_eq!((pair.exact.value, pair.within_one.value), (Some(0.5), Some(0.75)));
    assert_eq!(pair.difference.value, Some(0.25));
    assert_eq!(report.spreads.ranges, [2, 1, 1]);
}

#[test]
fn the_largest_table_is_the_one_with_most_scores() {
    let ratings =
        ratings(&[&[5, 6, -1], &[5, 7, 6], &[2, 3, 1], &[8, 9, -1], &[-1, 1, 2], &[-1, 3, 2]]);
    let icc = Report::of(&ratings, 1, 1).icc.unwrap();
    assert_eq!((icc.units, icc.reviewers), (2, vec![0, 1, 2]));
}

#[test]
fn a_median_and_a_trimmed_mean() {
    let ratings = ratings(&[&[1, 5, 6, 10, 10], &[1, 5, 6, 10, -1], &[2, 9, -1, -1, -1]]);
    let scores = |method| -> Vec<f64> {
        let model = Model::fit(&ratings, method);
        ratings.units().map(|unit| model.consensus(unit).unwrap().score).collect()
    };
    assert_eq!(scores(Method::Median), [6.0, 5.5, 5.5]);
    assert_eq!(scores(Method::Trimmed), [7.0, 5.5, 5.5]);
    assert_eq!(scores(Method::Mean), [6.4, 5.5, 5.5]);
}
