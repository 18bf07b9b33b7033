//! The order of a view: rows by a number that each has or has not.

use crate::judged::{Judged, disagreement, mean_score, spread};
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
/// last, in either direction. `order` gives the order of all rows by what does not change with
/// stars.
pub(crate) fn ordered(
    standing: &Standing,
    rows: &Bits,
    sort: &Sort,
    order: impl FnOnce(&SortKey) -> Arc<Order>,
) -> Vec<u32> {
    match &sort.key {
        SortKey::Row => rows.ones().collect(),
        SortKey::Score => by_stars(rows, standing, sort, mean_score),
        SortKey::StarredAt => {
            let newest = |stars: &[Judged]| stars.iter().map(|j| j.star.at as f64).reduce(f64::max);
            by_stars(rows, standing, sort, newest)
        }
        SortKey::Spread => by_stars(rows, standing, sort, spread),
        SortKey::Disagreement => by_stars(rows, standing, sort, disagreement),
        SortKey::Stars => by_stars(rows, standing, sort, |stars| Some(stars.len() as f64)),
        SortKey::CustomId | SortKey::Name | SortKey::Of(..) => {
            order(&sort.key).pick(rows, sort.is_descending)
        }
    }
}

/// All rows in ascending order of a value; rows without it come last. Any set of rows is put in
/// this order by one look at each.
#[derive(Debug)]
pub(crate) struct Order {
    rows: Vec<u32>,
    /// Places in `rows` at which another value begins.
    begins: Bits,
    /// How many rows have the value.
    with: usize,
}

impl Order {
    /// The order by a number of a model's output.
    pub(crate) fn by_number(table: &Table, measure: Measure, model: &str, threads: usize) -> Self {
        let keys = measured(table, measure, model, threads);
        let (mut with, mut without) = (Vec::with_capacity(keys.len()), Vec::new());
        for (row, key) in (0_u32..).zip(&keys) {
            match key {
                0 => without.push(row),
                key => with.push(u64::from(*key) << 32 | u64::from(row)),
            }
        }
        radix(&mut with);
        let mut order = Self::of_sorted(&with, |keyed| (keyed >> 32, *keyed as u32));
        order.rows.append(&mut without);
        order
    }

    /// The order by a text of each of `count` rows.
    pub(crate) fn by_text<'t, K: Text<'t>>(
        count: u32,
        threads: usize,
        of: impl Fn(u32) -> K + Sync,
    ) -> Self {
        let share = count.div_ceil(threads.max(1) as u32).max(1);
        let starts: Vec<u32> = (0..count).step_by(share as usize).collect();
        let mut runs: Vec<Vec<(u64, K, u32)>> = map_in_parallel(&starts, threads, |start| {
            let end = count.min(start + share);
            let keyed = |row| {
                let key = of(row);
                (key.beginning(), key, row)
            };
            let mut run: Vec<_> = (*start..end).map(keyed).collect();
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
        Self::of_sorted(&sorted, |(beginning, key, row)| ((*beginning, *key), *row))
    }

    fn of_sorted<T, K: PartialEq>(sorted: &[T], key: impl Fn(&T) -> (K, u32)) -> Self {
        let mut begins = Bits::new(sorted.len() as u32);
        let mut rows = Vec::with_capacity(sorted.len());
        let mut last = None;
        for (at, item) in sorted.iter().enumerate() {
            let (key, row) = key(item);
            if last.as_ref() != Some(&key) {
                begins.set(at as u32);
                last = Some(key);
            }
            rows.push(row);
        }
        Self { rows, begins, with: sorted.len() }
    }

    /// Some rows in this order.
    fn pick(&self, meant: &Bits, is_descending: bool) -> Vec<u32> {
        let mut picked = Vec::with_capacity(meant.count_ones() as usize);
        let mut take = |rows: &[u32]| picked.extend(rows.iter().filter(|row| meant.get(**row)));
        let (with, without) = self.rows.split_at(self.with);
        if is_descending {
            let mut end = with.len();
            for at in (0..with.len()).rev().filter(|at| self.begins.get(*at as u32)) {
                take(&with[at..end]);
                end = at;
            }
        } else {
            take(with);
        }
        take(without);
        picked
    }

    /// Bytes that it takes to keep it.
    pub(crate) fn bytes(&self) -> usize {
        self.rows.len() * 4 + self.rows.len() / 8
    }
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
    for (row, stars) in standing.among(Some(rows)) {
        if let Some(value) = value(stars) {
            with.push((value, row));
            without.remove(row);
        }
    }
    with.sort_by(|(a, _), (b, _)| if sort.is_descending { b.total_cmp(a) } else { a.total_cmp(b) });
    with.into_iter().map(|(_, row)| row).chain(without.ones()).collect()
}

/// A text that rows are ordered by.
pub(crate) trait Text<'t>: Copy + Ord + Send {
    /// Its first eight bytes as a number, in the same order: most texts differ there already, and
    /// need not be looked at where they stand.
    fn beginning(&self) -> u64;
}

impl<'t> Text<'t> for &'t str {
    fn beginning(&self) -> u64 {
        number_of(self.bytes())
    }
}

impl<'t> Text<'t> for Folded<'t> {
    fn beginning(&self) -> u64 {
        if self.0.is_ascii() {
            return number_of(self.0.bytes().map(|byte| byte.to_ascii_lowercase()));
        }
        let small: String = self.letters().take(8).collect();
        number_of(small.bytes())
    }
}

fn number_of(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.chain([0; 8]).take(8).fold(0, |number, byte| number << 8 | u64::from(byte))
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
        fn a_set_of_rows_is_put_in_order_in_either_direction(
            texts in prop::collection::vec("[aAbé]{0,9}", 0..60),
            meant in prop::collection::vec(any::<bool>(), 60),
        ) {
            let order = Order::by_text(texts.len() as u32, 3, |row| Folded(&texts[row as usize]));
            let mut rows = Bits::new(texts.len() as u32);
            let all = 0..texts.len() as u32;
            let numbers: Vec<u32> = all.filter(|row| meant[*row as usize]).collect();
            numbers.iter().for_each(|row| rows.set(*row));
            let small = |row: &u32| texts[*row as usize].to_lowercase();
            let mut expected = numbers;
            expected.sort_by_key(small);
            prop_assert_eq!(order.pick(&rows, false), expected.clone());
            expected.sort_by_key(|row| *row);
            expected.sort_by_key(|row| std::cmp::Reverse(small(row)));
            prop_assert_eq!(order.pick(&rows, true), expected);
        }

        #[test]
        fn beginnings_are_in_the_order_of_the_texts(
            a in "[aAb\0éÉΣ]{0,10}", b in "[aAb\0éÉΣ]{0,10}",
        ) {
            let (x, y) = (Folded(&a), Folded(&b));
            prop_assert!(x.beginning() == y.beginning()
                || x.beginning().cmp(&y.beginning()) == x.cmp(&y));
        }
    }
}
