//! A collection: a catalog and a journal opened together, and the views on them.

use crate::judged::{Judged, all_tags, judge, mean_score};
use crate::matching::Matcher;
use crate::query::Query;
use crate::settings::Settings;
use crate::view::{Rows, Sort, SortKey};
use goldstar_catalog::{Blemish, Catalog, Options, Record, hash_of_text, split_reasoning};
use goldstar_disk::Disk;
use goldstar_journal::Journal;
use std::cmp::Ordering;
use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How many views are kept.
const VIEWS_KEPT: usize = 32;

/// A folder of batches and the journal beside them.
#[derive(Debug)]
pub struct Collection {
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    settings: Settings,
    catalog: Catalog,
    journal: Journal,
    views: Mutex<VecDeque<(Key, Rows)>>,
    /// Threads that look at records together; at least 1.
    threads: usize,
}

/// Names a view: the question, and the state of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    query: Query,
    sort: Sort,
    catalog: u64,
    /// Left out (0) when stars do not matter to the answer.
    journal: u64,
}

/// A record with its stars.
#[derive(Debug, Clone)]
pub struct JudgedRecord {
    /// The record.
    pub record: Record,
    /// Its current stars.
    pub stars: Vec<Judged>,
}

/// The answer to a query.
#[derive(Debug, Clone)]
pub struct View {
    /// The rows, in order.
    pub rows: Rows,
    /// Names the view: the same text stands for the same rows.
    pub name: String,
}

impl Collection {
    /// Opens the folder: the journal is read, the batches are not yet (see [`Catalog::index`]).
    pub fn open(
        folder: &Path,
        disk: Arc<dyn Disk>,
        settings: Settings,
        threads: usize,
    ) -> io::Result<Self> {
        let options = Options {
            names: settings.names.clone(),
            line_bytes_max: settings.limits.line_bytes,
            threads,
            keep_index: true,
        };
        let journal = folder.join("gold_star").join("starred.jsonl");
        // A text is known by its answer: the reasoning before it may or may not have been kept.
        let hash = |text: &str| hash_of_text(split_reasoning(text).1);
        Ok(Self {
            folder: folder.to_owned(),
            settings,
            catalog: Catalog::new(folder, disk.clone(), options),
            journal: Journal::open(&journal, disk.clone(), hash)?,
            disk,
            views: Mutex::default(),
            threads: threads.max(1),
        })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where it writes.
    pub fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// What its owner has set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the models wrote.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What reviewers said.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Whether all batches are indexed.
    pub fn is_complete(&self) -> bool {
        self.catalog.status().is_ready
    }

    /// What could not be read in batches and journal: how many, and the first of each file.
    pub fn blemishes(&self) -> (u64, Vec<Blemish>) {
        let (total, mut all) = self.catalog.blemishes();
        let of_journal = self.journal.blemishes();
        let total = total + of_journal.len() as u64;
        let file = || "gold_star/starred.jsonl".to_owned();
        let of_journal = of_journal.into_iter();
        all.extend(of_journal.map(|b| Blemish { file: file(), line: Some(b.line), what: b.what }));
        (total, all)
    }

    /// The records that answer a query, in order. Kept until what it depends on changes.
    pub fn view(&self, query: &Query, sort: &Sort) -> View {
        let matcher = Matcher::new(query);
        let by_stars = matches!(sort.key, SortKey::Score | SortKey::StarredAt);
        let looks_at_stars = by_stars || matcher.looks_at_stars();
        let key = Key {
            query: query.clone(),
            sort: sort.clone(),
            catalog: self.catalog.status().revision,
            journal: if looks_at_stars { self.journal.revision() } else { 0 },
        };
        let name = hash_of_text(&format!("{query} {sort} {} {}", key.catalog, key.journal));
        let name = format!("{name:016x}");
        if let Some(rows) = self.kept(&key) {
            return View { rows, name };
        }
        let rows = self.rows(query, sort, &matcher, looks_at_stars);
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.push_front((key, rows.clone()));
        views.truncate(VIEWS_KEPT);
        View { rows, name }
    }

    /// Whether a sort names a model that there is. `Err`: what it may name. While batches are being
    /// indexed every model may still come.
    pub fn known(&self, sort: &Sort) -> Result<(), String> {
        let SortKey::Chars(model) = &sort.key else { return Ok(()) };
        let models = self.catalog.models();
        if models.iter().any(|known| *known.name == **model) || !self.is_complete() {
            return Ok(());
        }
        let names: Vec<&str> = models.iter().map(|model| &*model.name).collect();
        Err(format!("there is no model {model}; there are {}", names.join(", ")))
    }

    /// The records in these rows with their stars.
    pub fn records(&self, rows: impl IntoIterator<Item = u32>) -> Vec<JudgedRecord> {
        let is_complete = self.is_complete();
        let records = self.catalog.records(rows);
        let state = self.journal.state();
        let judged = records.into_iter().map(|record| {
            let stars = judge(Some(&record), state.of_record(&record.custom_id), is_complete);
            JudgedRecord { record, stars }
        });
        judged.collect()
    }

    fn kept(&self, key: &Key) -> Option<Rows> {
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        let at = views.iter().position(|(known, _)| known == key)?;
        let found = views.remove(at)?;
        views.push_front(found);
        views.front().map(|(_, rows)| rows.clone())
    }

    fn rows(&self, query: &Query, sort: &Sort, matcher: &Matcher, looks_at_stars: bool) -> Rows {
        let count = self.catalog.row_count();
        if query.clauses.is_empty() && sort.key == SortKey::Row {
            return Rows::All(count);
        }
        let starred = if looks_at_stars { self.starred_rows() } else { HashMap::new() };
        let take = |record: Record| {
            let stars = starred.get(&record.row).map_or(&[][..], |stars| &stars[..]);
            let matches = query.clauses.is_empty() || matcher.matches(&record, stars);
            matches.then(|| (record.row, SortValue::of(&record, stars, &sort.key)))
        };
        let mut found: Vec<(u32, SortValue)> = if matcher.needs_star() {
            let mut rows: Vec<u32> = starred.keys().copied().collect();
            rows.sort_unstable();
            self.catalog.records(rows).into_iter().filter_map(take).collect()
        } else {
            self.scan(count, take)
        };
        // Stable: ties keep the order of first appearance.
        found.sort_by(|(_, a), (_, b)| a.order(b, sort.is_descending));
        Rows::Some(found.into_iter().map(|(row, _)| row).collect())
    }

    /// Looks at every record, on all cores; what is found comes in order of the rows.
    fn scan<T: Send>(&self, count: u32, take: impl Fn(Record) -> Option<T> + Sync) -> Vec<T> {
        let threads = self.threads as u32;
        let share = count.div_ceil(threads);
        let part = |number: u32| {
            let range = (number * share).min(count)..((number + 1) * share).min(count);
            let mut found = Vec::new();
            self.catalog.for_each(range, |record| found.extend(take(record)));
            found
        };
        std::thread::scope(|scope| {
            let part = &part;
            let parts: Vec<_> =
                (0..threads).map(|number| scope.spawn(move || part(number))).collect();
            let joined = parts
                .into_iter()
                .map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            joined.flatten().collect()
        })
    }

    /// The stars of every record that has some, by row.
    fn starred_rows(&self) -> HashMap<u32, Vec<Judged>> {
        let is_complete = self.is_complete();
        let by_record = self.journal.state().by_record();
        let judged = by_record.into_iter().filter_map(|stars| {
            let record = self.catalog.record(&stars[0].custom_id)?;
            Some((record.row, judge(Some(&record), &stars, is_complete)))
        });
        judged.collect()
    }
}

impl JudgedRecord {
    /// The mean of its scores.
    pub fn score(&self) -> Option<f64> {
        mean_score(&self.stars)
    }

    /// All its tags, each once.
    pub fn tags(&self) -> Vec<Arc<str>> {
        all_tags(&self.stars)
    }
}

/// What a record is sorted by.
#[derive(Debug, Clone, PartialEq)]
enum SortValue {
    Text(String),
    Number(f64),
    Missing,
}

impl SortValue {
    fn of(record: &Record, stars: &[Judged], key: &SortKey) -> Self {
        let number = |number: Option<f64>| number.map_or(Self::Missing, Self::Number);
        match key {
            SortKey::Row => Self::Missing,
            SortKey::CustomId => Self::Text(record.custom_id.clone()),
            SortKey::Name => Self::Text(record.name.to_lowercase()),
            SortKey::Score => number(mean_score(stars)),
            SortKey::StarredAt => number(stars.iter().map(|j| j.star.at as f64).reduce(f64::max)),
            SortKey::Chars(model) => {
                let output = record.outputs.iter().find(|output| *output.model == **model);
                number(output.map(|output| f64::from(output.chars)))
            }
        }
    }

    fn order(&self, other: &Self, is_descending: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Missing, Self::Missing) => return Ordering::Equal,
            (Self::Missing, _) => return Ordering::Greater,
            (_, Self::Missing) => return Ordering::Less,
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
        };
        if is_descending { order.reverse() } else { order }
    }
}
