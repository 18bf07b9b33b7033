//! The fold: today's stars, as the lines of the journal in file order give them.

use crate::acts::{Act, Acts, Irreversible, Mark, Reversal, Turn, What};
use crate::claims::{Claim, Claims};
use crate::entry::{Entry, Place, microseconds, parse_hash};
use crate::line::{Event, Line};
use crate::reshown::{Pairs, Reshown};
use crate::star::{Kind, Star};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use ulid::Ulid;

/// What a line changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An output was starred, or a star taken back.
    Star {
        /// The record.
        custom_id: Arc<str>,
        /// The model, if the line says it.
        model: Option<Arc<str>>,
        /// Who.
        starred_by: Arc<str>,
        /// Starred, or taken back.
        is_star: bool,
    },
    /// A reviewer has a record before them.
    Claim(Claim),
}

/// A line that is no star, or an act that is not complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blemish {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong, in a sentence.
    pub what: String,
}

/// Today's stars.
#[derive(Debug, Default)]
pub struct State {
    records: HashMap<Arc<str>, OfRecord>,
    names: HashSet<Arc<str>>,
    /// Names that have starred as people.
    people: HashSet<Arc<str>>,
    tags: BTreeMap<Arc<str>, u64>,
    scores: [u64; 10],
    stars: u64,
    suggestions: u64,
    ids: HashMap<Ulid, Place>,
    bulks: HashMap<String, Held>,
    acts: Acts,
    reshown: Pairs,
    claims: Claims,
    blemishes: Vec<Blemish>,
    lines: u64,
    /// How often the file was folded from its first line again.
    epoch: u64,
    /// The record of each line that counts, in order.
    touched: Vec<Arc<str>>,
}

/// A moment in the life of the journal: see [`State::touched_since`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    epoch: u64,
    touched: usize,
}

#[derive(Debug, Default)]
struct OfRecord {
    stars: Vec<Arc<Entry>>,
    /// Stars that were taken back and not given again.
    gone: Vec<Arc<Entry>>,
    history: Vec<Place>,
}

/// The lines of a bulk act whose closing line has not come.
#[derive(Debug, Default)]
struct Held {
    lines: u64,
    marks: Vec<Mark>,
}

/// What is known of an act beside its lines.
struct Deed {
    id: Option<Ulid>,
    what: What,
    /// When; as the first line says if absent.
    at: Option<Arc<str>>,
    is_bulk: bool,
    reversal: Option<Reversal>,
}

impl State {
    /// Current stars that people gave.
    pub fn stars(&self) -> u64 {
        self.stars
    }

    /// Current stars that agents gave.
    pub fn suggestions(&self) -> u64 {
        self.suggestions
    }

    /// Lines folded, blank ones and blemishes counted.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// How many current stars of people have score 1, 2, … 10.
    pub fn scores(&self) -> [u64; 10] {
        self.scores
    }

    /// Tags of current stars with how many stars have them, in order of the tag.
    pub fn tags(&self) -> impl Iterator<Item = (&str, u64)> {
        self.tags.iter().map(|(tag, count)| (&**tag, *count))
    }

    /// Lines that are no stars.
    pub fn blemishes(&self) -> &[Blemish] {
        &self.blemishes
    }

    /// The current stars of a record, in order of their lines.
    pub fn of_record(&self, custom_id: &str) -> &[Arc<Entry>] {
        self.records.get(custom_id).map_or(&[], |record| &record.stars)
    }

    /// Every star and unstar of a record, in order.
    pub fn history(&self, custom_id: &str) -> &[Place] {
        self.records.get(custom_id).map_or(&[], |record| &record.history)
    }

    /// Every record that was ever starred.
    pub fn records(&self) -> impl Iterator<Item = &Arc<str>> {
        // In the order of their first line; a record stands here once for each line.
        self.touched.iter()
    }

    /// All current stars, in order of their lines.
    pub fn all(&self) -> Vec<Arc<Entry>> {
        let mut all: Vec<_> = self.records.values().flat_map(|r| r.stars.iter().cloned()).collect();
        all.sort_unstable_by_key(|entry| entry.place.offset);
        all
    }

    /// All current stars by record, each in order of their lines; records in order of their first.
    pub fn by_record(&self) -> Vec<Vec<Arc<Entry>>> {
        let starred = self.records.values().filter(|record| !record.stars.is_empty());
        let mut records: Vec<Vec<_>> = starred.map(|record| record.stars.clone()).collect();
        for stars in &mut records {
            stars.sort_unstable_by_key(|entry| entry.place.offset);
        }
        records.sort_unstable_by_key(|stars| stars[0].place.offset);
        records
    }

    /// What reviewers said a second time of an output whose first star they did not see.
    pub fn reshown(&self) -> impl Iterator<Item = &Reshown> {
        self.reshown.iter()
    }

    /// Whether a person has ever starred under a name.
    pub fn is_person(&self, starred_by: &str) -> bool {
        self.people.contains(starred_by)
    }

    /// The line with this idempotency key.
    pub fn line_of(&self, id: Ulid) -> Option<Place> {
        self.ids.get(&id).copied()
    }

    /// What reviewers have before them at a time, in microseconds since 1970-01-01 UTC.
    pub fn claims(&self, now: i64) -> impl Iterator<Item = &Claim> {
        self.claims.live(now)
    }

    /// This moment.
    pub fn moment(&self) -> Moment {
        Moment { epoch: self.epoch, touched: self.touched.len() }
    }

    /// The records that were starred or unstarred since a moment; none when the file was replaced
    /// since: then everything may be different.
    pub fn touched_since(&self, moment: Moment) -> Option<&[Arc<str>]> {
        self.touched.get(moment.touched..).filter(|_| moment.epoch == self.epoch)
    }

    /// The last acts of a reviewer, the newest first, each with whether it is taken back.
    pub fn acts(&self, starred_by: &str) -> impl Iterator<Item = (&Arc<Act>, bool)> {
        self.acts.of(starred_by)
    }

    /// The act that an undo would take back.
    pub fn to_undo(&self, starred_by: &str) -> Option<&Arc<Act>> {
        self.acts.to_undo(starred_by)
    }

    /// The act that a redo would do again.
    pub fn to_redo(&self, starred_by: &str) -> Option<&Arc<Act>> {
        self.acts.to_redo(starred_by)
    }

    /// The act of a reviewer that a reversal is about, if it can be.
    pub fn reversible(
        &self,
        starred_by: &str,
        reversal: Reversal,
    ) -> Result<&Arc<Act>, Irreversible> {
        let act = self.acts.meant(starred_by, reversal).ok_or_else(|| {
            Irreversible::Unknown(match reversal {
                Reversal::Undoes(id) => format!("{starred_by} has no act {id} to be taken back"),
                Reversal::Redoes(id) => format!("{starred_by} has taken back no act {id}"),
            })
        })?;
        match act.turns.iter().find(|turn| !self.is_as_left(turn, reversal)) {
            Some(turn) => Err(Irreversible::Since(turn.after.entry.custom_id.clone())),
            None => Ok(act),
        }
    }

    /// A state before the first line, for a file that is folded again.
    pub(crate) fn again(&self) -> Self {
        Self { epoch: self.epoch + 1, ..Self::default() }
    }

    /// How many lines of a bulk act have come whose closing line has not.
    pub fn held_lines(&self, bulk: &str) -> u64 {
        self.bulks.get(bulk).map_or(0, |held| held.lines)
    }

    /// Folds one line. `hash` names texts.
    pub(crate) fn fold(
        &mut self,
        line: Result<Option<Line>, String>,
        place: Place,
        hash: fn(&str) -> u64,
        changes: &mut Vec<Change>,
    ) {
        self.lines = place.line;
        let line = match line {
            Ok(Some(line)) => line,
            Ok(None) => return,
            Err(what) => return self.blemishes.push(Blemish { line: place.line, what }),
        };
        if let Some(id) = line.id {
            if self.ids.contains_key(&id) {
                return; // the same act, sent twice
            }
            self.ids.insert(id, place);
        }
        let (star, is_star) = match line.event {
            Event::Star(star) => (star, true),
            Event::Unstar(star) => (star, false),
            Event::BulkEnd { bulk, count, what, at } => {
                let (what, at) = (what.unwrap_or(What::Star), at.map(Into::into));
                let deed = Deed { id: line.id, what, at, is_bulk: true, reversal: line.reversal };
                return self.end_bulk(&bulk, count, deed, place, changes);
            }
            Event::BulkCancelled { bulk } => {
                self.bulks.remove(&bulk);
                return;
            }
            Event::Claim(said) => {
                self.claims.put(said, line.id, &mut self.ids, changes);
                return;
            }
            Event::Unknown(_) => {
                if let Some(bulk) = line.bulk {
                    self.bulks.entry(bulk).or_default().lines += 1;
                }
                return;
            }
        };
        let mark = Mark { entry: Arc::new(self.entry(&star, line.id, place, hash)), is_star };
        if star.kind == Kind::Human && !self.people.contains(&mark.entry.starred_by) {
            self.people.insert(mark.entry.starred_by.clone());
        }
        match line.bulk {
            Some(bulk) => {
                let held = self.bulks.entry(bulk).or_default();
                held.lines += 1;
                held.marks.push(mark);
            }
            None => {
                let what = if is_star { What::Star } else { What::Unstar };
                let (id, reversal) = (line.id, line.reversal);
                let deed = Deed { id, what, at: None, is_bulk: false, reversal };
                self.perform(vec![mark], deed, changes);
            }
        }
    }

    /// Notes that another program made the file shorter: that is never right.
    pub(crate) fn lost_lines(&mut self, had: u64) {
        let what = format!(
            "the journal had {had} lines and has {} now: another program cut or replaced it",
            self.lines
        );
        self.blemishes.push(Blemish { line: self.lines + 1, what });
    }

    fn end_bulk(
        &mut self,
        bulk: &str,
        count: u64,
        deed: Deed,
        place: Place,
        changes: &mut Vec<Change>,
    ) {
        let held = self.bulks.remove(bulk).unwrap_or_default();
        if held.lines != count {
            let what = format!("a bulk act of {count} lines of which {} are here", held.lines);
            return self.blemishes.push(Blemish { line: place.line, what });
        }
        let id = deed.id.or_else(|| Ulid::from_string(bulk).ok());
        self.perform(held.marks, Deed { id, ..deed }, changes);
    }

    /// Lets lines that are one act count.
    fn perform(&mut self, marks: Vec<Mark>, deed: Deed, changes: &mut Vec<Change>) {
        let Some(first) = marks.first().map(|mark| mark.entry.clone()) else { return };
        for Mark { entry, is_star } in &marks {
            self.records.entry(entry.custom_id.clone()).or_default().history.push(entry.place);
            self.touched.push(entry.custom_id.clone());
            if *is_star {
                self.claims.starred(&entry.starred_by, &entry.custom_id);
            }
            changes.push(Change::Star {
                custom_id: entry.custom_id.clone(),
                model: entry.model.clone(),
                starred_by: entry.starred_by.clone(),
                is_star: *is_star,
            });
        }
        if deed.reversal.is_some_and(|reversal| self.reverse(reversal, &first, &marks)) {
            return;
        }
        let turns: Vec<Turn> = marks.into_iter().map(|mark| self.turn(mark)).collect();
        turns.iter().for_each(|turn| self.reshown.note(turn));
        let starred_by = first.starred_by.clone();
        let Some(id) = deed.id else { return self.acts.forget_undone(&starred_by) };
        let at = deed.at.unwrap_or_else(|| first.starred_at.clone());
        let is_bulk = deed.is_bulk;
        let act = Act { id, starred_by, what: deed.what, at, is_bulk, turns };
        if act.is_something() {
            self.acts.push(act);
        }
    }

    /// Takes an act back, or does it again, if these are the lines for it. Lines that do not fit
    /// are an act like any other.
    fn reverse(&mut self, reversal: Reversal, first: &Entry, marks: &[Mark]) -> bool {
        let Ok(act) = self.reversible(&first.starred_by, reversal).cloned() else { return false };
        let mut expected = act.lines(reversal);
        let fit = marks.iter().all(|mark| expected.next().is_some_and(|e| e.says_the_same(mark)));
        if !fit || expected.next().is_some() {
            return false;
        }
        let mut lines = marks.iter();
        for turn in &act.turns {
            let is_undo = matches!(reversal, Reversal::Undoes(_));
            match is_undo {
                true => self.reshown.forget(turn),
                false => self.reshown.note(turn),
            }
            let here = lines.by_ref().take(turn.lines(reversal).len());
            let places: Vec<_> = here.map(|mark| (mark.entry.place, mark.entry.id)).collect();
            let after = &turn.after.entry;
            self.take(&after.custom_id, |known| {
                if is_undo { known.origin == after.origin } else { known.is_replaced_by(after) }
            });
            let back = if is_undo { &turn.before[..] } else { std::slice::from_ref(&turn.after) };
            let mut places = places.into_iter();
            for mark in back {
                let mut mark = mark.clone();
                if let Some((place, id)) = mark.is_star.then(|| places.next()).flatten() {
                    mark.entry = Arc::new(Entry { place, id, ..(*mark.entry).clone() });
                }
                self.put(&mark);
            }
        }
        self.acts.reversed(&act, reversal);
        true
    }

    /// Whether what an act (or its undo) left of an output still stands.
    fn is_as_left(&self, turn: &Turn, reversal: Reversal) -> bool {
        let after = &turn.after.entry;
        let Some(record) = self.records.get(&after.custom_id) else { return false };
        let mut known = record.stars.iter().chain(&record.gone);
        match reversal {
            Reversal::Undoes(_) => known.any(|known| known.origin == after.origin),
            Reversal::Redoes(_) => {
                let same: Vec<_> = known.filter(|known| known.is_replaced_by(after)).collect();
                let was =
                    |known: &Entry| turn.before.iter().any(|b| b.entry.origin == known.origin);
                same.len() == turn.before.len() && same.iter().all(|known| was(known))
            }
        }
    }

    /// Lets a line take the place of what its reviewer said of the same output before.
    fn turn(&mut self, mark: Mark) -> Turn {
        let Mark { mut entry, is_star } = mark;
        let before = self.take(&entry.custom_id, |known| known.is_replaced_by(&entry));
        let named = |mark: &&Mark| mark.is_star && mark.entry.model.is_some();
        if let Some(known) = before.iter().find(named).filter(|_| is_star && entry.model.is_none())
        {
            // An old tool's line about an output that we know the model of.
            let (model, choice) = (known.entry.model.clone(), known.entry.choice);
            entry = Arc::new(Entry { model, choice, ..(*entry).clone() });
        }
        let after = Mark { entry, is_star };
        self.put(&after);
        Turn { before, after }
    }

    /// Takes out what is known of a record and passes a test.
    fn take(&mut self, custom_id: &Arc<str>, test: impl Fn(&Entry) -> bool) -> Vec<Mark> {
        let record = self.records.entry(custom_id.clone()).or_default();
        let stars = record.stars.extract_if(.., |known| test(known));
        let mut taken: Vec<_> = stars.map(|entry| Mark { entry, is_star: true }).collect();
        let stars = taken.len();
        let gone = record.gone.extract_if(.., |known| test(known));
        taken.extend(gone.map(|entry| Mark { entry, is_star: false }));
        for mark in &taken[..stars] {
            self.count(&mark.entry, -1);
        }
        taken
    }

    fn put(&mut self, mark: &Mark) {
        let record = self.records.entry(mark.entry.custom_id.clone()).or_default();
        let place = if mark.is_star { &mut record.stars } else { &mut record.gone };
        place.push(mark.entry.clone());
        if mark.is_star {
            self.count(&mark.entry, 1);
        }
    }

    fn count(&mut self, entry: &Entry, by: i64) {
        if entry.kind == Kind::Agent {
            self.suggestions = self.suggestions.saturating_add_signed(by);
        } else {
            self.stars = self.stars.saturating_add_signed(by);
            let score = &mut self.scores[usize::from(entry.quality_score) - 1];
            *score = score.saturating_add_signed(by);
        }
        for tag in entry.tags.iter() {
            let count = self.tags.entry(tag.clone()).or_default();
            *count = count.saturating_add_signed(by);
            if *count == 0 {
                self.tags.remove(tag);
            }
        }
    }

    fn entry(
        &mut self,
        star: &Star,
        id: Option<Ulid>,
        place: Place,
        hash: fn(&str) -> u64,
    ) -> Entry {
        let named = star.output_hash.as_deref().and_then(parse_hash);
        Entry {
            custom_id: match self.records.get_key_value(&*star.custom_id) {
                Some((known, _)) => known.clone(),
                None => star.custom_id.as_str().into(),
            },
            model: star.model.as_deref().map(|model| self.interned(model)),
            choice: star.choice,
            quality_score: star.quality_score.get(),
            tags: star.tags.iter().map(|tag| self.interned(tag)).collect(),
            notes: star.notes.as_str().into(),
            starred_by: self.interned(&star.starred_by),
            starred_at: star.starred_at.as_str().into(),
            at: microseconds(&star.starred_at),
            kind: star.kind,
            id,
            accepted: star.accepted,
            seen: star.seen,
            text_hash: named.unwrap_or_else(|| hash(&star.llm_output)),
            place,
            origin: place.offset,
        }
    }

    /// Names that many stars share are kept once.
    fn interned(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        self.names.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests;
