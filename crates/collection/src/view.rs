//! A view: the rows that answer a query, in order. Computed once, then every page is a slice.

use goldstar_catalog::Bits;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The rows of a view.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Every record in its own order.
    All(u32),
    /// So many, in their own order.
    Set(u32, Arc<Bits>),
    /// These, in this order.
    List(Arc<[u32]>),
}

impl Rows {
    /// Rows in their own order.
    pub(crate) fn of(rows: Bits) -> Self {
        Self::Set(rows.count_ones(), Arc::new(rows))
    }

    /// How many.
    pub fn len(&self) -> u32 {
        match self {
            Self::All(count) | Self::Set(count, _) => *count,
            Self::List(rows) => rows.len() as u32,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a row is among them.
    pub fn contains(&self, row: u32) -> bool {
        match self {
            Self::All(count) => row < *count,
            Self::Set(_, rows) => rows.get(row),
            Self::List(rows) => rows.contains(&row),
        }
    }

    /// At which position a row stands, from 0.
    pub fn position(&self, row: u32) -> Option<u32> {
        match self {
            Self::All(count) => (row < *count).then_some(row),
            Self::Set(_, rows) => rows.get(row).then(|| rows.count_below(row)),
            Self::List(rows) => rows.iter().position(|known| *known == row).map(|at| at as u32),
        }
    }

    /// The same as a set of the rows below `limit`; none when all are meant.
    pub(crate) fn as_set(&self, limit: u32) -> Option<Arc<Bits>> {
        match self {
            Self::All(_) => None,
            Self::Set(_, rows) => Some(rows.clone()),
            Self::List(list) => {
                let mut rows = Bits::new(limit);
                list.iter().for_each(|row| rows.set(*row));
                Some(Arc::new(rows))
            }
        }
    }

    /// Some of them, from an offset on.
    pub fn slice(&self, offset: u32, limit: u32) -> Vec<u32> {
        let start = offset.min(self.len());
        let end = start.saturating_add(limit).min(self.len());
        match self {
            Self::All(_) => (start..end).collect(),
            Self::Set(_, rows) => rows.ones_after(start).take((end - start) as usize).collect(),
            Self::List(rows) => rows[start as usize..end as usize].to_vec(),
        }
    }

    /// Bytes that it takes to keep it.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::All(_) => 0,
            Self::Set(_, rows) => rows.limit() as usize / 8,
            Self::List(rows) => rows.len() * 4,
        }
    }
}

/// The order of a view.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Greatest first.
    pub is_descending: bool,
}

/// What a view is ordered by. Ties keep the order of first appearance; records without the value
/// come last in either direction.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum SortKey {
    /// Order of first appearance.
    #[default]
    Row,
    /// The id.
    CustomId,
    /// The name.
    Name,
    /// The mean score.
    Score,
    /// The newest star.
    StarredAt,
    /// How many stars.
    Stars,
    /// How far apart the models' mean scores are.
    Spread,
    /// How far apart the reviewers of one output are.
    Disagreement,
    /// A number of a model's output, of its first choice.
    Of(Measure, String),
}

/// A number that an output has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Characters.
    Chars,
    /// Tokens.
    Tokens,
}

impl FromStr for Sort {
    type Err = String;

    /// Reads `score`, `-score`, `chars:MODEL`, …; the empty text is the order of first appearance.
    fn from_str(text: &str) -> Result<Self, String> {
        let (is_descending, key) = match text.strip_prefix('-') {
            Some(key) => (true, key),
            None => (false, text),
        };
        let key = match key {
            "" if !is_descending => SortKey::Row,
            "custom_id" => SortKey::CustomId,
            "name" => SortKey::Name,
            "score" => SortKey::Score,
            "starred_at" => SortKey::StarredAt,
            "stars" => SortKey::Stars,
            "spread" => SortKey::Spread,
            "disagreement" => SortKey::Disagreement,
            other => match other.split_once(':') {
                Some(("chars", model)) if !model.is_empty() => {
                    SortKey::Of(Measure::Chars, model.to_owned())
                }
                Some(("tokens", model)) if !model.is_empty() => {
                    SortKey::Of(Measure::Tokens, model.to_owned())
                }
                _ => {
                    return Err(
                        "must be custom_id, name, score, stars, spread, disagreement, starred_at, \
                         chars:MODEL or tokens:MODEL, with `-` before it for the greatest first"
                            .into(),
                    );
                }
            },
        };
        Ok(Self { key, is_descending })
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_descending { "-" } else { "" })?;
        match &self.key {
            SortKey::Row => Ok(()),
            SortKey::CustomId => f.write_str("custom_id"),
            SortKey::Name => f.write_str("name"),
            SortKey::Score => f.write_str("score"),
            SortKey::StarredAt => f.write_str("starred_at"),
            SortKey::Stars => f.write_str("stars"),
            SortKey::Spread => f.write_str("spread"),
            SortKey::Disagreement => f.write_str("disagreement"),
            SortKey::Of(Measure::Chars, model) => write!(f, "chars:{model}"),
            SortKey::Of(Measure::Tokens, model) => write!(f, "tokens:{model}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_read_and_print() {
        for text in [
            "",
            "custom_id",
            "-name",
            "score",
            "-starred_at",
            "-spread",
            "-disagreement",
            "chars:a/b:c",
            "-tokens:m",
        ] {
            assert_eq!(text.parse::<Sort>().unwrap().to_string(), text);
        }
        for text in ["-", "size", "chars:", "tokens", "score "] {
            assert!(text.parse::<Sort>().is_err(), "{text}");
        }
    }

    #[test]
    fn slices_never_leave_the_view() {
        let list = Rows::List(Arc::from([5, 3, 9]));
        assert_eq!(list.slice(1, 10), [3, 9]);
        assert!(list.slice(3, 1).is_empty());
        let mut bits = Bits::new(200);
        [3, 100, 199].into_iter().for_each(|row| bits.set(row));
        let set = Rows::of(bits);
        assert_eq!((set.len(), set.slice(1, 10)), (3, vec![100, 199]));
        let positions = [set.position(3), set.position(199), set.position(4), set.position(500)];
        assert_eq!(positions, [Some(0), Some(2), None, None]);
        assert_eq!((list.position(9), list.position(4)), (Some(2), None));
        assert_eq!((Rows::All(4).position(3), Rows::All(4).position(4)), (Some(3), None));
        assert_eq!(Rows::All(4).slice(2, u32::MAX), [2, 3]);
        assert!(Rows::All(4).slice(u32::MAX, 5).is_empty());
    }
}
