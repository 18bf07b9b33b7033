//! Finding a record by its `custom_id`: a table of hashes that lies in pages, so that it can be
//! mapped from a file and mended.

use crate::paged::Paged;

const EMPTY: u64 = u64::MAX;
const SMALLEST: usize = 1 << 10;

/// Numbers of records (slots) by the hash of their `custom_id`.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    /// 32 bits of a hash and a slot, or [`EMPTY`]; as many as a power of two.
    buckets: Paged<u64>,
    count: usize,
}

impl Default for Slots {
    fn default() -> Self {
        Self { buckets: Paged::filled(EMPTY, SMALLEST), count: 0 }
    }
}

impl Slots {
    /// Those of a kept table, with `count` slots in them.
    pub(crate) fn of(buckets: Paged<u64>, count: usize) -> Option<Self> {
        (buckets.len().is_power_of_two() && fits(count, buckets.len()))
            .then_some(Self { buckets, count })
    }

    pub(crate) fn buckets(&self) -> &Paged<u64> {
        &self.buckets
    }

    /// The slot with this hash for which `same` holds.
    pub(crate) fn find(&self, hash: u64, mut same: impl FnMut(u32) -> bool) -> Option<u32> {
        let tag = tag(hash);
        let mut at = self.first(tag);
        loop {
            let bucket = self.buckets.get(at);
            if bucket == EMPTY {
                return None;
            }
            if (bucket >> 32) as u32 == tag && same(bucket as u32) {
                return Some(bucket as u32);
            }
            at = (at + 1) & (self.buckets.len() - 1);
        }
    }

    /// Brings the buckets of these hashes into the processor's cache. One after the other, each of
    /// them would be waited for; side by side they come nearly at once.
    pub(crate) fn fetch(&self, hashes: &[u64]) {
        let first = |hash: &u64| self.buckets.get(self.first(tag(*hash)));
        std::hint::black_box(hashes.iter().map(first).fold(0, u64::wrapping_add));
    }

    /// Adds a slot that is not there.
    pub(crate) fn insert(&mut self, hash: u64, slot: u32) {
        self.count += 1;
        if !fits(self.count, self.buckets.len()) {
            self.grow();
        }
        self.put(u64::from(tag(hash)) << 32 | u64::from(slot));
    }

    pub(crate) fn freeze(&mut self) {
        self.buckets.freeze();
    }

    fn first(&self, tag: u32) -> usize {
        tag as usize & (self.buckets.len() - 1)
    }

    fn put(&mut self, bucket: u64) {
        let mut at = self.first((bucket >> 32) as u32);
        while self.buckets.get(at) != EMPTY {
            at = (at + 1) & (self.buckets.len() - 1);
        }
        self.buckets.set(at, bucket);
    }

    fn grow(&mut self) {
        let larger = Paged::filled(EMPTY, self.buckets.len() * 2);
        let old = std::mem::replace(&mut self.buckets, larger);
        for bucket in old.pages().flatten().filter(|bucket| **bucket != EMPTY) {
            self.put(*bucket);
        }
    }
}

/// The low bits of XXH3 are as good as the high ones; a record's place needs no more than 32.
fn tag(hash: u64) -> u32 {
    hash as u32
}

/// Five of eight buckets may be taken: a search then looks at two or three.
fn fits(count: usize, buckets: usize) -> bool {
    count <= buckets / 8 * 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use xxhash_rust::xxh3::xxh3_64;

    #[test]
    fn finds_what_was_put_and_nothing_else() {
        let id = |n: u32| format!("q{n}");
        let hash = |n: u32| xxh3_64(id(n).as_bytes());
        let mut slots = Slots::default();
        for n in 0..5000 {
            slots.insert(hash(n), n);
        }
        slots.freeze();
        let kept = Slots::of(slots.buckets().clone(), 5000).unwrap();
        for n in 0..5000 {
            assert_eq!(kept.find(hash(n), |slot| id(slot) == id(n)), Some(n));
        }
        for n in 5000..6000 {
            assert_eq!(kept.find(hash(n), |slot| id(slot) == id(n)), None);
        }
    }

    #[test]
    fn the_same_hash_may_stand_for_several() {
        let mut slots = Slots::default();
        (0..100).for_each(|n| slots.insert(7, n));
        assert_eq!(slots.find(7, |slot| slot == 60), Some(60));
        assert_eq!(slots.find(7, |_| false), None);
    }
}
