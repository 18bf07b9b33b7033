//! What is asked of a collection: a plain tree, and the text that people write in a search box.
//!
//! The grammar, in short: clauses side by side all have to hold; `-` before one turns it round;
//! a clause is a word, a `"phrase"`, a `beginning*`, a `/pattern/`, or `field:value`. Evaluation is
//! beside this file, not in it.

use crate::times::Times;
use goldstar_catalog::Phrase;
use regex::Regex;
use std::fmt;

/// All clauses have to hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Query {
    /// In the order in which they were written.
    pub clauses: Vec<Clause>,
}

/// A condition, or its opposite.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clause {
    /// Holds when no output (no star) meets the condition.
    pub negated: bool,
    /// The condition.
    pub condition: Condition,
}

/// What is asked of one output, one star, or the record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The words of the text stand one behind the other in the output, the prompt, the name, the
    /// id, or in a star's notes or tags; a text without words stands there as it is.
    Text(String),
    /// The same, but the last word may go on.
    Prefix(String),
    /// The pattern fits somewhere in one of these texts.
    Pattern(String),
    /// An output of the model whose name contains this.
    Model(String),
    /// An output that stopped for this reason.
    Finish(String),
    /// An output of so many tokens.
    Tokens(Range),
    /// An output of so many characters.
    Chars(Range),
    /// An output in a batch whose path contains this.
    File(String),
    /// An output that is an error.
    IsError,
    /// An output in which the model wrote nothing.
    IsEmpty,
    /// The record's name contains this.
    Name(String),
    /// The record's id contains this.
    Id(String),
    /// A star with such a score.
    Score(Range),
    /// A star with this tag.
    Tag(String),
    /// A star by this reviewer.
    By(String),
    /// A star on an output of this model; its whole name.
    Of(String),
    /// A star given then.
    Starred(Times),
    /// A person has given a star.
    IsStarred,
    /// No person has given a star.
    IsUnreviewed,
    /// The record is assigned to this reviewer; `me` until it is known who asks.
    Assigned(String),
    /// The record is assigned to this reviewer, who could star it and has not.
    Todo(String),
    /// A star of an agent; clauses about stars beside it are about that star.
    IsSuggested,
    /// A star whose output has changed.
    IsStale,
    /// An output whose reviewers are far apart.
    IsDisputed,
    /// The mean score of the stars of this model's outputs, rounded, lies in the range.
    Rated {
        /// The model's whole name.
        model: String,
        /// The range.
        range: Range,
    },
}

/// From the first to the last, both included; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    /// The first.
    pub from: Option<u64>,
    /// The last.
    pub to: Option<u64>,
}

/// A query that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {at}: expected {expected}")]
pub struct QueryError {
    /// The character at which it goes wrong, from 1.
    pub at: usize,
    /// What would be right there.
    pub expected: String,
}

/// Fields as they are written, for mistakes to be explained with.
pub const FIELDS: [&str; 16] = [
    "model", "score", "rated", "tag", "by", "of", "starred", "is", "assigned", "todo", "finish",
    "tokens", "chars", "name", "id", "file",
];
/// Whoever asks.
pub const ME: &str = "me";
const STATES: &str = "starred, unreviewed, suggested, stale, disputed, error or empty";
const RANGE: &str = "a number or a range, as 9, 8..10, >500 or <=20";
const TIMES: &str = "a day or days, as 2026-03-01 or 2026-03-01..2026-03-07, \
                     or times as 2026-03-01T08:00:00Z..";
const RATED: &str = "a model and its mean score, as llama-70b=9 or llama-70b=8..10";

impl Query {
    /// Reads a query.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut reader = Reader { text, at: 0 };
        let mut clauses = Vec::new();
        while let Some(clause) = reader.clause()? {
            clauses.push(clause);
        }
        Ok(Self { clauses })
    }
}

impl Query {
    /// The same, asked by this reviewer: `assigned:me` is about what is assigned to them.
    #[must_use]
    pub fn asked_by(mut self, reviewer: &str) -> Self {
        for clause in &mut self.clauses {
            let (Condition::Assigned(who) | Condition::Todo(who)) = &mut clause.condition else {
                continue;
            };
            if who == ME {
                reviewer.clone_into(who);
            }
        }
        self
    }

    /// Whether it has to be known who asks.
    pub fn is_about_me(&self) -> bool {
        let mut whose = self.clauses.iter().filter_map(|clause| clause.condition.assignee());
        whose.any(|name| name == ME)
    }

    /// Whether it asks for what a reviewer has still to do.
    pub fn asks_for_todo(&self) -> bool {
        let is_todo = |c: &Clause| !c.negated && matches!(c.condition, Condition::Todo(_));
        self.clauses.iter().any(is_todo)
    }

    /// Whether it looks at texts, for which there may be an index of words.
    pub fn looks_at_texts(&self) -> bool {
        self.clauses.iter().any(|clause| clause.condition.is_about_texts())
    }
}

impl Range {
    /// Reads `9`, `8..10`, `>500`, …; none when no number could lie in it.
    fn read(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let is_one = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u64>().ok().filter(|_| is_one)
        };
        let bound = |text: &str| match text {
            "" => Some(None),
            text => number(text).map(Some),
        };
        let range = if let Some(least) = text.strip_prefix(">=") {
            Self { from: Some(number(least)?), to: None }
        } else if let Some(most) = text.strip_prefix("<=") {
            Self { from: None, to: Some(number(most)?) }
        } else if let Some(below) = text.strip_prefix('>') {
            Self { from: Some(number(below)?.checked_add(1)?), to: None }
        } else if let Some(above) = text.strip_prefix('<') {
            Self { from: None, to: Some(number(above)?.checked_sub(1)?) }
        } else if let Some((from, to)) = text.split_once("..") {
            Self { from: bound(from)?, to: bound(to)? }
        } else {
            let exactly = Some(number(text)?);
            Self { from: exactly, to: exactly }
        };
        let is_empty = matches!(range, Self { from: Some(from), to: Some(to) } if from > to);
        Some(range).filter(|range| !is_empty && (range.from, range.to) != (None, None))
    }

    /// Whether a number lies in it.
    pub fn contains(self, number: u64) -> bool {
        self.from.is_none_or(|from| number >= from) && self.to.is_none_or(|to| number <= to)
    }
}

impl Condition {
    /// Whether it is about a star.
    pub fn is_about_stars(&self) -> bool {
        matches!(
            self,
            Self::Score(_)
                | Self::Tag(_)
                | Self::By(_)
                | Self::Of(_)
                | Self::Starred(_)
                | Self::IsSuggested
                | Self::IsStale
        )
    }

    /// Whether its answer may change with a star.
    pub fn changes_with_stars(&self) -> bool {
        self.is_about_stars()
            || self.is_about_texts()
            || matches!(
                self,
                Self::IsStarred
                    | Self::IsUnreviewed
                    | Self::IsDisputed
                    | Self::Rated { .. }
                    | Self::Todo(_)
            )
    }

    /// To whom a record has to be assigned.
    pub fn assignee(&self) -> Option<&str> {
        match self {
            Self::Assigned(name) | Self::Todo(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it is about texts: notes and tags of stars among them.
    pub fn is_about_texts(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Prefix(_) | Self::Pattern(_))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

/// A value and the byte at which it begins.
struct Value {
    text: String,
    at: usize,
    is_quoted: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn clause(&mut self) -> Result<Option<Clause>, QueryError> {
        self.at = self.text.len() - self.rest().trim_start().len();
        if self.rest().is_empty() {
            return Ok(None);
        }
        let follows = self.rest().chars().nth(1);
        let negated = self.rest().starts_with('-') && follows.is_some_and(|c| !c.is_whitespace());
        self.at += usize::from(negated);
        let start = self.at;
        if self.rest().starts_with('/') {
            let condition = Condition::Pattern(self.pattern()?);
            return Ok(Some(Clause { negated, condition }));
        }
        let field = self.field();
        let value = self.value()?;
        let condition = match field {
            None => self.text(value)?,
            Some(_) if value.text.is_empty() => {
                return Err(self.error(value.at, "a value after the colon"));
            }
            Some(field) => self.condition(&field, &value, start)?,
        };
        Ok(Some(Clause { negated, condition }))
    }

    /// `/pattern/` at this place, up to a slash with nothing or white space behind it.
    fn pattern(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let mut pattern = String::new();
        let mut chars = self.rest()[1..].char_indices().peekable();
        while let Some((index, c)) = chars.next() {
            let ends = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
            match c {
                '/' if ends => {
                    if let Err(error) = Regex::new(&pattern) {
                        let error = error.to_string();
                        let reason = error.lines().last().unwrap_or_default();
                        let reason = reason.trim_start_matches("error: ");
                        return Err(self.error(start, &format!("a regular expression: {reason}")));
                    }
                    if pattern.is_empty() {
                        return Err(self.error(start + 1, "a pattern between the slashes"));
                    }
                    self.at += index + 2;
                    return Ok(pattern);
                }
                '\\' => match chars.next() {
                    Some((_, '/')) => pattern.push('/'),
                    Some((_, escaped)) => pattern.extend(['\\', escaped]),
                    None => pattern.push('\\'),
                },
                other => pattern.push(other),
            }
        }
        let expected =
            "a closing / with a space or nothing behind it, or quotation marks around it";
        Err(self.error(self.text.len(), expected))
    }

    /// Words, or the beginning of some: `lead*`, `"strong lead"*`.
    fn text(&mut self, value: Value) -> Result<Condition, QueryError> {
        let beginning = match value.is_quoted {
            true => self.rest().starts_with('*').then(|| value.text.clone()),
            false => value.text.strip_suffix('*').filter(|text| !text.is_empty()).map(Into::into),
        };
        let Some(beginning) = beginning else { return Ok(Condition::Text(value.text)) };
        self.at += usize::from(value.is_quoted);
        if Phrase::new(&beginning, true).is_empty() {
            return Err(self.error(value.at, "a letter or a digit before the *"));
        }
        Ok(Condition::Prefix(beginning))
    }

    /// `field:` at this place; a colon after anything but letters belongs to a word.
    fn field(&mut self) -> Option<String> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_')?;
        if length == 0 || !rest[length..].starts_with(':') || rest[length..].starts_with("://") {
            return None;
        }
        let field = rest[..length].to_owned();
        self.at += length + 1;
        Some(field)
    }

    fn value(&mut self) -> Result<Value, QueryError> {
        let at = self.at;
        if !self.rest().starts_with('"') {
            let length = self.rest().find(char::is_whitespace).unwrap_or(self.rest().len());
            let text = self.rest()[..length].to_owned();
            self.at += length;
            return Ok(Value { text, at, is_quoted: false });
        }
        let mut text = String::new();
        let mut chars = self.rest()[1..].char_indices();
        while let Some((index, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += index + 2;
                    return Ok(Value { text, at, is_quoted: true });
                }
                '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
                other => text.push(other),
            }
        }
        Err(self.error(self.text.len(), "a closing quotation mark"))
    }

    fn condition(&self, field: &str, value: &Value, start: usize) -> Result<Condition, QueryError> {
        let text = || value.text.clone();
        Ok(match field {
            "model" => Condition::Model(text()),
            "finish" => Condition::Finish(text()),
            "tokens" => Condition::Tokens(self.range(value)?),
            "chars" => Condition::Chars(self.range(value)?),
            "file" => Condition::File(text()),
            "name" => Condition::Name(text()),
            "id" => Condition::Id(text()),
            "score" => Condition::Score(self.range(value)?),
            "rated" => self.rated(value)?,
            "tag" => Condition::Tag(text()),
            "by" => Condition::By(text()),
            "of" => Condition::Of(text()),
            "starred" => Condition::Starred(self.times(value)?),
            "assigned" => Condition::Assigned(text()),
            "todo" => Condition::Todo(text()),
            "is" => match &*value.text {
                "starred" => Condition::IsStarred,
                "unreviewed" => Condition::IsUnreviewed,
                "suggested" => Condition::IsSuggested,
                "stale" => Condition::IsStale,
                "disputed" => Condition::IsDisputed,
                "error" => Condition::IsError,
                "empty" => Condition::IsEmpty,
                _ => return Err(self.error(value.at, STATES)),
            },
            _ => {
                let fields = FIELDS.join(", ");
                let expected =
                    format!("one of the fields {fields}, or the words in quotation marks");
                return Err(self.error(start, &expected));
            }
        })
    }

    /// `9`, `8..10`, `8..`, `..5`, `>500`, `>=500`, `<500`, `<=500`.
    fn range(&self, value: &Value) -> Result<Range, QueryError> {
        let range = if value.is_quoted { None } else { Range::read(&value.text) };
        range.ok_or_else(|| self.error(value.at, RANGE))
    }

    /// `2026-03-01`, `2026-03-01..2026-03-07`, `2026-03-01T08:00:00Z..`.
    fn times(&self, value: &Value) -> Result<Times, QueryError> {
        let times = if value.is_quoted { None } else { Times::read(&value.text) };
        times.ok_or_else(|| self.error(value.at, TIMES))
    }

    /// `llama-70b=9`: what stands behind the last sign of equality is the range, and a sign that
    /// `<=` or `>=` ends with belongs to it.
    fn rated(&self, value: &Value) -> Result<Condition, QueryError> {
        let read = |sign: &str| {
            let (model, range) = value.text.rsplit_once(sign)?;
            let range = Range::read(&format!("{}{range}", &sign[1..]))?;
            (!model.is_empty()).then(|| (model.to_owned(), range))
        };
        let read = ["=<=", "=>=", "="].into_iter().find_map(read);
        let (model, range) = read.ok_or_else(|| self.error(value.at, RATED))?;
        Ok(Condition::Rated { model, range })
    }

    fn error(&self, byte: usize, expected: &str) -> QueryError {
        let at = self.text[..byte].chars().count() + 1;
        QueryError { at, expected: expected.to_owned() }
    }
}

impl fmt::Display for Query {
    /// Writes the query so that it reads back as the same tree.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, clause) in self.clauses.iter().enumerate() {
            write!(f, "{}{clause}", if at > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negated { "-" } else { "" })?;
        match &self.condition {
            Condition::Text(text) => write!(f, "{}", Quoted(text)),
            Condition::Prefix(text) => write!(f, "{}*", Quoted(text)),
            Condition::Pattern(pattern) => write!(f, "/{}/", pattern.replace('/', "\\/")),
            Condition::Model(text) => write!(f, "model:{}", Quoted(text)),
            Condition::Finish(text) => write!(f, "finish:{}", Quoted(text)),
            Condition::Tokens(range) => write!(f, "tokens:{range}"),
            Condition::Chars(range) => write!(f, "chars:{range}"),
            Condition::File(text) => write!(f, "file:{}", Quoted(text)),
            Condition::IsError => f.write_str("is:error"),
            Condition::IsEmpty => f.write_str("is:empty"),
            Condition::Name(text) => write!(f, "name:{}", Quoted(text)),
            Condition::Id(text) => write!(f, "id:{}", Quoted(text)),
            Condition::Score(range) => write!(f, "score:{range}"),
            Condition::Tag(text) => write!(f, "tag:{}", Quoted(text)),
            Condition::By(text) => write!(f, "by:{}", Quoted(text)),
            Condition::Of(text) => write!(f, "of:{}", Quoted(text)),
            Condition::Starred(times) => write!(f, "starred:{times}"),
            Condition::IsStarred => f.write_str("is:starred"),
            Condition::IsUnreviewed => f.write_str("is:unreviewed"),
            Condition::Assigned(name) => write!(f, "assigned:{}", Quoted(name)),
            Condition::Todo(name) => write!(f, "todo:{}", Quoted(name)),
            Condition::IsSuggested => f.write_str("is:suggested"),
            Condition::IsStale => f.write_str("is:stale"),
            Condition::IsDisputed => f.write_str("is:disputed"),
            Condition::Rated { model, range } => match (range.from, range.to) {
                // Behind such a name a lone number would read as `<=9`.
                (Some(from), Some(to)) if model.ends_with(['<', '>']) => {
                    write!(f, "rated:{}", Quoted(&format!("{model}={from}..{to}")))
                }
                _ => write!(f, "rated:{}", Quoted(&format!("{model}={range}"))),
            },
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => write!(f, "{from}"),
            (from, to) => {
                let bound = |bound: Option<u64>| bound.map_or(String::new(), |n| n.to_string());
                write!(f, "{}..{}", bound(from), bound(to))
            }
        }
    }
}

/// A value in quotation marks.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests;
