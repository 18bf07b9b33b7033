//! A few things that were dear to compute, kept as long as they fit: what was used last stays.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Values by key, the one that was used last in front.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    items: VecDeque<(K, V)>,
    count_max: usize,
    bytes_max: usize,
}

/// What is kept under a key, or made now and kept. Whoever asks meanwhile waits for this one.
pub(crate) fn kept_or<K: PartialEq, V: Clone>(
    kept: &Mutex<Kept<K, V>>,
    key: K,
    make: impl FnOnce() -> V,
    bytes: impl Fn(&V) -> usize,
) -> V {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get(&key).unwrap_or_else(|| {
        let made = make();
        kept.put(key, made.clone(), bytes);
        made
    })
}

impl<K: PartialEq, V: Clone> Kept<K, V> {
    /// At most so many, and in so many bytes; the last one stays in any case.
    pub(crate) fn new(count_max: usize, bytes_max: usize) -> Self {
        Self { items: VecDeque::new(), count_max, bytes_max }
    }

    pub(crate) fn get(&mut self, key: &K) -> Option<V> {
        let at = self.items.iter().position(|(known, _)| known == key)?;
        let found = self.items.remove(at)?;
        self.items.push_front(found);
        self.items.front().map(|(_, value)| value.clone())
    }

    /// Gives a value away.
    pub(crate) fn take(&mut self, key: &K) -> Option<V> {
        let at = self.items.iter().position(|(known, _)| known == key)?;
        self.items.remove(at).map(|(_, value)| value)
    }

    /// Keeps a value; `bytes` says what each takes.
    pub(crate) fn put(&mut self, key: K, value: V, bytes: impl Fn(&V) -> usize) {
        self.items.push_front((key, value));
        let mut sum = 0;
        let fitting = self.items.iter().take_while(|(_, value)| {
            sum += bytes(value);
            sum <= self.bytes_max
        });
        let count = fitting.count().clamp(1, self.count_max);
        self.items.truncate(count);
    }

    /// Forgets what is out of date.
    pub(crate) fn retain(&mut self, is_good: impl Fn(&K) -> bool) {
        self.items.retain(|(key, _)| is_good(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_last_stays() {
        let mut kept = Kept::new(3, 10);
        for (key, bytes) in [('a', 4), ('b', 4), ('c', 1)] {
            kept.put(key, bytes, |bytes| *bytes);
        }
        assert_eq!(kept.get(&'a'), Some(4));
        kept.put('d', 1, |bytes| *bytes);
        let found: Vec<_> = ['a', 'b', 'c', 'd'].iter().map(|key| kept.get(key)).collect();
        assert_eq!(found, [Some(4), None, Some(1), Some(1)]);
        kept.put('e', 11, |bytes| *bytes);
        assert_eq!((kept.get(&'e'), kept.get(&'d')), (Some(11), None));
        kept.retain(|key| *key != 'e');
        assert_eq!(kept.get(&'e'), None);
    }
}
