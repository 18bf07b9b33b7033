//! The order of a view: rows by a number that each has or has not.

use crate::judged::{Judged, mean_score};
use crate::parallel::each_part;
use crate::standing::Standing;
use crate::view::{Measure, Sort, SortKey};
use arrow_array::Array;
use goldstar_catalog::{Bits, Part, SHOWN, Table, map_in_parallel};
use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// Bits of a key that one pass sorts by.
const DIGIT_BITS: u32 = 11;

/// The rows in the order of a sort. Ties keep the order of the rows; rows without the value come
/// last, in either direction. `rank` gives each row its place by a text.
pub(crate) fn ordered(
    table: &Table,
    standing: &Standing,
    rows: &Bits,
    sort: &Sort,
    threads: usize,
    rank: impl FnOnce(&SortKey) -> Arc<[u32]>,
) -> Vec<u32> {
    let is_descending = sort.is_descending;
    let (mut with, without) = match &sort.key {
        SortKey::Row => return rows.ones().collect(),
        SortKey::CustomId | SortKey::Name => {
            let rank = rank(&sort.key);
            split(rows, is_descending, |row| rank.get(row as usize).copied())
        }
        SortKey::Score => return by_stars(rows, standing, sort, mean_score),
        SortKey::StarredAt => {
            let newest = |stars: &[Judged]| stars.iter().map(|j| j.star.at as f64).reduce(f64::max);
            return by_stars(rows, standing, sort, newest);
        }
        SortKey::Stars => {
            return by_stars(rows, standing, sort, |stars| Some(stars.len() as f64));
        }
        SortKey::Of(measure, model) => {
            let keys = measured(table, *measure, model, threads);
            split(rows, is_descending, |row| keys.get(row as usize).copied().filter(|key| *key > 0))
        }
    };
    radix(&mut with);
    with.into_iter().map(|keyed| keyed as u32).chain(without).collect()
}

/// Rows with a key, as key and row in one number, and those without.
fn split(
    rows: &Bits,
    is_descending: bool,
    key: impl Fn(u32) -> Option<u32>,
) -> (Vec<u64>, Vec<u32>) {
    let (mut with, mut without) = (Vec::with_capacity(rows.count_ones() as usize), Vec::new());
    for row in rows.ones() {
        match key(row) {
            Some(key) => {
                let key = if is_descending { !key } else { key };
                with.push(u64::from(key) << 32 | u64::from(row));
            }
            None => without.push(row),
        }
    }
    (with, without)
}

/// Sorts by the upper half of each number; equal ones keep their order.
fn radix(numbers: &mut Vec<u64>) {
    let mut sorted = vec![0; numbers.len()];
    for shift in (32..64).step_by(DIGIT_BITS as usize) {
        let digit = |number: u64| (number >> shift) as usize & ((1 << DIGIT_BITS) - 1);
        let mut places = [0_u32; 1 << DIGIT_BITS];
        numbers.iter().for_each(|number| places[digit(*number)] += 1);
        if places.iter().any(|count| *count as usize == numbers.len()) {
            continue; // all have the same digit
        }
        let mut next = 0;
        for place in &mut places {
            next += std::mem::replace(place, next);
        }
        for number in numbers.iter() {
            let place = &mut places[digit(*number)];
            sorted[*place as usize] = *number;
            *place += 1;
        }
        std::mem::swap(numbers, &mut sorted);
    }
}

/// By row, one more than the number that the model's first shown output has; 0 where there is none.
fn measured(table: &Table, measure: Measure, model: &str, threads: usize) -> Vec<u32> {
    let count = table.row_count() as usize;
    let Some(model) = table.models().iter().position(|known| *known.name == *model) else {
        return vec![0; count];
    };
    let parts: Vec<_> = table.parts().into_iter().filter(|part| has_model(part, model)).collect();
    let keys: Vec<AtomicU32> = (0..count).map(|_| AtomicU32::new(0)).collect();
    if parts.iter().any(|part| part.choices().iter().any(|choice| *choice > 0)) {
        // Which choice of a record comes first matters: one part after the other.
        let mut first = vec![u16::MAX; count];
        for part in &parts {
            each_number(part, measure, model, |at, row, key| {
                let choice = part.choices()[at];
                if choice <= first[row] {
                    first[row] = choice;
                    keys[row].store(key, Relaxed);
                }
            });
        }
    } else {
        // A record has one such output, so that no two threads write the same key.
        let none = || ();
        each_part(&parts, threads, none, |(), part| {
            each_number(part, measure, model, |_, row, key| keys[row].store(key, Relaxed));
        });
    }
    keys.into_iter().map(AtomicU32::into_inner).collect()
}

/// Hands out place, row and key of each shown output of a model in a part.
fn each_number(
    part: &Part<'_>,
    measure: Measure,
    model: usize,
    mut take: impl FnMut(usize, usize, u32),
) {
    let (models, flags, rows) = (part.models(), part.flags(), part.rows());
    let numbers = match measure {
        Measure::Chars => part.chars(),
        Measure::Tokens => part.tokens(),
    };
    let values = numbers.values();
    for at in 0..part.len {
        if usize::from(models[at]) == model && flags[at] & SHOWN != 0 {
            let key = if numbers.is_valid(at) { values[at].saturating_add(1) } else { 0 };
            take(at, rows[at] as usize, key);
        }
    }
}

fn has_model(part: &Part<'_>, model: usize) -> bool {
    part.models().iter().any(|of| usize::from(*of) == model)
}

fn by_stars(
    rows: &Bits,
    standing: &Standing,
    sort: &Sort,
    value: impl Fn(&[Judged]) -> Option<f64>,
) -> Vec<u32> {
    let mut without = rows.clone();
    let mut with: Vec<(f64, u32)> = Vec::new();
    for (row, stars) in standing.iter().filter(|(row, _)| rows.get(*row)) {
        if let Some(value) = value(stars) {
            with.push((value, row));
            without.remove(row);
        }
    }
    with.sort_by(|(a, _), (b, _)| if sort.is_descending { b.total_cmp(a) } else { a.total_cmp(b) });
    with.into_iter().map(|(_, row)| row).chain(without.ones()).collect()
}

/// A text that is compared in small letters; five million of them are not copied for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folded<'t>(pub(crate) &'t str);

impl Folded<'_> {
    fn letters(&self) -> impl Iterator<Item = char> {
        self.0.chars().flat_map(char::to_lowercase)
    }
}

impl Ord for Folded<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.0.is_ascii() && other.0.is_ascii() {
            let (mine, theirs) = (self.0.bytes(), other.0.bytes());
            return mine
                .map(|byte| byte.to_ascii_lowercase())
                .cmp(theirs.map(|byte| byte.to_ascii_lowercase()));
        }
        self.letters().cmp(other.letters())
    }
}

impl PartialOrd for Folded<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Folded<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Folded<'_> {}

/// By row, its place in the order of the texts that `of` gives; equal texts have the same place.
pub(crate) fn ranks<'t, K: Ord + Send>(
    count: u32,
    threads: usize,
    of: impl Fn(u32) -> K + Sync + 't,
) -> Arc<[u32]> {
    let share = count.div_ceil(threads.max(1) as u32).max(1);
    let starts: Vec<u32> = (0..count).step_by(share as usize).collect();
    let mut runs: Vec<Vec<(K, u32)>> = map_in_parallel(&starts, threads, |start| {
        let end = count.min(start + share);
        let mut run: Vec<_> = (*start..end).map(|row| (of(row), row)).collect();
        if !run.is_sorted() {
            run.sort_unstable();
        }
        run
    });
    while runs.len() > 1 {
        let (a, b) = (runs.remove(0), runs.remove(0));
        runs.push(merged(a, b));
    }
    let sorted = runs.pop().unwrap_or_default();
    let mut ranks = vec![0; count as usize];
    let mut rank = 0;
    for (at, (key, row)) in sorted.iter().enumerate() {
        if at > 0 && sorted[at - 1].0 != *key {
            rank += 1;
        }
        ranks[*row as usize] = rank;
    }
    ranks.into()
}

fn merged<T: Ord>(a: Vec<T>, b: Vec<T>) -> Vec<T> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        let next = if left <= right { a.next() } else { b.next() };
        all.extend(next);
    }
    all.extend(a);
    all.extend(b);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_compared_in_small_letters(a in "[aAbBéÉΣß]{0,6}", b in "[aAbBéÉΣß]{0,6}") {
            // Character by character: Σ has one small form, wherever it stands.
            let small = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
            prop_assert_eq!(Folded(&a).cmp(&Folded(&b)), small(&a).cmp(&small(&b)));
        }

        #[test]
        fn radix_sorts_by_the_key_and_keeps_ties(
            keys in prop::collection::vec(any::<u32>(), 0..300)
        ) {
            let numbered = keys.iter().zip(0_u64..).map(|(key, row)| u64::from(*key) << 32 | row);
            let mut numbers: Vec<u64> = numbered.collect();
            let mut expected = numbers.clone();
            expected.sort_by_key(|number| number >> 32);
            radix(&mut numbers);
            prop_assert_eq!(numbers, expected);
        }

        #[test]
        fn ranks_are_places_among_the_different(keys in prop::collection::vec(0_u8..20, 0..60)) {
            let mut different = keys.clone();
            different.sort_unstable();
            different.dedup();
            let place = |key: &u8| different.binary_search(key).unwrap() as u32;
            let expected: Vec<u32> = keys.iter().map(place).collect();
            let found = ranks(keys.len() as u32, 3, |row| keys[row as usize]);
            prop_assert_eq!(&*found, &expected[..]);
        }
    }
}
