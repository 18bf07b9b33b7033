//! Turns templates into text about one person, appending bytes that are ready for a JSON string.

use super::grammar::{Fact, Form, Grammar, ListId, Piece, Slot};
use super::people::{People, Person};
use super::rng::{Rng, Stream};

/// How a copy differs from its original: in the first plain word and every so many after it.
#[derive(Clone, Copy)]
pub(super) struct Tweak {
    /// From one changed word to the next.
    pub(super) every: usize,
    /// How far down its list the other word stands.
    pub(super) step: usize,
}

/// A speaker: whom it speaks about, and its luck in choosing words.
pub(super) struct Voice<'g> {
    pub(super) grammar: &'g Grammar,
    pub(super) person: Person<'g>,
    pub(super) rng: Rng,
    /// The score that `{score}` stands for.
    pub(super) score: u64,
    tweak: Option<Tweak>,
    plain_words: usize,
    skill: usize,
    last: Vec<usize>,
    said: Vec<(ListId, usize)>,
}

impl<'g> Voice<'g> {
    /// A voice that has not met anybody yet.
    pub(super) fn new(grammar: &'g Grammar) -> Self {
        Self {
            grammar,
            person: Person::default(),
            rng: Rng::new(0, Stream::Person, 0, 0),
            score: 0,
            tweak: None,
            plain_words: 0,
            skill: 0,
            last: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Gets to know the person whose luck is `rng`.
    pub(super) fn meet(&mut self, people: &People, rng: Rng) {
        self.begin(rng, None);
        people.draw(self);
    }

    /// Starts a new text, with some of the words that `rng` chooses changed by `tweak`.
    pub(super) fn begin(&mut self, rng: Rng, tweak: Option<Tweak>) {
        self.rng = rng;
        self.tweak = tweak;
        self.plain_words = 0;
        self.skill = 0;
        self.last.clear();
        self.last.resize(self.grammar.len(), 0);
        self.said.clear();
    }

    /// Appends a template of `list` that this text has not used yet, if one is easily found.
    pub(super) fn say(&mut self, list: ListId, out: &mut Vec<u8>) {
        let count = self.grammar.get(list).templates.len();
        let mut item = self.rng.below(count);
        for _ in 0..4 {
            if !self.said.contains(&(list, item)) {
                break;
            }
            item = self.rng.below(count);
        }
        self.said.push((list, item));
        self.write(list, item, out);
    }

    /// Appends any item of `list`.
    pub(super) fn fill(&mut self, list: ListId, out: &mut Vec<u8>) {
        let item = self.pick(list);
        self.write(list, item, out);
    }

    fn write(&mut self, list: ListId, item: usize, out: &mut Vec<u8>) {
        let grammar = self.grammar;
        for piece in &grammar.get(list).templates[item] {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Slot(slot, form) => self.fit(*slot, *form, out),
            }
        }
    }

    fn fit(&mut self, slot: Slot, form: Form, out: &mut Vec<u8>) {
        match form {
            Form::AsIs => self.slot(slot, out),
            Form::Capital => {
                let start = out.len();
                self.slot(slot, out);
                out[start..].iter_mut().take(1).for_each(u8::make_ascii_uppercase);
            }
            Form::Article => {
                out.extend_from_slice(b"a ");
                let start = out.len();
                self.slot(slot, out);
                if out.get(start).is_some_and(|byte| b"aeiouAEIOU".contains(byte)) {
                    out.insert(start - 1, b'n');
                }
            }
        }
    }

    fn slot(&mut self, slot: Slot, out: &mut Vec<u8>) {
        match slot {
            Slot::List(list) => self.fill(list, out),
            Slot::Other(list) => {
                let count = self.grammar.get(list).templates.len();
                let item = (self.last[list] + 1 + self.rng.below(count - 1)) % count;
                self.write(list, item, out);
            }
            Slot::Number(low, high) => {
                let number = self.rng.between(low, high);
                push_number(number as u64, out);
            }
            Slot::Fact(fact) => self.fact(fact, out),
        }
    }

    fn pick(&mut self, list: ListId) -> usize {
        let templates = self.grammar.get(list);
        let count = templates.templates.len();
        let mut item = self.rng.below(count);
        if templates.plain
            && let Some(tweak) = self.tweak
        {
            if self.plain_words.is_multiple_of(tweak.every) {
                item = (item + tweak.step) % count;
            }
            self.plain_words += 1;
        }
        self.last[list] = item;
        item
    }

    fn fact(&mut self, fact: Fact, out: &mut Vec<u8>) {
        let person = &self.person;
        let text = match fact {
            Fact::Name => &person.name,
            Fact::First => &person.first,
            Fact::Role => &person.role,
            Fact::City => person.city,
            Fact::School => person.school,
            Fact::Degree => person.degree,
            Fact::Cert => person.cert,
            Fact::Language(which) => person.languages[which],
            Fact::Firm(which) => person.firms[which].as_slice(),
            Fact::Work => person.works[self.rng.below(person.works.len())],
            Fact::Skill(step) => {
                if step == 0 {
                    self.skill = self.rng.below(person.skills.len());
                }
                person.skills[(self.skill + step) % person.skills.len()]
            }
            Fact::Years => return push_number(person.years, out),
            Fact::Score => return push_number(self.score, out),
        };
        out.extend_from_slice(text);
    }
}

/// Appends a number in decimal digits.
pub(super) fn push_number(number: u64, out: &mut Vec<u8>) {
    push_padded(number, 1, out);
}

/// Appends a number with leading zeros up to `width` digits.
pub(super) fn push_padded(mut number: u64, width: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while number > 0 {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    out.extend_from_slice(&digits[start.min(digits.len() - width)..]);
}
