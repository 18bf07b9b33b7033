//! Whether a record answers a query.

use crate::judged::Judged;
use crate::query::{Clause, Condition, Query};
use goldstar_catalog::{Output, Record, State, read_outputs};
use regex::Regex;

/// A query made ready to look at records.
#[derive(Debug)]
pub(crate) struct Matcher {
    of_outputs: Vec<Test>,
    of_stars: Vec<Test>,
    of_records: Vec<Test>,
}

#[derive(Debug)]
struct Test {
    negated: bool,
    condition: Condition,
    /// The text to look for, in whatever case.
    text: Option<Regex>,
}

impl Matcher {
    pub(crate) fn new(query: &Query) -> Self {
        let (mut of_outputs, mut of_stars, mut of_records) = (Vec::new(), Vec::new(), Vec::new());
        for clause in &query.clauses {
            match &clause.condition {
                Condition::Name(_) | Condition::Id(_) | Condition::IsUnreviewed => &mut of_records,
                condition if condition.is_about_stars() => &mut of_stars,
                _ => &mut of_outputs,
            }
            .push(Test::new(clause));
        }
        Self { of_outputs, of_stars, of_records }
    }

    /// Whether only records with stars can match.
    pub(crate) fn needs_star(&self) -> bool {
        self.of_stars.iter().any(|test| !test.negated)
    }

    /// Whether stars have to be known.
    pub(crate) fn looks_at_stars(&self) -> bool {
        let unreviewed = |test: &Test| test.condition == Condition::IsUnreviewed;
        !self.of_stars.is_empty()
            || self.of_records.iter().any(unreviewed)
            || self.of_outputs.iter().any(|test| test.text.is_some())
    }

    /// Whether the record matches: one and the same output meets every clause about outputs, one
    /// and the same star every clause about stars; what is negated, none does.
    pub(crate) fn matches(&self, record: &Record, stars: &[Judged]) -> bool {
        self.of_records.iter().all(|test| test.of_record(record, stars) != test.negated)
            && one_of(stars, &self.of_stars, |test, star| test.of_star(star))
            && self.one_output(record, stars)
    }

    fn one_output(&self, record: &Record, stars: &[Judged]) -> bool {
        // What is dear (reading texts) comes last, and only for outputs that meet the rest.
        let (texts, cheap): (Vec<&Test>, Vec<&Test>) =
            self.of_outputs.iter().partition(|test| test.text.is_some());
        let (unwanted, wanted): (Vec<&Test>, Vec<&Test>) =
            cheap.into_iter().partition(|test| test.negated);
        let rejects = |test: &&Test| record.outputs.iter().any(|output| test.of_output(output));
        if unwanted.iter().any(rejects) {
            return false;
        }
        let meets = |output: &&Output| wanted.iter().all(|test| test.of_output(output));
        let mut outputs = record.outputs.iter().filter(meets);
        if texts.is_empty() {
            return wanted.is_empty() || outputs.next().is_some();
        }
        let mut texts_of = Texts::new(record, stars);
        let (unwanted, wanted): (Vec<&Test>, Vec<&Test>) =
            texts.into_iter().partition(|test| test.negated);
        if unwanted.iter().any(|test| test.anywhere(record, &mut texts_of)) {
            return false;
        }
        outputs.any(|output| wanted.iter().all(|test| test.in_text(output, &mut texts_of)))
    }
}

/// One item meets all tests that are not negated, and none meets one that is.
fn one_of<T>(items: &[T], tests: &[Test], meets: impl Fn(&Test, &T) -> bool) -> bool {
    let (unwanted, wanted): (Vec<&Test>, Vec<&Test>) = tests.iter().partition(|test| test.negated);
    let has_one =
        wanted.is_empty() || items.iter().any(|item| wanted.iter().all(|test| meets(test, item)));
    has_one && !unwanted.iter().any(|test| items.iter().any(|item| meets(test, item)))
}

impl Test {
    fn new(clause: &Clause) -> Self {
        let text = match &clause.condition {
            Condition::Text(text) => {
                let pattern = format!("(?i){}", regex::escape(text));
                // An escaped literal is always a pattern, if not a huge one: then it is found
                // nowhere, as such a text would be.
                Some(Regex::new(&pattern).unwrap_or_else(|_| {
                    Regex::new("[^\\s\\S]").expect("the pattern is a constant")
                }))
            }
            _ => None,
        };
        Self { negated: clause.negated, condition: clause.condition.clone(), text }
    }

    fn of_record(&self, record: &Record, stars: &[Judged]) -> bool {
        match &self.condition {
            Condition::Name(text) => contains(&record.name, text),
            Condition::Id(text) => contains(&record.custom_id, text),
            _ => stars.is_empty(),
        }
    }

    fn of_star(&self, judged: &Judged) -> bool {
        let star = &judged.star;
        match &self.condition {
            Condition::Score(range) => range.contains(u64::from(star.quality_score)),
            Condition::Tag(tag) => star.tags.iter().any(|known| **known == **tag),
            Condition::By(by) => *star.starred_by == **by,
            Condition::IsStale => judged.is_stale,
            _ => true,
        }
    }

    fn of_output(&self, output: &Output) -> bool {
        match &self.condition {
            Condition::Model(text) => contains(&output.model, text),
            Condition::Finish(reason) => {
                output.finish_reason.as_deref().is_some_and(|r| r.eq_ignore_ascii_case(reason))
            }
            Condition::Tokens(range) => output.tokens.is_some_and(|n| range.contains(n.into())),
            Condition::Chars(range) => range.contains(output.chars.into()),
            Condition::File(text) => contains(output.place.file(), text),
            Condition::IsError => output.state == State::Error,
            _ => output.state == State::Empty,
        }
    }

    /// Whether the words stand in this output, or in what all outputs of the record share.
    fn in_text(&self, output: &Output, texts: &mut Texts<'_>) -> bool {
        self.in_shared(texts) || self.finds(texts.of_output(output))
    }

    fn anywhere(&self, record: &Record, texts: &mut Texts<'_>) -> bool {
        self.in_shared(texts)
            || record.outputs.iter().any(|output| self.finds(texts.of_output(output)))
    }

    fn in_shared(&self, texts: &mut Texts<'_>) -> bool {
        texts.names().any(|name| self.finds(name)) || self.finds(texts.prompt())
    }

    fn finds(&self, text: &str) -> bool {
        self.text.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

/// The texts of a record, each read once, when it is wanted.
struct Texts<'r> {
    record: &'r Record,
    stars: &'r [Judged],
    prompt: Option<String>,
    outputs: Vec<(*const Output, String)>,
}

impl<'r> Texts<'r> {
    fn new(record: &'r Record, stars: &'r [Judged]) -> Self {
        Self { record, stars, prompt: None, outputs: Vec::new() }
    }

    fn names(&self) -> impl Iterator<Item = &'r str> {
        let of_stars = self.stars.iter().flat_map(|judged| {
            let tags = judged.star.tags.iter().map(|tag| &**tag);
            std::iter::once(&*judged.star.notes).chain(tags)
        });
        [&*self.record.name, &*self.record.custom_id].into_iter().chain(of_stars)
    }

    /// What can't be read any more matches nothing; the record itself says so when it is opened.
    fn prompt(&mut self) -> &str {
        self.prompt.get_or_insert_with(|| match self.record.prompt(None) {
            Ok(Some((prompt, _))) => prompt.as_input(),
            _ => String::new(),
        })
    }

    fn of_output(&mut self, output: &Output) -> &str {
        let key = std::ptr::from_ref(output);
        let at = match self.outputs.iter().position(|(known, _)| *known == key) {
            Some(at) => at,
            None => {
                let at = self.outputs.len();
                let in_line = |other: &&'r Output| other.place.is_same_line(&output.place);
                let line: Vec<&Output> = self.record.outputs.iter().filter(in_line).collect();
                let texts = read_outputs(line.iter().copied()).into_iter();
                let texts = texts.map(|read| read.map(|read| read.text).unwrap_or_default());
                self.outputs.extend(line.iter().map(|o| std::ptr::from_ref(*o)).zip(texts));
                at + line.iter().position(|o| std::ptr::eq(*o, output)).unwrap_or_default()
            }
        };
        &self.outputs[at].1
    }
}

/// Whether a short text contains another, in whatever case.
fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}
