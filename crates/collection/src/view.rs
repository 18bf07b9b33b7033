//! A view: the rows that answer a query, in order. Computed once, then every page is a slice.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The rows of a view.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Every record in its own order.
    All(u32),
    /// These.
    Some(Arc<[u32]>),
}

impl Rows {
    /// How many.
    pub fn len(&self) -> u32 {
        match self {
            Self::All(count) => *count,
            Self::Some(rows) => rows.len() as u32,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of them, from an offset on.
    pub fn slice(&self, offset: u32, limit: u32) -> Vec<u32> {
        let start = offset.min(self.len());
        let end = start.saturating_add(limit).min(self.len());
        match self {
            Self::All(_) => (start..end).collect(),
            Self::Some(rows) => rows[start as usize..end as usize].to_vec(),
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
    /// Characters of a model's output.
    Chars(String),
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
            other => match other.strip_prefix("chars:").filter(|model| !model.is_empty()) {
                Some(model) => SortKey::Chars(model.to_owned()),
                None => {
                    return Err("must be custom_id, name, score, starred_at or chars:MODEL, \
                                with `-` before it for the greatest first"
                        .into());
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
            SortKey::Chars(model) => write!(f, "chars:{model}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_read_and_print() {
        for text in ["", "custom_id", "-name", "score", "-starred_at", "chars:a/b:c", "-chars:m"] {
            assert_eq!(text.parse::<Sort>().unwrap().to_string(), text);
        }
        for text in ["-", "size", "chars:", "score "] {
            assert!(text.parse::<Sort>().is_err(), "{text}");
        }
    }

    #[test]
    fn slices_never_leave_the_view() {
        let some = Rows::Some(Arc::from([5, 3, 9]));
        assert_eq!(some.slice(1, 10), [3, 9]);
        assert!(some.slice(3, 1).is_empty());
        assert_eq!(Rows::All(4).slice(2, u32::MAX), [2, 3]);
        assert!(Rows::All(4).slice(u32::MAX, 5).is_empty());
    }
}
