//! The demo's own random numbers: splitmix64, the same on every machine.

/// What a stream of numbers is drawn for, so that no two purposes share their luck.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Person = 1,
    Profile,
    Text,
    TextAgain,
    Identifiers,
    IdentifiersAgain,
    Kind,
    Strength,
    Quality,
    ModelBias,
    Twins,
    Again,
    Order,
    Tweak,
}

/// A small generator whose whole state is one number.
pub(super) struct Rng(u64);

impl Rng {
    /// The generator of one purpose and one place (such as a model and a record).
    pub(super) fn new(seed: u64, stream: Stream, place: u64, record: u64) -> Self {
        let mut state = mix(seed ^ 0x9e37_79b9_7f4a_7c15);
        for part in [stream as u64, place, record] {
            state = mix(state.wrapping_add(part.wrapping_mul(0xd1b5_4a32_d192_ed03)));
        }
        Self(state)
    }

    /// The next 64 random bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from 0 up to and without `end`; 0 when `end` is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (((self.next() >> 32) * end as u64) >> 32) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high + 1 - low)
    }

    /// True in `share` of a hundred draws.
    pub(super) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// Three dice summed, minus their mean: a bell shape from integers alone.
    pub(super) fn bell(&mut self, half_width: usize) -> i64 {
        let die = 2 * half_width + 1;
        (self.below(die) + self.below(die) + self.below(die)) as i64 - 3 * half_width as i64
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::mix;

    #[test]
    fn agrees_with_the_published_first_value_of_splitmix64() {
        // Seed 0 of the reference generator (Steele, Lea and Flood) starts so.
        assert_eq!(mix(0x9e37_79b9_7f4a_7c15), 0xe220_a839_7b1d_cdaf);
    }
}
