//! Clauses about outputs as masks over columns: which entries of a part meet them.

use crate::query::{Condition, Range};
use arrow_array::{Array, BooleanArray, StringArray, UInt32Array};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use arrow_ord::cmp::{gt_eq, lt_eq};
use goldstar_catalog::{ModelNo, Part, SHOWN, State, Table};
use memchr::memmem;

/// A condition on an output that columns answer.
#[derive(Debug)]
pub(crate) enum Clause {
    /// By number of the model: whether it is meant.
    Model(Vec<bool>),
    Finish(String),
    Tokens(Range),
    Chars(Range),
    File(String),
    State(State),
}

impl Clause {
    /// The clause of a condition; none for those that columns of outputs do not answer.
    pub(crate) fn of(condition: &Condition, table: &Table) -> Option<Self> {
        Some(match condition {
            Condition::Model(part) => Self::Model(
                table.models().iter().map(|model| contains(&model.name, part)).collect(),
            ),
            Condition::Finish(reason) => Self::Finish(reason.clone()),
            Condition::Tokens(range) => Self::Tokens(*range),
            Condition::Chars(range) => Self::Chars(*range),
            Condition::File(part) => Self::File(part.clone()),
            Condition::IsError => Self::State(State::Error),
            Condition::IsEmpty => Self::State(State::Empty),
            _ => return None,
        })
    }

    /// The entries of a part that meet it, shown or not.
    pub(crate) fn mask(&self, part: &Part<'_>) -> BooleanBuffer {
        match self {
            Self::Model(meant) => {
                let models = part.models();
                let is_meant = |model: ModelNo| meant.get(usize::from(model)) == Some(&true);
                BooleanBuffer::collect_bool(part.len, |at| is_meant(models[at]))
            }
            Self::Finish(reason) => {
                let names = part.finish_names().iter();
                let meant: Vec<bool> =
                    names.map(|name| name.eq_ignore_ascii_case(reason)).collect();
                if !meant.contains(&true) {
                    return BooleanBuffer::new_unset(part.len);
                }
                let finishes = part.finishes();
                let codes = finishes.values();
                let is_meant = |code: u16| meant.get(usize::from(code)) == Some(&true);
                BooleanBuffer::collect_bool(part.len, |at| is_meant(codes[at]))
            }
            Self::Tokens(range) => in_range(&part.tokens(), *range),
            Self::Chars(range) => in_range(&part.chars(), *range),
            Self::File(text) if contains(part.file(), text) => BooleanBuffer::new_set(part.len),
            Self::File(_) => BooleanBuffer::new_unset(part.len),
            Self::State(state) => {
                let (states, code) = (part.states(), *state as u8);
                BooleanBuffer::collect_bool(part.len, |at| states[at] == code)
            }
        }
    }
}

/// The entries of a part that are shown outputs.
pub(crate) fn shown(part: &Part<'_>) -> BooleanBuffer {
    flagged(part, SHOWN)
}

/// The entries of a part that have a flag.
pub(crate) fn flagged(part: &Part<'_>, flag: u8) -> BooleanBuffer {
    let flags = part.flags();
    BooleanBuffer::collect_bool(part.len, |at| flags[at] & flag != 0)
}

fn in_range(numbers: &UInt32Array, range: Range) -> BooleanBuffer {
    // A number that no column can hold: nothing is so great, and everything is below it.
    let bound = |number: u64| u32::try_from(number).ok();
    let least = match range.from.map(bound) {
        Some(None) => return BooleanBuffer::new_unset(numbers.len()),
        from => from.flatten().unwrap_or(0),
    };
    let most = range.to.and_then(bound).unwrap_or(u32::MAX);
    let same = "both sides are numbers of one kind";
    let above = gt_eq(numbers, &UInt32Array::new_scalar(least)).expect(same);
    let below = lt_eq(numbers, &UInt32Array::new_scalar(most)).expect(same);
    &known(&above) & &known(&below)
}

/// What is not known meets no clause.
fn known(mask: &BooleanArray) -> BooleanBuffer {
    match mask.nulls() {
        Some(nulls) => mask.values() & nulls.inner(),
        None => mask.values().clone(),
    }
}

/// Which of many short texts contain another, in whatever case: all are looked through at once.
pub(crate) fn containing(texts: &StringArray, wanted: &str) -> BooleanBuffer {
    if wanted.is_empty() || !wanted.is_ascii() {
        return BooleanBuffer::collect_bool(texts.len(), |at| contains(texts.value(at), wanted));
    }
    let offsets = texts.value_offsets();
    let (first, last) = (offsets[0] as usize, offsets[texts.len()] as usize);
    let bytes = &texts.value_data()[first..last];
    let mut found = BooleanBufferBuilder::new(texts.len());
    found.append_n(texts.len(), false);
    let ends: Vec<usize> = offsets[1..].iter().map(|end| *end as usize - first).collect();
    let lower = bytes.to_ascii_lowercase();
    each_with(&lower, wanted.to_ascii_lowercase().as_bytes(), &ends, |at| found.set_bit(at, true));
    // Two letters outside ASCII have one inside it as their small form.
    for odd in ["\u{130}", "\u{212a}"] {
        each_with(bytes, odd.as_bytes(), &ends, |at| {
            if contains(texts.value(at), wanted) {
                found.set_bit(at, true);
            }
        });
    }
    found.finish()
}

/// Hands out the number of each text that has `wanted`; the texts stand one behind the other.
fn each_with(bytes: &[u8], wanted: &[u8], ends: &[usize], mut take: impl FnMut(usize)) {
    let finder = memmem::Finder::new(wanted);
    let (mut at, mut from) = (0, 0);
    while let Some(ahead) = finder.find(&bytes[from..]) {
        let hit = from + ahead;
        while ends[at] <= hit {
            at += 1;
        }
        // What begins in one text and ends in the next stands in neither.
        let is_whole = hit + wanted.len() <= ends[at];
        if is_whole {
            take(at);
        }
        from = if is_whole { ends[at] } else { hit + 1 };
    }
}

/// Whether a short text contains another, in whatever case.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    if !(text.is_ascii() && part.is_ascii()) {
        return text.to_lowercase().contains(&part.to_lowercase());
    }
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let Some(first) = part.first() else { return true };
    let Some(last_start) = text.len().checked_sub(part.len()) else { return false };
    let starts = &text[..=last_start];
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(lower, upper, starts)
        .any(|at| text[at..at + part.len()].eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn many_are_looked_at_as_one_by_one(
            texts in prop::collection::vec(prop::option::of("[aAbBéKİ]{0,5}"), 1..20),
            wanted in "[aAbBék]{0,3}",
            skip in 0_usize..20,
        ) {
            let array = StringArray::from(texts.clone());
            let skip = skip.min(texts.len() - 1);
            let array = array.slice(skip, texts.len() - skip);
            let found: Vec<bool> = containing(&array, &wanted).iter().collect();
            let texts = texts[skip..].iter().map(|text| text.as_deref().unwrap_or_default());
            prop_assert_eq!(found, texts.map(|text| contains(text, &wanted)).collect::<Vec<_>>());
        }

        #[test]
        fn contains_in_whatever_case(text in "[aAbBßéÉ ]{0,12}", part in "[aAbBéÉ]{0,3}") {
            let expected = text.to_lowercase().contains(&part.to_lowercase());
            prop_assert_eq!(contains(&text, &part), expected);
        }
    }
}
