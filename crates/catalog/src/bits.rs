//! A set of numbers below a limit, one bit for each: which entries or rows are meant.

use arrow_buffer::{BooleanBuffer, Buffer};

/// A set of numbers below a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    /// An empty set of numbers below `len`.
    pub fn new(len: u32) -> Self {
        Self { words: vec![0; len.div_ceil(64) as usize], len }
    }

    /// Puts a number in; one at or above the limit is passed over.
    #[inline]
    pub fn set(&mut self, number: u32) {
        if number < self.len {
            self.words[(number / 64) as usize] |= 1 << (number % 64);
        }
    }

    /// Takes a number out.
    pub fn remove(&mut self, number: u32) {
        if number < self.len {
            self.words[(number / 64) as usize] &= !(1 << (number % 64));
        }
    }

    /// Whether a number is in.
    pub fn get(&self, number: u32) -> bool {
        number < self.len && self.words[(number / 64) as usize] >> (number % 64) & 1 == 1
    }

    /// Puts in what is in `other`, too.
    pub fn or(&mut self, other: &Self) {
        self.join(other, |mine, theirs| mine | theirs);
    }

    /// Leaves what is in `other`, too.
    pub fn and(&mut self, other: &Self) {
        self.join(other, |mine, theirs| mine & theirs);
    }

    /// Takes out what is in `other`.
    pub fn and_not(&mut self, other: &Self) {
        self.join(other, |mine, theirs| mine & !theirs);
    }

    fn join(&mut self, other: &Self, join: impl Fn(u64, u64) -> u64) {
        assert_eq!(self.len, other.len, "sets of the same numbers are joined");
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine = join(*mine, *theirs);
        }
    }

    /// The set of all numbers below `len`.
    pub fn full(len: u32) -> Self {
        let mut bits = Self { words: vec![u64::MAX; len.div_ceil(64) as usize], len };
        bits.trim();
        bits
    }

    /// Takes out what is in, and puts in what is not.
    pub fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
    }

    /// No number at or above the limit is in.
    fn trim(&mut self) {
        let rest = self.len % 64;
        if let (Some(last), true) = (self.words.last_mut(), rest > 0) {
            *last &= (1 << rest) - 1;
        }
    }

    /// The limit.
    pub fn limit(&self) -> u32 {
        self.len
    }

    /// How many are in both sets.
    pub fn count_common(&self, other: &Self) -> u32 {
        let both = self.words.iter().zip(&other.words);
        both.map(|(mine, theirs)| (mine & theirs).count_ones()).sum()
    }

    /// Whether none is in.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Those in it from the one on that has `skip` before it, in order.
    pub fn ones_after(&self, skip: u32) -> impl Iterator<Item = u32> + '_ {
        let mut skip = skip;
        let start = self.words.iter().position(|word| {
            let count = word.count_ones();
            let is_here = skip < count;
            skip -= if is_here { 0 } else { count };
            is_here
        });
        let start = start.unwrap_or(self.words.len());
        self.ones_from_word(start).skip(skip as usize)
    }

    fn ones_from_word(&self, start: usize) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().skip(start).flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at as u32 * 64 + bit)
            })
        })
    }

    /// The same as an Arrow mask.
    pub fn into_mask(self) -> BooleanBuffer {
        BooleanBuffer::new(Buffer::from_vec(self.words), 0, self.len as usize)
    }

    /// How many are in.
    pub fn count_ones(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// How many are in below a number.
    pub fn count_below(&self, number: u32) -> u32 {
        let (word, bit) = (number as usize / 64, number % 64);
        let whole: u32 = self.words.iter().take(word).map(|word| word.count_ones()).sum();
        let rest = self.words.get(word).map_or(0, |word| word & ((1 << bit) - 1));
        whole + rest.count_ones()
    }

    /// Those that are in, in order.
    pub fn ones(&self) -> impl Iterator<Item = u32> + '_ {
        self.ones_from_word(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    fn of(len: u32, numbers: impl IntoIterator<Item = u32>) -> Bits {
        let mut bits = Bits::new(len);
        numbers.into_iter().for_each(|number| bits.set(number));
        bits
    }

    proptest! {
        #[test]
        fn is_a_set(a in btree_set(0_u32..200, 0..60), b in btree_set(0_u32..200, 0..60)) {
            let (x, y) = (of(200, a.iter().copied()), of(200, b.iter().copied()));
            let joined = |join: fn(&mut Bits, &Bits)| {
                let mut joined = x.clone();
                join(&mut joined, &y);
                joined.ones().collect::<Vec<_>>()
            };
            prop_assert_eq!(joined(Bits::or), a.union(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(joined(Bits::and), a.intersection(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(joined(Bits::and_not), a.difference(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(x.count_common(&y) as usize, a.intersection(&b).count());
            prop_assert_eq!(x.count_ones() as usize, a.len());
            prop_assert_eq!(x.is_empty(), a.is_empty());
            for skip in 0..70 {
                let rest: Vec<u32> = a.iter().copied().skip(skip as usize).collect();
                prop_assert_eq!(x.ones_after(skip).collect::<Vec<_>>(), rest);
            }
            for number in 0..220 {
                let below = a.iter().filter(|known| **known < number).count();
                prop_assert_eq!(x.count_below(number) as usize, below);
            }
            let mut inverted = x.clone();
            inverted.invert();
            let mut all = inverted.clone();
            all.or(&x);
            prop_assert_eq!(all, Bits::full(200));
            prop_assert_eq!(inverted.count_common(&x), 0);
            let mask = x.clone().into_mask();
            prop_assert!((0..200).all(|number| mask.value(number) == x.get(number as u32)));
            prop_assert!((0..220).all(|number| x.get(number) == a.contains(&number)));
        }
    }

    #[test]
    fn the_limit_holds() {
        let bits = of(65, [64, 65, 1000]);
        assert_eq!(bits.ones().collect::<Vec<_>>(), [64]);
        assert_eq!(of(0, [0]).count_ones(), 0);
    }
}
