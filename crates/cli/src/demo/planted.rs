//! What is planted in the demo: how good each output is, and which lines are errors, copies or
//! re-runs.

use super::rng::{Rng, Stream};

/// One of so many records is asked again of each model, in a later file.
pub(super) const AGAIN_EVERY: u64 = 333;

/// In so many records two are copies of others.
const TWIN_BLOCK: u64 = 100;

/// What sort of line a model wrote for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Error,
    Truncated,
    Empty,
    Think,
    Reasoning,
    TwoChoices,
}

/// Whether a record's outputs repeat those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twin {
    Alone,
    /// Others are copies of this record.
    Original,
    /// A copy of the record with this number, with a few words changed.
    CopyOf(u64),
}

/// The plan of what is planted where; every answer depends on its arguments alone.
pub(super) struct Planted {
    pub(super) seed: u64,
    pub(super) records: u64,
    twin_blocks: u64,
    twin_shift: u64,
}

/// Where the copies and the originals of one block are.
struct TwinLayout {
    copies: [u64; 2],
    originals: [u64; 2],
}

impl Kind {
    /// The word used in the truth file.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Error => "error",
            Self::Truncated => "truncated",
            Self::Empty => "empty",
            Self::Think => "think",
            Self::Reasoning => "reasoning",
            Self::TwoChoices => "two_choices",
        }
    }

    /// What a second attempt gives: failures are mended.
    pub(super) fn again(self) -> Self {
        match self {
            Self::Error | Self::Empty => Self::Plain,
            other => other,
        }
    }
}

impl Planted {
    /// Lays the plan for so many records.
    pub(super) fn new(seed: u64, records: u64) -> Self {
        let twin_blocks = (records / TWIN_BLOCK).max(1);
        let third = twin_blocks / 3;
        let within = Rng::new(seed, Stream::Twins, 0, 0).below(third as usize + 1) as u64;
        Self { seed, records, twin_blocks, twin_shift: (third + within) % twin_blocks }
    }

    /// Whether `record` is a copy. A copy is at an even place of its block, an original at an odd
    /// place of a block about a third of the collection away, so no copy is copied.
    pub(super) fn twin(&self, record: u64) -> Twin {
        let (block, place) = (record / TWIN_BLOCK, record % TWIN_BLOCK);
        if block >= self.twin_blocks {
            return Twin::Alone;
        }
        let copying = place.is_multiple_of(2);
        let shift = if copying { self.twin_shift } else { self.twin_blocks - self.twin_shift };
        let other_block = (block + shift) % self.twin_blocks;
        let layout = self.twin_layout(if copying { block } else { other_block });
        let (mine, theirs) = if copying {
            (layout.copies, layout.originals)
        } else {
            (layout.originals, layout.copies)
        };
        // A collection of less than one block lacks some places.
        let pairs = mine.iter().zip(theirs).map(|(mine, other)| (*mine, other));
        let other = pairs
            .filter(|(mine, _)| *mine == place)
            .map(|(_, other)| other_block * TWIN_BLOCK + other)
            .find(|other| *other < self.records);
        match other {
            None => Twin::Alone,
            Some(original) if copying => Twin::CopyOf(original),
            Some(_) => Twin::Original,
        }
    }

    fn twin_layout(&self, block: u64) -> TwinLayout {
        let mut rng = Rng::new(self.seed, Stream::Twins, 1, block);
        let half = TWIN_BLOCK as usize / 2;
        let copies = [rng.below(half), rng.between(1, half - 1)];
        let originals = [rng.below(half), rng.between(1, half - 1)];
        let second = |[first, step]: [usize; 2]| (first + step) % half;
        let triple = rng.percent(30);
        let second_original = if triple { originals[0] } else { second(originals) };
        TwinLayout {
            copies: [copies[0], second(copies)].map(|half| 2 * half as u64),
            originals: [originals[0], second_original].map(|half| 2 * half as u64 + 1),
        }
    }

    /// The record whose person and text `record` has: itself, unless it is a copy.
    pub(super) fn source(&self, record: u64) -> u64 {
        match self.twin(record) {
            Twin::CopyOf(original) => original,
            _ => record,
        }
    }

    /// What sort of line `model` writes for `record` at first.
    pub(super) fn kind(&self, model: usize, record: u64) -> Kind {
        let kind = match Rng::new(self.seed, Stream::Kind, model as u64, record).below(1000) {
            0..15 => Kind::Error,
            15..45 => Kind::Truncated,
            45..50 => Kind::Empty,
            50..60 => Kind::Think,
            60..90 => Kind::Reasoning,
            90..95 => Kind::TwoChoices,
            _ => Kind::Plain,
        };
        // Copies and their originals stay plain, so that each pair can be found.
        if kind != Kind::Plain && self.twin(record) != Twin::Alone { Kind::Plain } else { kind }
    }

    /// How strong the candidate is, from 1 to 10.
    pub(super) fn strength(&self, record: u64) -> u64 {
        let mut rng = Rng::new(self.seed, Stream::Strength, 0, self.source(record));
        (6 + rng.bell(2)).clamp(1, 10) as u64
    }

    /// How good the evaluation is that `model` wrote of `record`, from 1 to 10.
    pub(super) fn quality(&self, model: usize, record: u64) -> u64 {
        let source = self.source(record);
        let bias = Rng::new(self.seed, Stream::ModelBias, model as u64, 0).between(0, 24) as i64;
        let shared = Rng::new(self.seed, Stream::Quality, 0, source).bell(10);
        let own = Rng::new(self.seed, Stream::Quality, 1 + model as u64, source).bell(13);
        let tenths = 48 + bias + shared + own;
        let best = if self.kind(model, record) == Kind::Truncated { 4 } else { 10 };
        (tenths + 5).div_euclid(10).clamp(1, best) as u64
    }

    /// How many records each model is asked again.
    pub(super) fn again_count(&self) -> u64 {
        self.records / AGAIN_EVERY
    }

    /// The record of block `block` that `model` is asked again, by preference a failed one.
    pub(super) fn again(&self, model: usize, block: u64) -> u64 {
        let first = Rng::new(self.seed, Stream::Again, model as u64, block).below(317) as u64;
        let near = block * AGAIN_EVERY + first..block * AGAIN_EVERY + first + 16;
        let failed = near.clone().find(|record| self.kind(model, *record) == Kind::Error);
        let alone = || near.clone().find(|record| self.twin(*record) == Twin::Alone);
        failed.or_else(alone).unwrap_or(near.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_two_in_a_hundred_and_know_their_originals() {
        for records in [3, 40, 100, 1_000, 5_000, 5_090] {
            let planted = Planted::new(7, records);
            let mut copies = 0;
            for record in 0..records {
                if let Twin::CopyOf(original) = planted.twin(record) {
                    assert_eq!(planted.twin(original), Twin::Original, "{record} of {records}");
                    copies += 1;
                }
            }
            assert!(copies <= records / 50 + 1);
            assert!(records < 100 || copies == records / 100 * 2);
        }
    }

    #[test]
    fn quality_spreads_over_the_scale() {
        let planted = Planted::new(1, 10_000);
        let mut counts = [0; 11];
        (0..10_000).for_each(|record| counts[planted.quality(0, record) as usize] += 1);
        assert!(counts[3..=9].iter().all(|count| *count > 100), "{counts:?}");
        assert_eq!(counts[0], 0);
    }
}
