//! The Gaussian model of judgments: what units are worth, and each reviewer's bias and noise.
//!
//! A score is the unit's worth, plus the reviewer's bias, plus noise with the reviewer's own
//! variance. Worths are normal around a mean; biases are normal around 0 with variance 1; a
//! variance has an inverse gamma distribution around 1.5². The model is fitted by conditional
//! maximisation, each quantity given the others, in at most 60 rounds.

use crate::ratings::{Rating, Ratings};

const ROUNDS: usize = 60;
/// Nothing moves further than this in the last round, if there were fewer.
const STILL: f64 = 1e-9;
const BIAS_VARIANCE: f64 = 1.0;
const NOISE_VARIANCE: f64 = 1.5 * 1.5;
/// Scores that the prior of a reviewer's noise is worth.
const NOISE_WEIGHT: f64 = 4.0;
/// Variance of worths never falls below this, lest one score be no news.
const VARIANCE_LEAST: f64 = 1e-6;

/// The fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaussian {
    /// The mean worth of units.
    pub mean: f64,
    /// The variance of worths.
    pub variance: f64,
    /// By how much each reviewer scores higher than the mean of all reviewers would.
    pub bias: Vec<f64>,
    /// The variance of each reviewer's noise.
    pub noise: Vec<f64>,
}

/// The worth of a unit: a normal distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Worth {
    pub(crate) mean: f64,
    pub(crate) variance: f64,
}

/// Sums of one round over each reviewer's scores.
#[derive(Debug, Clone, Copy, Default)]
struct Residuals {
    count: f64,
    /// Of scores less worths.
    sum: f64,
    /// Of their squares and the variances of those worths.
    squares: f64,
}

impl Gaussian {
    /// Fits the model; none without scores.
    pub fn fit(ratings: &Ratings) -> Option<Self> {
        let scores = ratings.units().flatten().map(|rating| f64::from(rating.score));
        let count = ratings.scores() as f64;
        if count == 0.0 {
            return None;
        }
        let mean = scores.clone().sum::<f64>() / count;
        let squares: f64 = scores.map(|score| (score - mean) * (score - mean)).sum();
        let reviewers = ratings.reviewers();
        let mut fit = Self {
            mean,
            variance: (squares / count).max(VARIANCE_LEAST),
            bias: vec![0.0; reviewers],
            noise: vec![NOISE_VARIANCE; reviewers],
        };
        for _ in 0..ROUNDS {
            if fit.round(ratings) < STILL {
                break;
            }
        }
        Some(fit)
    }

    /// The worth of a unit, given its scores.
    pub(crate) fn worth(&self, unit: &[Rating]) -> Worth {
        let mut precision = 1.0 / self.variance;
        let mut sum = self.mean * precision;
        for rating in unit {
            // Of one who was not there when the model was fitted, only what holds of all is known.
            let reviewer = rating.reviewer as usize;
            let bias = self.bias.get(reviewer).copied().unwrap_or(0.0);
            let weight = 1.0 / self.noise.get(reviewer).copied().unwrap_or(NOISE_VARIANCE);
            precision += weight;
            sum += (f64::from(rating.score) - bias) * weight;
        }
        Worth { mean: sum / precision, variance: 1.0 / precision }
    }

    /// One round; gives how far anything moved.
    fn round(&mut self, ratings: &Ratings) -> f64 {
        let mut residuals = vec![Residuals::default(); self.bias.len()];
        let (mut units, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for unit in ratings.units().filter(|unit| !unit.is_empty()) {
            let worth = self.worth(unit);
            units += 1.0;
            sum += worth.mean;
            // Around the former mean, so that no large numbers cancel.
            squares += (worth.mean - self.mean) * (worth.mean - self.mean) + worth.variance;
            for rating in unit {
                let of_reviewer = &mut residuals[rating.reviewer as usize];
                let residual = f64::from(rating.score) - worth.mean;
                of_reviewer.count += 1.0;
                of_reviewer.sum += residual;
                of_reviewer.squares += residual * residual + worth.variance;
            }
        }
        let mean = sum / units;
        let moved = (mean - self.mean) * (mean - self.mean);
        self.variance = (squares / units - moved).max(VARIANCE_LEAST);
        let mut furthest = (mean - self.mean).abs();
        self.mean = mean;
        for (reviewer, of_reviewer) in residuals.iter().enumerate() {
            furthest = furthest.max(self.follow(reviewer, *of_reviewer));
        }
        self.centre(&residuals);
        furthest
    }

    /// Fits a reviewer's bias and noise; gives how far they moved.
    fn follow(&mut self, reviewer: usize, residuals: Residuals) -> f64 {
        let Residuals { count, sum, squares } = residuals;
        let (former_bias, former_noise) = (self.bias[reviewer], self.noise[reviewer]);
        let precision = count / former_noise + 1.0 / BIAS_VARIANCE;
        let bias = sum / former_noise / precision;
        let around = squares - 2.0 * bias * sum + count * bias * bias + count / precision;
        let noise = (around + NOISE_WEIGHT * NOISE_VARIANCE) / (count + NOISE_WEIGHT);
        self.bias[reviewer] = bias;
        self.noise[reviewer] = noise;
        (bias - former_bias).abs().max((noise - former_noise).abs())
    }

    /// Brings the mean bias to 0, where the prior of biases has it: raising all worths and lowering
    /// all biases by as much fits the scores as well, and would be found in many rounds only.
    fn centre(&mut self, residuals: &[Residuals]) {
        let judged = |reviewer: &usize| residuals[*reviewer].count > 0.0;
        let present: Vec<usize> = (0..self.bias.len()).filter(judged).collect();
        let sum: f64 = present.iter().map(|reviewer| self.bias[*reviewer]).sum();
        let mean = sum / present.len() as f64;
        present.iter().for_each(|reviewer| self.bias[*reviewer] -= mean);
        self.mean += mean;
    }
}
