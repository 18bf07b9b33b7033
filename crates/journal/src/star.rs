//! A star and its rules: what a score, a tag and a note may be.

use crate::seen::Seen;
use std::fmt;

/// How much a star may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest note, bytes.
    pub notes_bytes: usize,
    /// Most tags of one star.
    pub tags: usize,
    /// Longest tag, characters.
    pub tag_chars: usize,
    /// Longest name of a reviewer or a model, characters.
    pub name_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { notes_bytes: 64 * 1024, tags: 64, tag_chars: 64, name_chars: 512 }
    }
}

/// One reviewer's judgment of one output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Star {
    /// The record.
    pub custom_id: String,
    /// What the record is called.
    pub candidate_name: String,
    /// The text that was judged.
    pub llm_output: String,
    /// How good it is.
    pub quality_score: Score,
    /// In the order in which they were given.
    pub tags: Vec<String>,
    /// Free text.
    pub notes: String,
    /// Who judged.
    pub starred_by: String,
    /// When: RFC 3339, UTC. Old lines may hold other forms; they are kept as they are.
    pub starred_at: String,
    /// The served model; absent in lines of the old tool.
    pub model: Option<String>,
    /// The choice, from 0.
    pub choice: u16,
    /// A person or an agent.
    pub kind: Kind,
    /// The idempotency key.
    pub id: Option<ulid::Ulid>,
    /// Names the prompt: `xxh3:` and 16 hexadecimal digits.
    pub input_hash: Option<String>,
    /// Names the text: `xxh3:` and 16 hexadecimal digits.
    pub output_hash: Option<String>,
    /// The agent's star that a person made their own by this one.
    pub accepted: Option<ulid::Ulid>,
    /// How the output stood before the reviewer.
    pub seen: Seen,
}

/// A quality from 1 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// A score, if it is 1 to 10.
    pub fn new(value: i64) -> Result<Self, Invalid> {
        match u8::try_from(value) {
            Ok(score @ 1..=10) => Ok(Self(score)),
            _ => {
                let detail = format!("must be a whole number from 1 to 10, not {value}");
                Err(Invalid { field: "quality_score", detail })
            }
        }
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// Who stars: a person, or a program that judges by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A person.
    #[default]
    Human,
    /// A program.
    Agent,
}

impl Kind {
    /// The word in files and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
        }
    }

    /// The kind a word names.
    pub fn from_word(word: &str) -> Result<Self, Invalid> {
        match word {
            "human" => Ok(Self::Human),
            "agent" => Ok(Self::Agent),
            other => Err(Invalid {
                field: "kind",
                detail: format!("must be `human` or `agent`, not `{}`", shortened(other)),
            }),
        }
    }
}

/// A value that a star may not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    /// The field.
    pub field: &'static str,
    /// What is expected, and what was found.
    pub detail: String,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.detail)
    }
}

impl Limits {
    /// Tags as they are kept: trimmed, none twice, none empty.
    pub fn checked_tags<T: AsRef<str>>(
        &self,
        tags: impl IntoIterator<Item = T>,
    ) -> Result<Vec<String>, Invalid> {
        let invalid = |detail| Err(Invalid { field: "tags", detail });
        let mut kept: Vec<String> = Vec::new();
        for tag in tags {
            let tag = tag.as_ref().trim();
            if tag.is_empty() || kept.iter().any(|known| known == tag) {
                continue;
            }
            if tag.chars().count() > self.tag_chars {
                let (tag, most) = (shortened(tag), self.tag_chars);
                return invalid(format!("`{tag}` is longer than {most} characters"));
            }
            if tag.chars().any(|c| c.is_control() || c == ',') {
                let tag = shortened(tag);
                return invalid(format!("`{tag}` holds a comma or a control character"));
            }
            kept.push(tag.to_owned());
        }
        if kept.len() > self.tags {
            return invalid(format!("must be at most {}, not {}", self.tags, kept.len()));
        }
        Ok(kept)
    }

    /// Notes, if they are not too long.
    pub fn checked_notes(&self, notes: &str) -> Result<String, Invalid> {
        if notes.len() > self.notes_bytes {
            let detail = format!("must be at most {} bytes, not {}", self.notes_bytes, notes.len());
            return Err(Invalid { field: "notes", detail });
        }
        Ok(notes.to_owned())
    }

    /// The id of a record: whatever the batches hold, but something.
    pub fn checked_id(&self, id: &str) -> Result<String, Invalid> {
        let detail = match id.len() {
            0 => "must not be empty".to_owned(),
            length if length > self.notes_bytes => {
                format!("must be at most {} bytes, not {length}", self.notes_bytes)
            }
            _ => return Ok(id.to_owned()),
        };
        Err(Invalid { field: "custom_id", detail })
    }

    /// The name under which somebody may sign in: it looks like no other one, nothing in it is not
    /// seen.
    pub fn checked_reviewer(&self, field: &'static str, name: &str) -> Result<String, Invalid> {
        let name = self.checked_name(field, name)?;
        if name.chars().any(is_unseen) {
            let detail = "must not hold characters that are not seen".to_owned();
            return Err(Invalid { field, detail });
        }
        Ok(name)
    }

    /// A name that can be shown in one line: not empty, not too long, no control characters.
    pub fn checked_name(&self, field: &'static str, name: &str) -> Result<String, Invalid> {
        let name = name.trim();
        let detail = if name.is_empty() {
            "must not be empty".to_owned()
        } else if name.chars().count() > self.name_chars {
            format!("must be at most {} characters", self.name_chars)
        } else if name.chars().any(char::is_control) {
            "must not hold control characters".to_owned()
        } else {
            return Ok(name.to_owned());
        };
        Err(Invalid { field, detail })
    }
}

/// Marks of direction and spaces of no width. Joiners stay: scripts and emoji need them.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores() {
        for good in 1..=10 {
            assert_eq!(i64::from(Score::new(good).unwrap().get()), good);
        }
        for bad in [i64::MIN, -1, 0, 11, 256 + 9, i64::MAX] {
            let invalid = Score::new(bad).unwrap_err();
            assert_eq!(invalid.field, "quality_score");
            assert!(invalid.detail.ends_with(&bad.to_string()), "{invalid}");
        }
    }

    #[test]
    fn tags() {
        let check = |given: &[&str], expected: Result<&[&str], &str>| {
            let found = Limits::default().checked_tags(given).map_err(|invalid| invalid.detail);
            assert_eq!(
                found,
                expected
                    .map(|tags| tags.iter().map(|t| (*t).to_owned()).collect())
                    .map_err(str::to_owned)
            );
        };
        check(&[" a", "b ", "a", "", "  "], Ok(&["a", "b"]));
        check(&["日本語 タグ"], Ok(&["日本語 タグ"]));
        check(&["a,b"], Err("`a,b` holds a comma or a control character"));
        let long = "x".repeat(65);
        check(&[&long], Err(&format!("`{}…` is longer than 64 characters", &long[..40])));
        let many: Vec<String> = (0..65).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        check(&many, Err("must be at most 64, not 65"));
    }

    #[test]
    fn notes_and_names() {
        let limits = Limits::default();
        assert!(limits.checked_notes(&"x".repeat(64 * 1024)).is_ok());
        assert!(limits.checked_notes(&"x".repeat(64 * 1024 + 1)).is_err());
        assert_eq!(limits.checked_name("starred_by", " Ann ").unwrap(), "Ann");
        assert!(limits.checked_name("starred_by", "  ").is_err());
        assert!(limits.checked_name("starred_by", "a\nb").is_err());
        // Two that look alike are not two reviewers; joiners are part of how names are written.
        assert!(limits.checked_reviewer("starred_by", "an\u{200b}n").is_err());
        assert!(limits.checked_reviewer("starred_by", "\u{202e}nna").is_err());
        let joined = "\u{645}\u{6cc}\u{200c}\u{62e}";
        assert_eq!(limits.checked_reviewer("starred_by", joined).unwrap(), joined);
    }
}
