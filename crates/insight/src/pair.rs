//! How two reviewers agree: kappas, equal and nearly equal scores, and the difference of means.

use crate::resample::{Measured, Random, with_intervals};

/// How two reviewers agree on the units that both judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pair {
    /// Units that both judged.
    pub units: u64,
    /// Cohen's kappa, in which any two different scores are equally far apart.
    pub kappa: Measured,
    /// Cohen's kappa weighted by the difference.
    pub linear: Measured,
    /// Cohen's kappa weighted by the squared difference.
    pub quadratic: Measured,
    /// The share of equal scores.
    pub exact: Measured,
    /// The share of scores at most one apart.
    pub within_one: Measured,
    /// The mean of the first one's scores less the second one's.
    pub difference: Measured,
}

/// How often the first reviewer gave one score where the second gave another. Of one reviewer's
/// first and second judgments of the same units, it tells how consistent that reviewer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairTable {
    values: usize,
    counts: Vec<u32>,
}

impl PairTable {
    /// An empty table for scores below `values`.
    pub fn new(values: usize) -> Self {
        Self { values, counts: vec![0; values * values] }
    }

    /// The table with these counts, row by row.
    pub fn of(rows: &[&[u32]]) -> Self {
        Self { values: rows.len(), counts: rows.concat() }
    }

    /// Counts a unit.
    pub fn add(&mut self, first: u8, second: u8) {
        self.counts[usize::from(first) * self.values + usize::from(second)] += 1;
    }

    /// What the table says, with intervals over its units: a table has few cells, so that drawing
    /// its units again is drawing how many are in each cell.
    pub fn pair(&self, resamples: usize, random: Random) -> Pair {
        pair(&self.counts, self.values, resamples, random)
    }
}

/// A cell of a table that is not empty.
struct Cell {
    row: usize,
    column: usize,
    count: u32,
}

pub(crate) fn pair(counts: &[u32], values: usize, resamples: usize, mut random: Random) -> Pair {
    let cells: Vec<Cell> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(at, count)| Cell { row: at / values, column: at % values, count: *count })
        .collect();
    let mut chance = Chance { rows: vec![0.0; values], columns: vec![0.0; values] };
    let whole = chance.measures(&cells, |cell| f64::from(cell.count));
    let drawn =
        (0..resamples).map(|_| chance.measures(&cells, |cell| random.weight_of(cell.count)));
    let [kappa, linear, quadratic, exact, within_one, difference] = with_intervals(whole, drawn);
    let units = counts.iter().map(|count| u64::from(*count)).sum();
    Pair { units, kappa, linear, quadratic, exact, within_one, difference }
}

/// How often each of the two gave each score.
struct Chance {
    rows: Vec<f64>,
    columns: Vec<f64>,
}

impl Chance {
    /// The three kappas, both shares and the difference, with some weight for each cell.
    fn measures(
        &mut self,
        cells: &[Cell],
        mut weight: impl FnMut(&Cell) -> f64,
    ) -> [Option<f64>; 6] {
        self.rows.fill(0.0);
        self.columns.fill(0.0);
        let (mut units, mut different, mut apart, mut squared) = (0.0, 0.0, 0.0, 0.0);
        let (mut near, mut difference) = (0.0, 0.0);
        for cell in cells {
            let weight = weight(cell);
            let by = cell.row as f64 - cell.column as f64;
            self.rows[cell.row] += weight;
            self.columns[cell.column] += weight;
            units += weight;
            different += if by == 0.0 { 0.0 } else { weight };
            near += if by.abs() <= 1.0 { weight } else { 0.0 };
            apart += weight * by.abs();
            squared += weight * by * by;
            difference += weight * by;
        }
        let by_chance = self.by_chance();
        let kappa = |observed: f64, expected: f64| {
            (expected > 0.0).then(|| 1.0 - observed * units / expected)
        };
        let share = |of: f64| (units > 0.0).then(|| of / units);
        [
            kappa(different, by_chance[0]),
            kappa(apart, by_chance[1]),
            kappa(squared, by_chance[2]),
            share(units - different),
            share(near),
            share(difference),
        ]
    }

    /// The same three sums of differences, had the two judged independently, times the units.
    fn by_chance(&self) -> [f64; 3] {
        let (mut different, mut apart, mut squared) = (0.0, 0.0, 0.0);
        for (row, given) in self.rows.iter().enumerate().filter(|(_, given)| **given > 0.0) {
            for (column, other) in self.columns.iter().enumerate() {
                let by = row.abs_diff(column) as f64;
                let both = given * other;
                different += if by == 0.0 { 0.0 } else { both };
                apart += both * by;
                squared += both * by * by;
            }
        }
        [different, apart, squared]
    }
}
