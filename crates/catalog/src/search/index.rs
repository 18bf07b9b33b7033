//! What the index holds: opened, checked, and known by batch.

use super::words::{Run as WordRun, Runs};
use super::{Field, Search};
use crate::parallel::map_in_parallel;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use tantivy::directory::{Directory, META_LOCK, MmapDirectory};
use tantivy::index::{SegmentComponent, SegmentId, SegmentMeta};
use tantivy::schema::{
    FAST, Field as Column, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, IndexSettings, SegmentReader};
use xxhash_rust::xxh3::xxh3_64;

/// Raised whenever the documents, their words or the list of batches change.
const VERSION: u32 = 1;

/// The engine takes the end of each file for granted.
const FOOTER_BYTES: u64 = 8;

/// The columns of a document, in the order of the schema.
pub(super) const BATCH: Column = Column::from_field_id(4);
pub(super) const PLACE: Column = Column::from_field_id(5);
const PLACE_NAME: &str = "place";

impl Field {
    pub(super) fn column(self) -> Column {
        Column::from_field_id(self as u32)
    }
}

/// What the index holds, as it was put in place last. It stays as it is.
#[derive(Debug)]
pub(crate) struct Held {
    pub(super) folder: PathBuf,
    pub(super) list: List,
    pub(super) segments: Vec<Arc<Segment>>,
    pub(super) threads: usize,
}

/// The batches in the index: kept with it, so that one is never newer than the other.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct List {
    version: u32,
    /// Numbers from here on were never given to a batch.
    pub(super) next: u32,
    pub(super) batches: Vec<Known>,
}

/// A batch in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) number: u32,
    pub(super) path: String,
    pub(super) origin: u64,
    /// Its rows that are in, from the first on.
    pub(super) rows: u32,
}

/// A part of the index that is never changed, only replaced.
pub(super) struct Segment {
    id: SegmentId,
    deletes: Option<u64>,
    pub(super) reader: SegmentReader,
    pub(super) runs: Vec<Run>,
}

impl std::fmt::Debug for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {} documents in {} runs", self.id, self.reader.max_doc(), self.runs.len())
    }
}

/// Documents of a segment that are rows of one batch, one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first_doc: u32,
    pub(super) batch: u32,
    pub(super) first_row: u32,
}

/// Why there is nothing to be held.
pub(super) enum Unheld {
    /// There is no index.
    Nothing,
    /// It is damaged, or of another version.
    Damaged(String),
}

impl<E: std::fmt::Display> From<E> for Unheld {
    fn from(error: E) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Search {
    /// Reads what is in the folder, every byte of it, so that a damaged index answers nothing. Says
    /// what is wrong; the next build makes it anew.
    pub(crate) fn check(&self) -> Option<String> {
        match self.open().and_then(|index| self.load(&index, false)) {
            Ok(held) => {
                self.hold(Some(held));
                None
            }
            Err(unheld) => {
                self.hold(None);
                match unheld {
                    Unheld::Nothing => None,
                    Unheld::Damaged(what) => Some(what),
                }
            }
        }
    }

    pub(super) fn open(&self) -> Result<Index, Unheld> {
        if !self.folder.join("meta.json").exists() {
            return Err(Unheld::Nothing);
        }
        let mut index = Index::open(MmapDirectory::open(&self.folder)?)?;
        if index.schema() != schema() {
            return Err(Unheld::Damaged("of another version".into()));
        }
        index.set_tokenizers(tokenizers());
        Ok(index)
    }

    pub(super) fn create(&self) -> tantivy::Result<Index> {
        let directory = MmapDirectory::open(&self.folder)?;
        let settings = IndexSettings {
            docstore_compression: tantivy::store::Compressor::None,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let new = Index::builder().schema(schema()).settings(settings).tokenizers(tokenizers());
        new.open_or_create(directory)
    }

    /// What is in the index now. What was held already is not read again; what is new is read as a
    /// whole, unless it `is_ours`: written by this process a moment ago.
    pub(super) fn load(&self, index: &Index, is_ours: bool) -> Result<Held, Unheld> {
        let before = self.held();
        let known = |meta: &SegmentMeta| {
            let mut segments = before.iter().flat_map(|held| &held.segments);
            segments.find(|s| s.id == meta.id() && s.deletes == meta.delete_opstamp())
        };
        // The writer takes no file away while it is locked. Files that are open stay readable.
        let lock = index.directory().acquire_lock(&META_LOCK)?;
        let meta = index.load_metas()?;
        let mut files = Vec::new();
        for segment in meta.segments.iter().filter(|meta| known(meta).is_none()) {
            for path in files_of(segment) {
                if std::fs::metadata(self.folder.join(&path))?.len() < FOOTER_BYTES {
                    return Err(Unheld::Damaged(format!("{} is cut off", path.display())));
                }
                files.push((index.directory().open_read(&path)?, path));
            }
        }
        drop(lock);
        if !is_ours {
            let paths: Vec<_> = files.iter().map(|(_, path)| path).collect();
            let checked = map_in_parallel(&paths, self.threads, |path| {
                match index.directory().validate_checksum(path) {
                    Ok(true) => Ok(()),
                    Ok(false) => Err(Unheld::Damaged(format!("{} is damaged", path.display()))),
                    Err(error) => Err(error.into()),
                }
            });
            checked.into_iter().collect::<Result<(), Unheld>>()?;
        }
        let list = match &meta.payload {
            Some(payload) => List::read(payload)?,
            None if meta.segments.is_empty() => List::default(),
            None => return Err(Unheld::Damaged("the list of batches is missing".into())),
        };
        let segments = map_in_parallel(&meta.segments, self.threads, |meta| match known(meta) {
            Some(segment) => Ok(segment.clone()),
            None => Segment::open(index, meta).map(Arc::new),
        });
        let segments = segments.into_iter().collect::<Result<_, Unheld>>()?;
        drop(files);
        let folder = self.folder.clone();
        let held = Held { folder, list, segments, threads: self.threads };
        held.is_whole()?;
        Ok(held)
    }
}

impl Held {
    /// The batches that are in, by path and origin, and how many of their rows, from the first on.
    pub(crate) fn batches(&self) -> impl Iterator<Item = (&str, u64, u32)> {
        self.list.batches.iter().map(|known| (&*known.path, known.origin, known.rows))
    }

    /// Whether each row of each batch has its document, and only one: what the files' checksums
    /// don't cover (the list of files) would show here.
    fn is_whole(&self) -> Result<(), Unheld> {
        let mut found = Vec::new();
        for segment in &self.segments {
            for (at, run) in segment.runs.iter().enumerate() {
                let end = segment.end_of_run(at);
                if self.list.batches.binary_search_by_key(&run.batch, |known| known.number).is_err()
                {
                    continue;
                }
                let alive = segment.reader.alive_bitset();
                if alive.is_some_and(|alive| (run.first_doc..end).any(|doc| alive.is_deleted(doc)))
                {
                    return Err(Unheld::Damaged("documents were taken out".into()));
                }
                found.push((run.batch, run.first_row, end - run.first_doc));
            }
        }
        found.sort_unstable();
        let mut found = found.into_iter().peekable();
        for known in &self.list.batches {
            let mut rows = 0;
            while let Some((_, _, length)) =
                found.next_if(|(batch, row, _)| (*batch, *row) == (known.number, rows))
            {
                rows += length;
            }
            if rows != known.rows {
                return Err(Unheld::Damaged(format!("rows of {} are missing", known.path)));
            }
        }
        match found.next() {
            None => Ok(()),
            Some(_) => Err(Unheld::Damaged("there are more rows than there should be".into())),
        }
    }
}

impl List {
    /// With a checksum of its own: the file that it stands in has none.
    pub(super) fn write(&self) -> String {
        let list = Self { version: VERSION, ..self.clone() };
        let json = serde_json::to_string(&list).expect("plain fields are always JSON");
        format!("{:016x} {json}", xxh3_64(json.as_bytes()))
    }

    fn read(payload: &str) -> Result<Self, Unheld> {
        let damaged = || Unheld::Damaged("the list of batches is damaged".into());
        let (sum, json) = payload.split_once(' ').ok_or_else(damaged)?;
        if sum != format!("{:016x}", xxh3_64(json.as_bytes())) {
            return Err(damaged());
        }
        let list: Self = serde_json::from_str(json)?;
        if list.version != VERSION {
            return Err(Unheld::Damaged("of another version".into()));
        }
        Ok(list)
    }
}

impl Segment {
    fn open(index: &Index, meta: &SegmentMeta) -> Result<Self, Unheld> {
        let reader = SegmentReader::open(&index.segment(meta.clone()))?;
        let runs = runs(&reader)?;
        Ok(Self { id: meta.id(), deletes: meta.delete_opstamp(), reader, runs })
    }

    /// The document behind the last of a run.
    pub(super) fn end_of_run(&self, at: usize) -> u32 {
        self.runs.get(at + 1).map_or(self.reader.max_doc(), |next| next.first_doc)
    }
}

/// Number of the batch and row in one.
pub(super) fn place(batch: u32, row: u32) -> u64 {
    u64::from(batch) << 32 | u64::from(row)
}

/// Which rows the documents are. They come in long runs, so that a query need not look each up.
fn runs(reader: &SegmentReader) -> Result<Vec<Run>, Unheld> {
    let column = reader.fast_fields().u64(PLACE_NAME)?;
    let docs = reader.max_doc();
    if column.values.num_vals() != docs || column.num_docs() != docs {
        return Err(Unheld::Damaged("places of documents are missing".into()));
    }
    let (mut runs, mut expected) = (Vec::new(), None);
    let mut places = vec![0; 4096];
    let mut doc = 0;
    while doc < docs {
        let count = places.len().min((docs - doc) as usize);
        column.values.get_range(u64::from(doc), &mut places[..count]);
        for &place in &places[..count] {
            if expected != Some(place) {
                let (batch, first_row) = ((place >> 32) as u32, place as u32);
                runs.push(Run { first_doc: doc, batch, first_row });
            }
            expected = place.checked_add(1);
            doc += 1;
        }
    }
    Ok(runs)
}

fn files_of(segment: &SegmentMeta) -> Vec<PathBuf> {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    let always = [Postings, Positions, FastFields, FieldNorms, Terms, Store];
    let deletes = segment.has_deletes().then_some(Delete);
    always.into_iter().chain(deletes).map(|component| segment.relative_path(component)).collect()
}

/// Words with their positions, for phrases; no lengths of fields, since nothing is ranked.
fn schema() -> Schema {
    let words = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let mut schema = Schema::builder();
    for name in ["text", "prompt", "name", "id"] {
        schema.add_text_field(name, TextOptions::default().set_indexing_options(words.clone()));
    }
    schema.add_u64_field("batch", INDEXED);
    schema.add_u64_field(PLACE_NAME, FAST);
    schema.build()
}

const TOKENIZER: &str = "words";

fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default(); // the engine asks for its own one, too
    tokenizers.register(TOKENIZER, Words);
    tokenizers
}

/// Our words for the engine.
#[derive(Debug, Clone)]
pub(super) struct Words;

pub(super) struct WordsOf<'t> {
    text: &'t str,
    runs: Runs<'t>,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordsOf<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordsOf<'a> {
        WordsOf { text, runs: Runs::new(text), token: Token::default() }
    }
}

impl TokenStream for WordsOf<'_> {
    fn advance(&mut self) -> bool {
        let Some(run) = self.runs.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        (self.token.offset_from, self.token.offset_to) = (run.range.start, run.range.end);
        put_word(&run, self.text, &mut self.token.text);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

fn put_word(run: &WordRun, text: &str, word: &mut String) {
    match run.plain(text) {
        Some(plain) => {
            word.clear();
            word.push_str(plain);
        }
        None => run.lower_into(text, word),
    }
}
