//! What reviewers said of an output a second time, when their first star of it was hidden.

use crate::acts::Turn;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Two scores of one reviewer for the same text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reshown {
    /// The record.
    pub custom_id: Arc<str>,
    /// Who.
    pub starred_by: Arc<str>,
    /// The score that was hidden.
    pub first: u8,
    /// The score that was given without seeing it.
    pub second: u8,
}

/// All such pairs, by the start of the second star's line.
#[derive(Debug, Default)]
pub(crate) struct Pairs(BTreeMap<u64, Reshown>);

impl Pairs {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Reshown> {
        self.0.values()
    }

    /// Notes the pair that a turn makes, if it makes one: of the same text, or it is another thing.
    pub(crate) fn note(&mut self, Turn { before, after }: &Turn) {
        let second = &after.entry;
        if !after.is_star || !second.seen.reshown {
            return;
        }
        let is_first = |entry: &crate::entry::Entry| entry.text_hash == second.text_hash;
        let first = before.iter().find(|mark| mark.is_star && is_first(&mark.entry));
        let Some(first) = first else { return };
        let pair = Reshown {
            custom_id: second.custom_id.clone(),
            starred_by: second.starred_by.clone(),
            first: first.entry.quality_score,
            second: second.quality_score,
        };
        self.0.insert(second.origin, pair);
    }

    /// Forgets the pair of a turn that is taken back.
    pub(crate) fn forget(&mut self, turn: &Turn) {
        self.0.remove(&turn.after.entry.origin);
    }
}

#[cfg(test)]
mod tests {
    use crate::entry::Place;
    use crate::line::read_line;
    use crate::state::State;
    use serde_json::{Value, json};
    use ulid::Ulid;

    /// Folds lines; gives each pair of scores.
    fn pairs(lines: &[Value]) -> Vec<(u8, u8)> {
        let mut state = State::default();
        for (at, line) in lines.iter().enumerate() {
            let place = Place { offset: at as u64 * 100, length: 1, line: at as u64 + 1 };
            let line = read_line(line.to_string().as_bytes());
            state.fold(line, place, |text| text.len() as u64, &mut Vec::new());
        }
        state.reshown().map(|pair| (pair.first, pair.second)).collect()
    }

    fn star(by: &str, text: &str, score: u8) -> Value {
        json!({"custom_id": "c", "model": "m", "llm_output": text, "quality_score": score,
            "starred_by": by})
    }

    fn again(mut line: Value) -> Value {
        line["reshown"] = true.into();
        line
    }

    #[test]
    fn what_was_judged_again_unseen_is_a_pair() {
        let first = star("a", "x", 3);
        let both = [first.clone(), again(star("a", "x", 5))];
        assert_eq!(pairs(&both), [(3, 5)]);
        // The third look is a pair with the second; a later change of mind makes none.
        let more = [&both[..], &[again(star("a", "x", 9)), star("a", "x", 1)]].concat();
        assert_eq!(pairs(&more), [(3, 5), (5, 9)]);
        // Another text, another reviewer, nothing before it, or a first star that was seen.
        assert_eq!(pairs(&[first.clone(), again(star("a", "longer", 5))]), []);
        assert_eq!(pairs(&[first.clone(), again(star("b", "x", 5))]), []);
        assert_eq!(pairs(&[again(star("a", "x", 5))]), []);
        assert_eq!(pairs(&[first, star("a", "x", 5)]), []);
    }

    #[test]
    fn a_pair_goes_with_its_second_star_and_comes_back_with_it() {
        let id = |number: u64| Ulid::from_parts(1, number.into()).to_string();
        let (mut undo, mut second) = (star("a", "x", 3), again(star("a", "x", 5)));
        second["id"] = id(1).into();
        (undo["id"], undo["undoes"]) = (id(2).into(), id(1).into());
        let undone = [star("a", "x", 3), second.clone(), undo];
        assert_eq!(pairs(&undone), []);
        (second["id"], second["redoes"]) = (id(3).into(), id(1).into());
        assert_eq!(pairs(&[&undone[..], &[second]].concat()), [(3, 5)]);
    }
}
