//! How far apart the scores of one unit are, and when that is a dispute.

use crate::ratings::{Rating, Ratings};

/// A standard deviation from which on scores are a dispute.
const DEVIATION: f64 = 2.0;
/// A range from which on scores are a dispute.
const RANGE: u8 = 4;

/// How far apart the scores of a unit are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The highest less the lowest.
    pub range: u8,
    /// The standard deviation of the scores as a sample (divided by one less than their number).
    pub deviation: f64,
}

/// How many units are how far apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spreads {
    /// Units with two or more scores.
    pub units: u64,
    /// Those that are disputed.
    pub disputed: u64,
    /// Those whose range is 0, 1, 2, …, up to the widest.
    pub ranges: Vec<u64>,
}

impl Spread {
    /// Of scores; none of less than two. The same scores in another order give the same bits.
    pub fn of(scores: impl IntoIterator<Item = u8>) -> Option<Self> {
        let (mut count, mut sum, mut squares) = (0_u64, 0_u64, 0_u64);
        let (mut low, mut high) = (u8::MAX, 0);
        for score in scores {
            count += 1;
            sum += u64::from(score);
            squares += u64::from(score) * u64::from(score);
            (low, high) = (low.min(score), high.max(score));
        }
        if count < 2 {
            return None;
        }
        let variance = (count * squares - sum * sum) as f64 / (count * (count - 1)) as f64;
        Some(Self { range: high - low, deviation: variance.sqrt() })
    }

    /// Whether a person should look again.
    pub fn is_disputed(self) -> bool {
        self.deviation >= DEVIATION || self.range >= RANGE
    }
}

impl Spreads {
    /// Counts the units.
    pub fn of(ratings: &Ratings) -> Self {
        let mut spreads = Self::default();
        let score = |rating: &Rating| rating.score;
        for spread in ratings.shared().filter_map(|unit| Spread::of(unit.iter().map(score))) {
            let range = usize::from(spread.range);
            if spreads.ranges.len() <= range {
                spreads.ranges.resize(range + 1, 0);
            }
            spreads.ranges[range] += 1;
            spreads.units += 1;
            spreads.disputed += u64::from(spread.is_disputed());
        }
        spreads
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_apart_is_disputed() {
        let check = |scores: &[u8], disputed: bool| {
            let spread = Spread::of(scores.iter().copied()).unwrap();
            assert_eq!(spread.is_disputed(), disputed, "{scores:?}: {spread:?}");
        };
        check(&[5, 5], false);
        check(&[5, 7], false);
        check(&[5, 8], true); // a deviation of 2.12
        check(&[5, 5, 8], false); // 1.73
        check(&[5, 6, 9], true); // 2.08
        check(&[5, 7, 7, 7, 7, 9], true); // 1.26, and a range of 4
        assert_eq!(Spread::of([5]), None);
    }
}
