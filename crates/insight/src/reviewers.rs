//! Each reviewer's bias and noise against the others, and who is harsh, lenient or noisy.

use crate::gaussian::Gaussian;
use crate::ratings::Ratings;
use crate::resample::{Measured, Random, Sums};

/// A reviewer is named only with so many units that others judged, too.
const SHARED_LEAST: u64 = 10;
/// A bias is named from half a point on: with many units the least bias is certain.
const BIAS_LEAST: f64 = 0.5;
/// Noise is named when it is certainly so many times that of the others' median.
const NOISE_LEAST: f64 = 1.5;
/// Weights that are drawn for all reviewers together, roughly.
const DRAWN_MAX: usize = 30_000_000;
/// No interval is made of fewer resamples.
const RESAMPLES_LEAST: usize = 200;

/// What is remarkable about a reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Scores lower than the others.
    Harsh,
    /// Scores higher than the others.
    Lenient,
    /// Scores with much more noise than the others.
    Noisy,
}

/// A reviewer against the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tendency {
    /// Scores.
    pub scores: u64,
    /// Those of units that another reviewer judged, too.
    pub shared: u64,
    /// How much higher the scores are than those of the median reviewer for the same units.
    pub bias: Measured,
    /// The standard deviation of the scores around worth and bias.
    pub noise: Measured,
    /// What is remarkable.
    pub flags: Vec<Flag>,
}

/// Every reviewer against the others. Intervals come from drawing units again, with the residual of
/// each score from what the model makes of the unit's other scores.
pub(crate) fn reviewers(
    ratings: &Ratings,
    fit: &Gaussian,
    resamples: usize,
    seed: u64,
) -> Vec<Tendency> {
    let mut all = counted(ratings);
    let groups: usize = all.iter().map(|reviewer| reviewer.shared.min(1000) as usize).sum();
    let resamples = resamples.min((DRAWN_MAX / groups.max(1)).max(RESAMPLES_LEAST));
    let sums = residuals(ratings, fit, &all, seed);
    let biases = (0..).zip(&all).filter(|(_, known)| known.shared > 0);
    let centre = median(biases.map(|(reviewer, _): (usize, _)| fit.bias[reviewer]).collect());
    for (reviewer, sums) in sums.into_iter().enumerate().filter(|(_, sums)| !sums.is_empty()) {
        let total = sums.total();
        let (bias, noise) =
            (fit.bias[reviewer] - centre.unwrap_or(0.0), fit.noise[reviewer].sqrt());
        let [bias, noise] = sums.measured(resamples, |sums| {
            let by = sums[1] / sums[0] - total[1] / total[0];
            let times = (sums[2] / sums[0]) / (total[2] / total[0]);
            let is_defined = sums[0] > 0.0;
            // Without any residual there is no noise to compare with.
            let times = if total[2] > 0.0 { times.sqrt() } else { 1.0 };
            [is_defined.then_some(bias + by), is_defined.then_some(noise * times)]
        });
        (all[reviewer].bias, all[reviewer].noise) = (bias, noise);
    }
    flag(&mut all);
    all
}

fn counted(ratings: &Ratings) -> Vec<Tendency> {
    let mut all = vec![Tendency::default(); ratings.reviewers()];
    for unit in ratings.units() {
        for rating in unit {
            let reviewer = &mut all[rating.reviewer as usize];
            reviewer.scores += 1;
            reviewer.shared += u64::from(unit.len() > 1);
        }
    }
    all
}

/// For each reviewer sums over shared units: 1, the residual from what the others' scores make of
/// the unit, and its square in proportion to what the model expects of it.
fn residuals(ratings: &Ratings, fit: &Gaussian, all: &[Tendency], seed: u64) -> Vec<Sums> {
    let sums = |(place, reviewer): (usize, &Tendency)| {
        Sums::new(reviewer.shared as usize, 3, Random::new(seed, place as u64))
    };
    let mut sums: Vec<Sums> = all.iter().enumerate().map(sums).collect();
    for unit in ratings.shared() {
        let worth = fit.worth(unit);
        for rating in unit {
            let reviewer = rating.reviewer as usize;
            let residual = f64::from(rating.score) - fit.bias[reviewer] - worth.mean;
            // What the reviewer's own score weighs in the unit's worth.
            let own = worth.variance / fit.noise[reviewer];
            let sum = sums[reviewer].next();
            sum[0] += 1.0;
            sum[1] += residual / (1.0 - own);
            sum[2] += residual * residual / (1.0 - own);
        }
    }
    sums
}

fn flag(all: &mut [Tendency]) {
    let noise =
        |reviewer: &Tendency| reviewer.noise.value.filter(|_| reviewer.shared >= SHARED_LEAST);
    let noises: Vec<Option<f64>> = all.iter().map(noise).collect();
    for (place, reviewer) in all.iter_mut().enumerate() {
        if reviewer.shared < SHARED_LEAST {
            continue;
        }
        if let (Some(bias), Some([low, high])) = (reviewer.bias.value, reviewer.bias.interval) {
            if bias <= -BIAS_LEAST && high < 0.0 {
                reviewer.flags.push(Flag::Harsh);
            }
            if bias >= BIAS_LEAST && low > 0.0 {
                reviewer.flags.push(Flag::Lenient);
            }
        }
        let others: Vec<f64> =
            noises[..place].iter().chain(&noises[place + 1..]).flatten().copied().collect();
        // Of two reviewers nobody can say whose noise it is.
        let usual = if others.len() > 1 { median(others) } else { None };
        if let (Some(usual), Some([low, _])) = (usual, reviewer.noise.interval)
            && low > NOISE_LEAST * usual
        {
            reviewer.flags.push(Flag::Noisy);
        }
    }
}

/// The middle value; of an even number the mean of the two in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    Some((values[last / 2] + values[values.len() / 2]) / 2.0)
}
