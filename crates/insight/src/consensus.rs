//! One score for a unit that several reviewers judged, with the interval that holds its worth.

use crate::gaussian::Gaussian;
use crate::ratings::{Rating, Ratings};
use crate::reviewers::median;

/// Half the width of an interval that holds a normal variable with 95% confidence, in deviations.
const CONFIDENT: f64 = 1.959_963_984_540_054;
/// How much wider the distribution of a median is than that of a mean: the root of pi / 2.
const OF_MEDIAN: f64 = 1.253_314_137_315_500_1;
/// The Gaussian model is used by itself from so many units on that two or more reviewers judged.
const SHARED_LEAST: usize = 10;

/// How scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Their mean.
    Mean,
    /// Their median.
    Median,
    /// Their mean without the highest and the lowest quarter (of four or more).
    Trimmed,
    /// The mean of each reviewer's scores brought to the mean and deviation of all.
    Normed,
    /// What the model of reviewers' biases and noises makes of them.
    Gaussian,
}

/// One score for a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consensus {
    /// The score; with [`Method::Gaussian`] and [`Method::Normed`] it may lie beyond the scale.
    pub score: f64,
    /// From and to, with 95% confidence; none where no unit has two scores to learn their noise of.
    pub interval: Option<[f64; 2]>,
}

/// A method, fitted to ratings; then it gives the consensus of any scores of the same reviewers.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    method: Method,
    gaussian: Option<Gaussian>,
    /// What brings a reviewer's scores to the scale of all: score * factor + shift.
    scales: Vec<(f64, f64)>,
    /// The standard deviation of scores within units.
    deviation: Option<f64>,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Mean, Self::Median, Self::Trimmed, Self::Normed, Self::Gaussian];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Trimmed => "trimmed",
            Self::Normed => "normed",
            Self::Gaussian => "gaussian",
        }
    }

    /// The one to use for these ratings: the Gaussian model where reviewers share enough units,
    /// else the mean.
    pub fn fitting(ratings: &Ratings) -> Self {
        let is_enough = ratings.shared().nth(SHARED_LEAST - 1).is_some();
        if is_enough { Self::Gaussian } else { Self::Mean }
    }
}

impl Model {
    /// Fits a method.
    pub fn fit(ratings: &Ratings, method: Method) -> Self {
        let gaussian = match method {
            Method::Gaussian => Gaussian::fit(ratings),
            _ => None,
        };
        Self::with(ratings, method, gaussian)
    }

    /// The Gaussian method with a model that is fitted already.
    pub fn of_gaussian(gaussian: Gaussian) -> Self {
        Self {
            method: Method::Gaussian,
            gaussian: Some(gaussian),
            scales: Vec::new(),
            deviation: None,
        }
    }

    fn with(ratings: &Ratings, method: Method, gaussian: Option<Gaussian>) -> Self {
        let scales = if method == Method::Normed { scales(ratings) } else { Vec::new() };
        let mut model = Self { method, gaussian, scales, deviation: None };
        if method != Method::Gaussian {
            model.deviation = model.deviation_within(ratings);
        }
        model
    }

    /// Which method it is.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The consensus of scores; none without any.
    pub fn consensus(&self, unit: &[Rating]) -> Option<Consensus> {
        if unit.is_empty() {
            return None;
        }
        if let Some(gaussian) = &self.gaussian {
            let worth = gaussian.worth(unit);
            let by = CONFIDENT * worth.variance.sqrt();
            let interval = Some([worth.mean - by, worth.mean + by]);
            return Some(Consensus { score: worth.mean, interval });
        }
        let mut scores: Vec<f64> = unit.iter().map(|rating| self.scaled(*rating)).collect();
        scores.sort_unstable_by(f64::total_cmp);
        let cut = if self.method == Method::Trimmed { scores.len() / 4 } else { 0 };
        let kept = &scores[cut..scores.len() - cut];
        let mut wider = 1.0 / (kept.len() as f64).sqrt();
        let score = if self.method == Method::Median {
            if kept.len() > 2 {
                wider *= OF_MEDIAN;
            }
            median(kept.to_vec())?
        } else {
            kept.iter().sum::<f64>() / kept.len() as f64
        };
        let by = self.deviation.map(|deviation| CONFIDENT * deviation * wider);
        Some(Consensus { score, interval: by.map(|by| [score - by, score + by]) })
    }

    fn scaled(&self, rating: Rating) -> f64 {
        let scale = self.scales.get(rating.reviewer as usize);
        let (factor, shift) = scale.copied().unwrap_or((1.0, 0.0));
        f64::from(rating.score) * factor + shift
    }

    /// The deviation of scores around the mean of their unit, of all units together.
    fn deviation_within(&self, ratings: &Ratings) -> Option<f64> {
        let (mut squares, mut freedom) = (0.0, 0.0);
        for unit in ratings.shared() {
            let scores = unit.iter().map(|rating| self.scaled(*rating));
            let mean = scores.clone().sum::<f64>() / unit.len() as f64;
            squares += scores.map(|score| (score - mean) * (score - mean)).sum::<f64>();
            freedom += (unit.len() - 1) as f64;
        }
        (freedom > 0.0).then(|| (squares / freedom).sqrt())
    }
}

/// What brings each reviewer's scores to the mean and the deviation of all. One who gave a single
/// score, or always the same, is only moved to the mean of all if there are several scores.
fn scales(ratings: &Ratings) -> Vec<(f64, f64)> {
    let mut sums = vec![[0.0; 3]; ratings.reviewers()];
    for rating in ratings.units().flatten() {
        let score = f64::from(rating.score);
        let sum = &mut sums[rating.reviewer as usize];
        sum[0] += 1.0;
        sum[1] += score;
        sum[2] += score * score;
    }
    let all = sums.iter().fold([0.0; 3], |all, one| [0, 1, 2].map(|at| all[at] + one[at]));
    let moments = |[count, sum, squares]: [f64; 3]| {
        let mean = sum / count;
        (mean, (squares / count - mean * mean).max(0.0).sqrt())
    };
    let (mean, deviation) = moments(all);
    let scale = |one: &[f64; 3]| {
        let (own_mean, own_deviation) = moments(*one);
        if one[0] < 2.0 {
            return (1.0, 0.0);
        }
        let factor = if own_deviation > 0.0 { deviation / own_deviation } else { 1.0 };
        (factor, mean - own_mean * factor)
    };
    sums.iter().map(scale).collect()
}
