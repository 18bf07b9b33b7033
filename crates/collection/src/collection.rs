//! A collection: a catalog and a journal opened together, and the views on them.

use crate::agreement::{Agreement, AgreementKey};
use crate::answer::Asked;
use crate::bias::{BiasKey, BiasReport};
use crate::facets::Values;
use crate::following::Followed;
use crate::judged::{Judged, all_tags, judge, mean_score, of_people};
use crate::kept::Kept;
use crate::order::{Folded, Order, ordered};
use crate::query::Query;
use crate::settings::Settings;
use crate::shares::Shares;
use crate::sight::Sight;
use crate::standing::Standing;
use crate::starring::hash_of_answer;
use crate::tagging::{Tagging, TaggingKey};
use crate::view::{Rows, Sort, SortKey};
use goldstar_catalog::{Bits, Blemish, Catalog, Options, Record, Snapshot, Table, hash_of_text};
use goldstar_disk::Disk;
use goldstar_journal::Journal;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

/// How many views are kept, and in how many bytes.
const VIEWS_KEPT: usize = 64;
const VIEW_BYTES_KEPT: usize = 128 << 20;
/// How many orders of all rows are kept, and in how many bytes; one is kept in any case.
const ORDERS_KEPT: usize = 64;
const ORDER_BYTES_KEPT: usize = 128 << 20;
/// How many reports of agreement are kept, and in how many bytes.
const AGREEMENTS_KEPT: usize = 16;
const AGREEMENT_BYTES_KEPT: usize = 32 << 20;

/// For how many reviewers who do not see everything it is kept what they see.
const SIGHTS_KEPT: usize = 64;

/// A folder of batches and the journal beside them.
#[derive(Debug)]
pub struct Collection {
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    pub(crate) followed: Followed,
    catalog: Catalog,
    journal: Journal,
    views: Mutex<Kept<Key, Rows>>,
    standing: RwLock<Standing>,
    /// The same as some see it who do not see everything.
    seen: Mutex<Kept<Sight, Arc<Standing>>>,
    /// Orders of all rows, by the revision of the catalog.
    orders: Mutex<Kept<(u64, SortKey), Arc<Order>>>,
    pub(crate) values: Mutex<Option<Arc<Values>>>,
    /// What is assigned to whom, of one revision of the catalog.
    pub(crate) shares: Mutex<Option<Arc<Shares>>>,
    pub(crate) agreements: Mutex<Kept<AgreementKey, Arc<Agreement>>>,
    pub(crate) taggings: Mutex<Kept<TaggingKey, Arc<Tagging>>>,
    pub(crate) biases: Mutex<Kept<BiasKey, Arc<BiasReport>>>,
    /// Threads that look at columns together; at least 1.
    pub(crate) threads: usize,
}

/// Names a view: the question, and the state of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    query: Query,
    sort: Sort,
    sight: Sight,
    catalog: u64,
    /// Left out (0) when stars do not matter to the answer.
    journal: u64,
    /// Left out (0) when assignments do not matter to the answer.
    settings: u64,
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
    /// What the rows are rows of.
    pub snapshot: Snapshot,
    /// Who looks.
    pub sight: Sight,
}

/// Stars of every record, held until they have been looked at.
pub(crate) enum Held<'c> {
    /// All of them.
    All(RwLockReadGuard<'c, Standing>),
    /// Those that somebody sees.
    Seen(Arc<Standing>),
}

impl Deref for Held<'_> {
    type Target = Standing;

    fn deref(&self) -> &Standing {
        match self {
            Self::All(standing) => standing,
            Self::Seen(standing) => standing,
        }
    }
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
        Ok(Self {
            folder: folder.to_owned(),
            followed: Followed::new(settings),
            catalog: Catalog::new(folder, disk.clone(), options),
            journal: Journal::open(&journal, disk.clone(), hash_of_answer)?,
            disk,
            views: Mutex::new(Kept::new(VIEWS_KEPT, VIEW_BYTES_KEPT)),
            standing: RwLock::default(),
            seen: Mutex::new(Kept::new(SIGHTS_KEPT, usize::MAX)),
            orders: Mutex::new(Kept::new(ORDERS_KEPT, ORDER_BYTES_KEPT)),
            values: Mutex::default(),
            shares: Mutex::default(),
            agreements: Mutex::new(Kept::new(AGREEMENTS_KEPT, AGREEMENT_BYTES_KEPT)),
            taggings: Mutex::new(Kept::new(AGREEMENTS_KEPT, AGREEMENT_BYTES_KEPT)),
            biases: Mutex::new(Kept::new(AGREEMENTS_KEPT, AGREEMENT_BYTES_KEPT)),
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

    /// What its owner has set, as of now.
    pub fn settings(&self) -> Arc<Settings> {
        self.followed.now().settings
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

    /// What could not be read in settings, batches and journal: how many, and the first of each
    /// file.
    pub fn blemishes(&self) -> (u64, Vec<Blemish>) {
        let (_, mut all) = self.catalog.blemishes();
        let of_journal = self.journal.blemishes();
        let of_settings = self.followed.wrong();
        let total = self.blemishes_count();
        all.extend(of_settings.map(|what| {
            // Of a mistake in the file: the first line says where, the last one what.
            let mut lines = what.lines();
            let ends = [lines.next(), lines.next_back()];
            let what = ends.into_iter().flatten().collect::<Vec<_>>().join(": ");
            let what = format!("{what}; what it said before still counts");
            Blemish { file: "goldstar.toml".to_owned(), line: None, what }
        }));
        let file = || "gold_star/starred.jsonl".to_owned();
        let of_journal = of_journal.into_iter();
        all.extend(of_journal.map(|b| Blemish { file: file(), line: Some(b.line), what: b.what }));
        (total, all)
    }

    /// How many there are.
    pub fn blemishes_count(&self) -> u64 {
        let of_settings = u64::from(self.followed.wrong().is_some());
        self.catalog.status().blemishes + self.journal.blemishes().len() as u64 + of_settings
    }

    /// The records that answer a query, in order. Kept until what it depends on changes.
    pub fn view(&self, query: &Query, sort: &Sort) -> View {
        self.view_of(query, sort, &Sight::All)
    }

    /// The same for somebody who may not see every star: what is not seen answers no query.
    pub fn view_of(&self, query: &Query, sort: &Sort, sight: &Sight) -> View {
        let snapshot = self.catalog.snapshot();
        let key = Key {
            query: query.clone(),
            sort: sort.clone(),
            sight: sight.clone(),
            catalog: snapshot.revision,
            journal: if looks_at_stars(query, sort) { self.journal.revision() } else { 0 },
            settings: if is_of_assignments(query) { self.followed.now().revision } else { 0 },
        };
        let of = match sight {
            Sight::All => String::new(),
            Sight::Of(name) => format!(" {name}"),
        };
        let Key { catalog, journal, settings, .. } = &key;
        let state = format!("{query} {sort} {catalog} {journal} {settings}{of}");
        let name = hash_of_text(&state);
        let name = format!("{name:016x}");
        let kept = || self.views.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().get(&key);
        let rows = known.unwrap_or_else(|| {
            let rows = self.rows(&snapshot, query, sort, sight);
            kept().put(key, rows.clone(), Rows::bytes);
            rows
        });
        View { rows, name, snapshot, sight: sight.clone() }
    }

    /// Makes ready what the first question would wait for: the order of names and ids, and what
    /// facets count.
    pub fn warm_up(&self) {
        let snapshot = self.catalog.snapshot();
        snapshot.look(|table| {
            self.order(snapshot.revision, table, &SortKey::CustomId);
            self.order(snapshot.revision, table, &SortKey::Name);
            self.values(snapshot.revision, table);
        });
    }

    /// Whether a sort names a model that there is. `Err`: what it may name. While batches are being
    /// indexed every model may still come.
    pub fn known(&self, sort: &Sort) -> Result<(), String> {
        let SortKey::Of(_, model) = &sort.key else { return Ok(()) };
        let models = self.catalog.models();
        if models.iter().any(|known| *known.name == **model) || !self.is_complete() {
            return Ok(());
        }
        let names: Vec<&str> = models.iter().map(|model| &*model.name).collect();
        Err(format!("there is no model {model}; there are {}", names.join(", ")))
    }

    /// The records in these rows of a view's snapshot with the stars that are seen.
    pub fn records(&self, view: &View, rows: impl IntoIterator<Item = u32>) -> Vec<JudgedRecord> {
        self.records_of(&view.snapshot, rows, &view.sight)
    }

    pub(crate) fn records_of(
        &self,
        snapshot: &Snapshot,
        rows: impl IntoIterator<Item = u32>,
        sight: &Sight,
    ) -> Vec<JudgedRecord> {
        let records = snapshot.records(rows);
        let state = self.journal.state();
        let judged = records.into_iter().map(|record| {
            let stars = state.of_record(&record.custom_id);
            let stars = judge(Some(&record), stars, snapshot.is_complete);
            JudgedRecord { record, stars: sight.seen(stars) }
        });
        judged.collect()
    }

    fn rows(&self, snapshot: &Snapshot, query: &Query, sort: &Sort, sight: &Sight) -> Rows {
        // Before the stars are held, for which reviewers would wait.
        let shares = if is_of_assignments(query) { self.shares(snapshot) } else { Arc::default() };
        let standing = self.standing_of(snapshot, sight);
        let asked = Asked { snapshot, standing: &standing, shares: &shares, threads: self.threads };
        let rows = asked.rows(query);
        if sort.key == SortKey::Row {
            return rows.map_or_else(|| Rows::All(snapshot.row_count()), Rows::of);
        }
        snapshot.look(|table| {
            let rows = rows.unwrap_or_else(|| Bits::full(table.row_count()));
            let order = |key: &SortKey| self.order(snapshot.revision, table, key);
            Rows::List(ordered(&standing, &rows, sort, order).into())
        })
    }

    /// The stars of every record, as of now.
    pub(crate) fn standing(&self, snapshot: &Snapshot) -> RwLockReadGuard<'_, Standing> {
        loop {
            let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
            if standing.is_of(snapshot, &self.journal.state()) {
                return standing;
            }
            drop(standing);
            let mut standing = self.standing.write().unwrap_or_else(PoisonError::into_inner);
            standing.follow(snapshot, &self.journal.state());
        }
    }

    /// The stars of every record that somebody sees, as of now.
    pub(crate) fn standing_of(&self, snapshot: &Snapshot, sight: &Sight) -> Held<'_> {
        if *sight == Sight::All {
            return Held::All(self.standing(snapshot));
        }
        let mut kept = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.take(sight);
        let mut seen = known.unwrap_or_else(|| Arc::new(Standing::seen_by(sight.clone())));
        if !seen.is_of(snapshot, &self.journal.state()) {
            Arc::make_mut(&mut seen).follow(snapshot, &self.journal.state());
        }
        kept.put(sight.clone(), seen.clone(), |_| 0);
        Held::Seen(seen)
    }

    /// The order of all rows by what does not change with stars.
    fn order(&self, revision: u64, table: &Table, key: &SortKey) -> Arc<Order> {
        let mut kept = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(of, _)| *of == revision);
        let key = (revision, key.clone());
        kept.get(&key).unwrap_or_else(|| {
            let order = Arc::new(self.new_order(table, &key.1));
            kept.put(key, order.clone(), |order| order.bytes());
            order
        })
    }

    fn new_order(&self, table: &Table, key: &SortKey) -> Order {
        let (count, threads) = (table.row_count(), self.threads);
        match key {
            SortKey::Name => Order::by_text(count, threads, |row| Folded(table.name(row))),
            SortKey::Of(measure, model) => Order::by_number(table, *measure, model, threads),
            _ => Order::by_text(count, threads, |row| table.custom_id(row)),
        }
    }
}

/// Whether an answer may change with a star.
fn looks_at_stars(query: &Query, sort: &Sort) -> bool {
    let by_stars = matches!(
        sort.key,
        SortKey::Score
            | SortKey::StarredAt
            | SortKey::Stars
            | SortKey::Spread
            | SortKey::Disagreement
    );
    by_stars || query.clauses.iter().any(|clause| clause.condition.changes_with_stars())
}

/// Whether an answer may change with what is assigned to whom.
fn is_of_assignments(query: &Query) -> bool {
    query.clauses.iter().any(|clause| clause.condition.assignee().is_some())
}

impl View {
    /// Whether a record is among the rows.
    pub fn holds(&self, custom_id: &str) -> bool {
        let row = self.snapshot.look(|table| table.row_of(custom_id));
        row.is_some_and(|row| self.rows.contains(row))
    }
}

impl JudgedRecord {
    /// The mean of the scores that people gave.
    pub fn score(&self) -> Option<f64> {
        mean_score(&of_people(&self.stars))
    }

    /// All tags that people gave, each once.
    pub fn tags(&self) -> Vec<Arc<str>> {
        all_tags(&of_people(&self.stars))
    }
}
