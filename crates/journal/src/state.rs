//! The fold: today's stars, as the lines of the journal in file order give them.

use crate::line::{Event, Line};
use crate::star::{Kind, Star};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use ulid::Ulid;

/// A current star without its text, which is read from the journal on demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The record.
    pub custom_id: Arc<str>,
    /// The model; absent in lines of the old tool.
    pub model: Option<Arc<str>>,
    /// The choice.
    pub choice: u16,
    /// From 1 to 10.
    pub quality_score: u8,
    /// In the order in which they were given.
    pub tags: Arc<[Arc<str>]>,
    /// Free text.
    pub notes: Arc<str>,
    /// Who judged.
    pub starred_by: Arc<str>,
    /// When, as written.
    pub starred_at: Arc<str>,
    /// When, microseconds since 1970-01-01 UTC; 0 when what is written is no time.
    pub at: i64,
    /// A person or an agent.
    pub kind: Kind,
    /// The idempotency key.
    pub id: Option<Ulid>,
    /// Hash of the text that was judged.
    pub text_hash: u64,
    /// Its line.
    pub place: Place,
}

/// A line in the journal's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Byte of its start.
    pub offset: u64,
    /// Bytes, without the newline.
    pub length: u32,
    /// From 1.
    pub line: u64,
}

/// What a line changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The record.
    pub custom_id: Arc<str>,
    /// The model, if the line says it.
    pub model: Option<Arc<str>>,
    /// Who.
    pub starred_by: Arc<str>,
    /// Starred, or taken back.
    pub is_star: bool,
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
    tags: BTreeMap<Arc<str>, u64>,
    scores: [u64; 10],
    stars: u64,
    ids: HashMap<Ulid, Place>,
    bulks: HashMap<String, Vec<(Event, Option<Ulid>, Place)>>,
    blemishes: Vec<Blemish>,
    lines: u64,
    /// How often the file was folded from its first line again.
    epoch: u64,
    /// The record of each act, in order.
    acts: Vec<Arc<str>>,
}

/// A moment in the life of the journal: see [`State::acts_since`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    epoch: u64,
    acts: usize,
}

#[derive(Debug, Default)]
struct OfRecord {
    stars: Vec<Arc<Entry>>,
    history: Vec<Place>,
}

impl State {
    /// Current stars.
    pub fn stars(&self) -> u64 {
        self.stars
    }

    /// Lines folded, blank ones and blemishes counted.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// How many current stars have score 1, 2, … 10.
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
        // In the order of their first act; a record stands here once for each act.
        self.acts.iter()
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

    /// The line with this idempotency key.
    pub fn line_of(&self, id: Ulid) -> Option<Place> {
        self.ids.get(&id).copied()
    }

    /// This moment.
    pub fn moment(&self) -> Moment {
        Moment { epoch: self.epoch, acts: self.acts.len() }
    }

    /// The records that were starred or unstarred since a moment; none when the file was replaced
    /// since: then everything may be different.
    pub fn acts_since(&self, moment: Moment) -> Option<&[Arc<str>]> {
        self.acts.get(moment.acts..).filter(|_| moment.epoch == self.epoch)
    }

    /// A state before the first line, for a file that is folded again.
    pub(crate) fn again(&self) -> Self {
        Self { epoch: self.epoch + 1, ..Self::default() }
    }

    /// Acts in bulk whose closing line has not come.
    pub fn unfinished_bulks(&self) -> usize {
        self.bulks.len()
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
        match (line.event, line.bulk) {
            (Event::BulkEnd { bulk, count }, _) => {
                self.end_bulk(&bulk, count, place, hash, changes);
            }
            (event, Some(bulk)) => {
                self.bulks.entry(bulk).or_default().push((event, line.id, place));
            }
            (event, None) => self.apply(event, line.id, place, hash, changes),
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
        place: Place,
        hash: fn(&str) -> u64,
        changes: &mut Vec<Change>,
    ) {
        let held = self.bulks.remove(bulk).unwrap_or_default();
        if held.len() as u64 != count {
            let what = format!("a bulk act of {count} lines of which {} are here", held.len());
            return self.blemishes.push(Blemish { line: place.line, what });
        }
        for (event, id, place) in held {
            self.apply(event, id, place, hash, changes);
        }
    }

    fn apply(
        &mut self,
        event: Event,
        id: Option<Ulid>,
        place: Place,
        hash: fn(&str) -> u64,
        changes: &mut Vec<Change>,
    ) {
        let (star, is_star) = match event {
            Event::Star(star) => (star, true),
            Event::Unstar(star) => (star, false),
            Event::BulkEnd { .. } | Event::Unknown(_) => return,
        };
        let entry = self.entry(&star, id, place, hash);
        let record = self.records.entry(entry.custom_id.clone()).or_default();
        record.history.push(place);
        let replaced: Vec<Arc<Entry>> =
            record.stars.extract_if(.., |known| known.is_replaced_by(&entry)).collect();
        self.acts.push(entry.custom_id.clone());
        changes.push(Change {
            custom_id: entry.custom_id.clone(),
            model: entry.model.clone(),
            starred_by: entry.starred_by.clone(),
            is_star,
        });
        if is_star {
            let heir = replaced.iter().find(|known| entry.model.is_none() && known.model.is_some());
            let entry = match heir {
                // An old tool's line about an output that we know the model of.
                Some(known) => Entry { model: known.model.clone(), choice: known.choice, ..entry },
                None => entry,
            };
            let entry = Arc::new(entry);
            record.stars.push(entry.clone());
            self.count(&entry, 1);
        }
        for known in replaced {
            self.count(&known, -1);
        }
    }

    fn count(&mut self, entry: &Entry, by: i64) {
        self.stars = self.stars.saturating_add_signed(by);
        let score = &mut self.scores[usize::from(entry.quality_score) - 1];
        *score = score.saturating_add_signed(by);
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
            text_hash: named.unwrap_or_else(|| hash(&star.llm_output)),
            place,
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

impl Entry {
    /// Whether a later line of the same record speaks of the same output by the same reviewer.
    fn is_replaced_by(&self, later: &Self) -> bool {
        self.starred_by == later.starred_by
            && match (&self.model, &later.model) {
                (Some(_), Some(_)) => (&self.model, self.choice) == (&later.model, later.choice),
                // One of the two is an old tool's line: the text says which output it means.
                _ => self.text_hash == later.text_hash,
            }
    }
}

/// The number in `xxh3:0123456789abcdef`.
fn parse_hash(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("xxh3:")?, 16).ok()
}

/// The time in an RFC 3339 text, or in the old tool's form without a zone, which is UTC.
fn microseconds(text: &str) -> i64 {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return time.as_microsecond();
    }
    let civil = text.parse::<jiff::civil::DateTime>().ok();
    let zoned = civil.and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC).ok());
    zoned.map_or(0, |time| time.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::read_line;
    use serde_json::json;

    fn hash(text: &str) -> u64 {
        text.len() as u64 * 1000 + text.bytes().map(u64::from).sum::<u64>()
    }

    /// Folds lines; gives the current stars as `reviewer model/choice score` in order.
    fn check(lines: &[serde_json::Value], expected: &[&str]) -> State {
        let mut state = State::default();
        for (at, line) in lines.iter().enumerate() {
            let place = Place { offset: at as u64 * 100, length: 1, line: at as u64 + 1 };
            let line = read_line(line.to_string().as_bytes());
            state.fold(line, place, hash, &mut Vec::new());
        }
        let found: Vec<_> = state
            .all()
            .iter()
            .map(|e| {
                let model = e.model.as_deref().unwrap_or("-");
                format!("{} {model}/{} {}", e.starred_by, e.choice, e.quality_score)
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(state.stars(), expected.len() as u64);
        assert_eq!(state.scores().iter().sum::<u64>(), expected.len() as u64);
        state
    }

    fn old(by: &str, text: &str, score: i64) -> serde_json::Value {
        json!({"custom_id": "c", "llm_output": text, "quality_score": score, "starred_by": by,
            "tags": ["t"]})
    }

    fn new(by: &str, model: &str, text: &str, score: i64) -> serde_json::Value {
        let mut line = old(by, text, score);
        line["model"] = model.into();
        line
    }

    fn unstar(mut line: serde_json::Value) -> serde_json::Value {
        line["event"] = "unstar".into();
        line["quality_score"] = 0.into();
        line
    }

    #[test]
    fn the_last_line_of_the_same_reviewer_and_output_wins() {
        check(
            &[new("a", "m", "x", 3), new("b", "m", "x", 4), new("a", "m", "x", 5)],
            &["b m/0 4", "a m/0 5"],
        );
        check(&[new("a", "m", "x", 3), new("a", "n", "x", 4)], &["a m/0 3", "a n/0 4"]);
    }

    #[test]
    fn old_lines_are_told_apart_by_their_text() {
        check(&[old("a", "x", 3), old("a", "y", 4), old("a", "x", 5)], &["a -/0 4", "a -/0 5"]);
    }

    #[test]
    fn an_old_line_and_a_new_one_about_the_same_text_are_one_star() {
        check(&[old("a", "x", 3), new("a", "m", "x", 5)], &["a m/0 5"]);
        check(&[new("a", "m", "x", 5), old("a", "x", 3)], &["a m/0 3"]);
        check(&[new("a", "m", "x", 5), old("a", "y", 3)], &["a m/0 5", "a -/0 3"]);
    }

    #[test]
    fn unstar_takes_away_just_that_star() {
        let state = check(
            &[new("a", "m", "x", 3), new("b", "m", "x", 4), unstar(new("a", "m", "x", 0))],
            &["b m/0 4"],
        );
        assert_eq!(state.history("c").len(), 3);
        assert_eq!(state.tags().collect::<Vec<_>>(), [("t", 1)]);
        check(&[old("a", "x", 3), old("a", "y", 4), unstar(old("a", "x", 0))], &["a -/0 4"]);
        check(&[unstar(old("a", "x", 0))], &[]);
    }

    #[test]
    fn the_same_id_twice_is_one_star() {
        let mut line = new("a", "m", "x", 3);
        line["id"] = "01ARZ3NDEKTSV4RRFFQ69G5FAV".into();
        let mut again = line.clone();
        again["quality_score"] = 7.into();
        let state = check(&[line, again], &["a m/0 3"]);
        let id = Ulid::from_string("01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        assert_eq!(state.line_of(id).unwrap().line, 1);
    }

    #[test]
    fn a_bulk_act_counts_when_it_is_complete() {
        let in_bulk = |mut line: serde_json::Value| {
            line["bulk"] = "B".into();
            line
        };
        let held = [in_bulk(new("a", "m", "x", 3)), in_bulk(new("a", "n", "y", 3))];
        let end = |count: u64| json!({"event": "bulk", "bulk": "B", "count": count});
        let state = check(&held, &[]);
        assert_eq!(state.unfinished_bulks(), 1);
        check(&[&held[..], &[end(2)]].concat(), &["a m/0 3", "a n/0 3"]);
        let state = check(&[&held[..], &[end(3)]].concat(), &[]);
        assert_eq!(state.blemishes().len(), 1);
    }

    #[test]
    fn times_of_the_old_tool() {
        assert_eq!(microseconds("2025-10-29T12:34:56Z"), 1_761_741_296_000_000);
        assert_eq!(microseconds("2025-10-29T12:34:56.5"), 1_761_741_296_500_000);
        assert_eq!(microseconds("2025-10-29 12:34:56"), 1_761_741_296_000_000);
        assert_eq!(microseconds("2025-10-29T14:34:56+02:00"), 1_761_741_296_000_000);
        assert_eq!(microseconds("yesterday"), 0);
    }
}
