//! `goldstar.toml`: what a collection's owner may set. Everything has a default.

use crate::assignment::Assignment;
use crate::stamp::Stamp;
use goldstar_catalog::NameRule;
use goldstar_journal::Limits as StarLimits;
use regex::Regex;
use serde::Deserialize;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use toml::Spanned;

/// A day: no claim lasts longer.
const CLAIM_MINUTES_MAX: u32 = 24 * 60;

/// The settings of a collection.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the column of names is headed.
    pub name_heading: String,
    /// Where names of records come from.
    pub names: NameRule,
    /// How large things may be.
    pub limits: Limits,
    /// What reviewers are not to see.
    pub blind: Blind,
    /// How reviewers are led.
    pub review: Review,
    /// For how long a record is somebody's who has it before them; 0: claims are switched off.
    pub claim_minutes: u32,
    /// Who reviews what.
    pub assignments: Vec<Assignment>,
    /// What the file says of it, if anything.
    pub(crate) said_blind: WrittenBlind,
    /// What the file looked like before it was read.
    pub(crate) stamp: Option<Stamp>,
}

/// What reviewers are not to see while they judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Blind {
    /// Stars of others on an output that one has not starred.
    pub scores: bool,
    /// Names of models, until all outputs of a record are starred; the page hides them.
    pub models: bool,
}

/// How reviewers are led from record to record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Review {
    /// The share of steps that lead to a record which the reviewer has starred before.
    pub reshow: f64,
    /// At least how many days before.
    pub reshow_days: u32,
}

impl Default for Review {
    fn default() -> Self {
        Self { reshow: 0.0, reshow_days: 7 }
    }
}

/// How large things may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Body of a request, bytes.
    pub body_bytes: usize,
    /// Records in one answer.
    pub page: usize,
    /// A line of a batch, bytes.
    pub line_bytes: usize,
    /// A query, bytes.
    pub query_bytes: usize,
    /// What a star may hold.
    pub star: StarLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 8 << 20,
            page: 500,
            line_bytes: 256 << 20,
            query_bytes: 4 << 10,
            star: StarLimits::default(),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name_heading: "Candidate".into(),
            names: NameRule::default(),
            limits: Limits::default(),
            blind: Blind::default(),
            review: Review::default(),
            claim_minutes: 10,
            assignments: Vec::new(),
            said_blind: WrittenBlind::default(),
            stamp: None,
        }
    }
}

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {what}")]
pub struct SettingsError {
    /// The settings file.
    pub file: String,
    /// What is wrong and where.
    pub what: String,
    /// The file cannot be read at all.
    pub is_unreadable: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Written {
    name_heading: Option<String>,
    name_pointer: Option<String>,
    name_regex: Option<String>,
    limits: WrittenLimits,
    blind: WrittenBlind,
    review: WrittenReview,
    assignment: Vec<Spanned<Assignment>>,
}

/// What the file says that reviewers are not to see.
#[derive(Debug, Clone, Copy, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WrittenBlind {
    pub(crate) scores: Option<bool>,
    pub(crate) models: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WrittenReview {
    claim_minutes: Option<u32>,
    reshow: Option<f64>,
    reshow_days: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WrittenLimits {
    body_bytes: Option<usize>,
    page: Option<usize>,
    line_bytes: Option<usize>,
    query_bytes: Option<usize>,
    notes_bytes: Option<usize>,
    tags: Option<usize>,
    tag_chars: Option<usize>,
}

impl Settings {
    /// Reads `goldstar.toml` in a folder; the defaults when there is none.
    pub fn read(folder: &Path) -> Result<Self, SettingsError> {
        Ok(Self::read_if_there(folder)?.unwrap_or_default())
    }

    /// The same; none when there is no file.
    pub(crate) fn read_if_there(folder: &Path) -> Result<Option<Self>, SettingsError> {
        let path = Self::place(folder);
        let unreadable = |error: io::Error| {
            let is_unreadable = error.kind() != ErrorKind::InvalidData;
            Self::error(folder, format!("cannot be read: {error}"), is_unreadable)
        };
        let stamp = Stamp::of_file(&path).map_err(unreadable)?;
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let read = Self::parse(&text).map_err(|what| Self::error(folder, what, false))?;
                Ok(Some(Self { stamp, ..read }))
            }
            Err(missing) if missing.kind() == ErrorKind::NotFound => Ok(None),
            Err(other) => Err(unreadable(other)),
        }
    }

    /// Where the file is.
    pub(crate) fn place(folder: &Path) -> PathBuf {
        folder.join("goldstar.toml")
    }

    pub(crate) fn error(folder: &Path, what: String, is_unreadable: bool) -> SettingsError {
        SettingsError { file: Self::place(folder).display().to_string(), what, is_unreadable }
    }

    /// Whether nothing is different that may change while a collection is open.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.name_heading == other.name_heading
            && self.blind == other.blind
            && self.review == other.review
            && self.claim_minutes == other.claim_minutes
            && self.assignments == other.assignments
    }

    /// Reads the text of a settings file. `Err`: what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut settings = Self::default();
        if let Some(heading) = written.name_heading {
            settings.name_heading = heading;
        }
        if let Some(pointer) = &written.name_pointer
            && !pointer.starts_with('/')
        {
            return Err(format!(
                "name_pointer: `{pointer}` must begin with `/`, as in `/meta/name`"
            ));
        }
        settings.names.pointer = written.name_pointer;
        if let Some(regex) = written.name_regex {
            let regex = Regex::new(&regex).map_err(|error| format!("name_regex: {error}"))?;
            settings.names.regex = Some(regex);
        }
        settings.limits = written.limits.checked()?;
        settings.blind = Blind {
            scores: written.blind.scores.unwrap_or(false),
            models: written.blind.models.unwrap_or(false),
        };
        settings.said_blind = written.blind;
        settings.review = written.review.checked()?;
        if let Some(minutes) = written.review.claim_minutes {
            if minutes > CLAIM_MINUTES_MAX {
                let most = CLAIM_MINUTES_MAX;
                return Err(format!("review.claim_minutes: {minutes} is not 0 to {most}"));
            }
            settings.claim_minutes = minutes;
        }
        for assignment in written.assignment {
            let line = 1 + text[..assignment.span().start].matches('\n').count();
            let assignment = assignment.into_inner();
            if settings.assignments.iter().any(|known| known.name == assignment.name) {
                return Err(format!(
                    "line {line}: the assignment {} is there twice",
                    assignment.name
                ));
            }
            settings.assignments.push(assignment);
        }
        Ok(settings)
    }
}

impl WrittenReview {
    fn checked(&self) -> Result<Review, String> {
        let mut review = Review::default();
        match self.reshow {
            Some(share) if (0.0..=1.0).contains(&share) => review.reshow = share,
            Some(share) => return Err(format!("review.reshow: {share} is not 0 to 1")),
            None => {}
        }
        review.reshow_days = self.reshow_days.unwrap_or(review.reshow_days);
        Ok(review)
    }
}

impl WrittenLimits {
    fn checked(self) -> Result<Limits, String> {
        let mut limits = Limits::default();
        let star = &mut limits.star;
        for (name, written, limit, most) in [
            ("body_bytes", self.body_bytes, &mut limits.body_bytes, 1 << 30),
            ("page", self.page, &mut limits.page, 10_000),
            ("line_bytes", self.line_bytes, &mut limits.line_bytes, 1 << 30),
            ("query_bytes", self.query_bytes, &mut limits.query_bytes, 1 << 20),
            ("notes_bytes", self.notes_bytes, &mut star.notes_bytes, 1 << 20),
            ("tags", self.tags, &mut star.tags, 10_000),
            ("tag_chars", self.tag_chars, &mut star.tag_chars, 10_000),
        ] {
            match written {
                Some(value) if (1..=most).contains(&value) => *limit = value,
                Some(value) => return Err(format!("limits.{name}: {value} is not 1 to {most}")),
                None => {}
            }
        }
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_default() {
        let settings = Settings::parse("").unwrap();
        assert_eq!(settings.name_heading, "Candidate");
        assert_eq!(settings.limits, Limits::default());
    }

    #[test]
    fn what_is_set_counts() {
        let text = "name_heading = \"Question\"\nname_pointer = \"/a/b\"\nname_regex = 'Q: (.*)'\n\
                    [limits]\npage = 50\ntags = 3\n";
        let settings = Settings::parse(text).unwrap();
        assert_eq!(settings.name_heading, "Question");
        assert_eq!(settings.names.pointer.as_deref(), Some("/a/b"));
        assert_eq!((settings.limits.page, settings.limits.star.tags), (50, 3));
        assert_eq!(settings.claim_minutes, 10);
        assert_eq!(Settings::parse("[review]\nclaim_minutes = 0").unwrap().claim_minutes, 0);
    }

    #[test]
    fn nobody_is_blind_and_nothing_comes_again_unless_asked_for() {
        let settings = Settings::parse("").unwrap();
        assert_eq!(settings.blind, Blind { scores: false, models: false });
        assert_eq!(settings.review, Review { reshow: 0.0, reshow_days: 7 });
        let text = "[blind]\nscores = true\n[review]\nreshow = 0.05\nreshow_days = 0\n";
        let settings = Settings::parse(text).unwrap();
        assert_eq!(settings.blind, Blind { scores: true, models: false });
        assert_eq!(settings.review, Review { reshow: 0.05, reshow_days: 0 });
    }

    #[test]
    fn mistakes_are_named() {
        let check = |text: &str, expected: &str| {
            let error = Settings::parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        };
        check("name_headin = 1", "unknown field `name_headin`");
        check("name_pointer = \"a\"", "must begin with `/`");
        check("name_regex = \"(\"", "name_regex");
        check("[limits]\npage = 0", "limits.page: 0 is not 1 to 10000");
        check("[blind]\nscore = true", "unknown field `score`");
        check("[blind]\nscores = 1", "expected a boolean");
        check("[review]\nreshow = 1.5", "review.reshow: 1.5 is not 0 to 1");
        check("[review]\nreshow = nan", "review.reshow: NaN is not 0 to 1");
        check("[review]\nclaim_minutes = 1441", "review.claim_minutes: 1441 is not 0 to 1440");
        check("[review]\nclaim = 1", "line 2");
        check("x", "line 1");
    }
}
