//! Chance that is the same on every machine, and intervals by drawing units again.
//!
//! The bootstrap is the Poisson one: a resample gives each unit a weight drawn from the Poisson
//! distribution with mean 1, so that sums over units can be resampled without the units themselves.

/// Units are dealt into at most so many groups, which are then drawn instead of units.
const GROUPS: usize = 1000;
/// Up to so many units the weight is drawn exactly; above, from its normal limit.
const EXACT: usize = 16;
/// The share of resamples on either side of an interval.
const TAIL: f64 = 0.025;
/// An interval needs this share of the resamples to have a value.
const DEFINED: f64 = 0.8;

/// Poisson variables that are drawn exactly are less than this; 2⁻³² of them would not be.
const LARGEST: usize = 48;
const E_TO_MINUS_1: f64 = 0.367_879_441_171_442_33;

/// For each mean the distribution function at 0, 1, 2, …, of 2³².
static POISSON: [[u32; LARGEST]; EXACT + 1] = poisson();

const fn poisson() -> [[u32; LARGEST]; EXACT + 1] {
    let mut tables = [[u32::MAX; LARGEST]; EXACT + 1];
    let (mut mean, mut of_zero) = (0, 1.0);
    while mean <= EXACT {
        let (mut value, mut share, mut sum) = (0, of_zero, 0.0);
        while value < LARGEST {
            sum += share;
            // A number that is too great becomes the greatest.
            tables[mean][value] = (sum * 4_294_967_296.0) as u32;
            value += 1;
            share *= mean as f64 / value as f64;
        }
        mean += 1;
        of_zero *= E_TO_MINUS_1;
    }
    tables
}

/// A value, if it is defined, with the interval that holds it with 95% confidence.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// The value of all units.
    pub value: Option<f64>,
    /// From and to; none where too few resamples have a value.
    pub interval: Option<[f64; 2]>,
}

/// A small generator of random numbers: splitmix64, whose whole state is one number.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The generator of a seed and a purpose, so that no two purposes share their luck.
    pub fn new(seed: u64, purpose: u64) -> Self {
        Self(mix(seed ^ mix(purpose.wrapping_mul(0xd1b5_4a32_d192_ed03))))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from 0 up to and without 1.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number from 0 up to and without `end`, which is at most 2³².
    pub fn below(&mut self, end: usize) -> usize {
        (((self.bits() >> 32) * end as u64) >> 32) as usize
    }

    /// A normal variable, nearly: the sum of 256 coins, in steps of an eighth.
    fn normal(&mut self) -> f64 {
        let heads: u32 = (0..4).map(|_| self.bits().count_ones()).sum();
        (f64::from(heads) - 128.0) / 8.0
    }

    /// The weight of a unit in a resample.
    fn weight(&mut self) -> f64 {
        self.weight_of(1)
    }

    /// The weight of so many equal units in a resample.
    pub(crate) fn weight_of(&mut self, units: u32) -> f64 {
        if let Some(table) = POISSON.get(units as usize) {
            let place = (self.bits() >> 32) as u32;
            // All of them, rather than up to the first: no branch can be guessed here.
            return f64::from(table.iter().map(|below| u32::from(place >= *below)).sum::<u32>());
        }
        let mean = f64::from(units);
        (mean + mean.sqrt() * self.normal()).round().max(0.0)
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Sums over units, in groups: all that is needed to resample what is computed from sums.
#[derive(Debug, Clone)]
pub(crate) struct Sums {
    width: usize,
    units: usize,
    groups: Vec<f64>,
    random: Random,
    next: usize,
}

impl Sums {
    /// For so many units, each of which adds to `width` sums.
    pub(crate) fn new(units: usize, width: usize, random: Random) -> Self {
        let width = width.max(1);
        let groups = vec![0.0; units.min(GROUPS) * width];
        Self { width, units, groups, random, next: 0 }
    }

    /// The sums that the next unit adds to.
    pub(crate) fn next(&mut self) -> &mut [f64] {
        // Which units share a group is chance: neighbours in a table may be alike.
        let group = if self.units > GROUPS { self.random.below(GROUPS) } else { self.next };
        self.next += 1;
        &mut self.groups[group * self.width..][..self.width]
    }

    /// Whether there are no units.
    pub(crate) fn is_empty(&self) -> bool {
        self.units == 0
    }

    /// The sums of all units.
    pub(crate) fn total(&self) -> Vec<f64> {
        let mut total = vec![0.0; self.width];
        self.groups.chunks_exact(self.width).for_each(|group| add(&mut total, group, 1.0));
        total
    }

    /// What is computed from the sums, with intervals.
    pub(crate) fn measured<const N: usize>(
        mut self,
        resamples: usize,
        of: impl Fn(&[f64]) -> [Option<f64>; N],
    ) -> [Measured; N] {
        let values = of(&self.total());
        let mut sums = vec![0.0; self.width];
        let drawn = (0..resamples).map(|_| {
            sums.fill(0.0);
            for group in self.groups.chunks_exact(self.width) {
                let weight = self.random.weight();
                if weight > 0.0 {
                    add(&mut sums, group, weight);
                }
            }
            of(&sums)
        });
        with_intervals(values, drawn)
    }
}

fn add(sums: &mut [f64], group: &[f64], weight: f64) {
    for (sum, value) in sums.iter_mut().zip(group) {
        *sum += weight * value;
    }
}

/// Values with the percentiles of what resamples give for them.
pub(crate) fn with_intervals<const N: usize>(
    values: [Option<f64>; N],
    resamples: impl Iterator<Item = [Option<f64>; N]>,
) -> [Measured; N] {
    let mut drawn: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    let mut count = 0;
    for resample in resamples {
        count += 1;
        for (drawn, value) in drawn.iter_mut().zip(resample) {
            drawn.extend(value);
        }
    }
    let mut values = values.into_iter();
    drawn.map(|mut drawn| {
        let value = values.next().flatten();
        let enough = drawn.len() as f64 >= DEFINED * f64::from(count) && drawn.len() > 1;
        drawn.sort_unstable_by(f64::total_cmp);
        let interval = (value.is_some() && enough)
            .then(|| [percentile(&drawn, TAIL), percentile(&drawn, 1.0 - TAIL)]);
        Measured { value, interval }
    })
}

/// Between the two nearest of sorted values.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor();
    let (low, high) = (sorted[below as usize], sorted[place.ceil() as usize]);
    low + (high - low) * (place - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_splitmix64_is_the_published_one() {
        // Seed 0 of the reference generator (Steele, Lea and Flood) starts so.
        assert_eq!(Random(0).bits(), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn weights_have_the_mean_and_the_variance_of_their_distribution() {
        let mut random = Random::new(5, 0);
        for units in [1, 7, 16, 17, 400] {
            let drawn: Vec<f64> = (0..20_000).map(|_| random.weight_of(units)).collect();
            let mean = drawn.iter().sum::<f64>() / 20_000.0;
            let variance = drawn.iter().map(|w| (w - mean) * (w - mean)).sum::<f64>() / 20_000.0;
            let expected = f64::from(units);
            assert!((mean / expected - 1.0).abs() < 0.03, "{units}: mean {mean}");
            assert!((variance / expected - 1.0).abs() < 0.06, "{units}: variance {variance}");
        }
    }

    #[test]
    fn percentiles_lie_between_values() {
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5), 3.0);
        assert_eq!(percentile(&[1.0, 2.0], 0.25), 1.25);
    }

    #[test]
    fn the_interval_of_a_mean_is_as_wide_as_theory_says() {
        // 4,000 coins in 1,000 groups: the standard error of their mean is 0.5 / sqrt(4000).
        let mut random = Random::new(1, 1);
        let mut sums = Sums::new(4000, 2, Random::new(1, 2));
        for _ in 0..4000 {
            let coin = (random.bits() & 1) as f64;
            let sum = sums.next();
            sum[0] += 1.0;
            sum[1] += coin;
        }
        let [mean] = sums.measured(1000, |sums| [(sums[0] > 0.0).then(|| sums[1] / sums[0])]);
        let [low, high] = mean.interval.unwrap();
        let expected = 2.0 * 1.96 * 0.5 / 4000_f64.sqrt();
        assert!(((high - low) / expected - 1.0).abs() < 0.15, "{low} to {high}, {expected} wide");
    }
}
