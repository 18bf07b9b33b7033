//! The index of a batch, kept: one checksummed Arrow file a batch, mapped when it is opened again.

use crate::batch::{Batch, Packing};
use crate::blemish::Blemishes;
use crate::columns::Columns;
use crate::kept::{self, Found};
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::root_as_footer;
use arrow_ipc::writer::FileWriter;
use arrow_schema::Schema;
use bytes::Bytes;
use goldstar_disk::Disk;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

const KEY: &str = "goldstar";
/// How much of the text before the end of the index is compared to tell a grown file from a
/// replaced one.
const TAIL_BYTES: u64 = 4096;

/// What the file of a batch looked like when it was indexed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) bytes: u64,
    modified_ns: i128,
}

impl Stamp {
    pub(crate) fn of(file: &Path) -> io::Result<Self> {
        let found = std::fs::metadata(file)?;
        let modified_ns =
            i128::from(found.mtime()) * 1_000_000_000 + i128::from(found.mtime_nsec());
        Ok(Self { bytes: found.len(), modified_ns })
    }
}

/// A batch's index with all that is needed to use it again.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) about: About,
    pub(crate) columns: Columns,
}

/// What is known of a batch beside its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) path: String,
    pub(crate) stamp: Stamp,
    /// Names the reading that the rows come from: the same as long as the batch only grows, another
    /// when it was read from its first line again.
    pub(crate) origin: u64,
    /// The rule for names that was in force.
    pub(crate) names: String,
    pub(crate) models: Vec<Arc<str>>,
    pub(crate) finishes: Vec<Arc<str>>,
    /// Bytes of text that are indexed, and lines ended in them.
    pub(crate) text_bytes: u64,
    pub(crate) lines: u64,
    /// XXH3-64 of the last [`TAIL_BYTES`] of the indexed text.
    pub(crate) tail: u64,
    pub(crate) blemish_count: u64,
    pub(crate) blemishes: Vec<(Option<u64>, String)>,
}

impl About {
    pub(crate) fn blemishes(&self) -> Blemishes {
        Blemishes { total: self.blemish_count, kept: self.blemishes.clone() }
    }
}

/// What a kept index is good for.
#[derive(Debug)]
pub(crate) enum Kept {
    /// The batch has not changed.
    Whole(Index),
    /// The batch has grown: only what follows the index has to be read.
    Grown(Index),
    /// There is none that fits.
    Nothing,
    /// There is one, but it is damaged.
    Damaged,
}

/// A name for a reading of a batch that begins now.
pub(crate) fn new_origin(path: &str, stamp: &Stamp, names: &str) -> u64 {
    let Stamp { bytes, modified_ns } = stamp;
    xxh3_64(format!("{path}\n{bytes} {modified_ns}\n{names}").as_bytes())
}

/// Opens the kept index of a batch, if it is whole and of this version.
pub(crate) fn open(batch: &Batch, cache: &Path, stamp: &Stamp, names: &str) -> Kept {
    let index = match kept::read(&batch.index_path(cache)) {
        Found::Good(body) => match decode(body) {
            Some(index) => index,
            None => return Kept::Damaged,
        },
        Found::Nothing => return Kept::Nothing,
        Found::Damaged => return Kept::Damaged,
    };
    let about = &index.about;
    if about.path != batch.path || about.names != names {
        return Kept::Nothing;
    }
    if batch.packing != Packing::Plain && batch.text_size() != Some(about.text_bytes) {
        return Kept::Nothing;
    }
    let is_lines = batch.packing == Packing::Plain && !batch.is_document;
    let has_more = is_lines && stamp.bytes > about.text_bytes;
    if about.stamp == *stamp && !has_more {
        return Kept::Whole(index);
    }
    let may_have_grown = has_more && stamp.bytes >= about.stamp.bytes && about.text_bytes > 0;
    match tail_hash(&batch.file, about.text_bytes) {
        Ok(tail) if may_have_grown && tail == about.tail => Kept::Grown(index),
        _ => Kept::Nothing,
    }
}

/// Keeps the index of a batch, and gives it mapped.
pub(crate) fn save(disk: &dyn Disk, path: &Path, index: &Index) -> io::Result<Index> {
    let about = serde_json::to_string(&index.about).map_err(io::Error::other)?;
    let metadata = HashMap::from([(KEY.to_owned(), about)]);
    let schema = Schema::new_with_metadata(crate::columns::fields(), metadata);
    let bytes = kept::write(disk, path, |mut file| {
        let mut writer = FileWriter::try_new(&mut file, &schema).map_err(io::Error::other)?;
        writer.write(&index.columns.batch).map_err(io::Error::other)?;
        writer.finish().map_err(io::Error::other)
    })?;
    decode(bytes).ok_or_else(|| io::Error::other("the kept index reads back as something else"))
}

/// XXH3-64 of the text just before `end`.
pub(crate) fn tail_hash(text: &Path, end: u64) -> io::Result<u64> {
    let length = end.min(TAIL_BYTES);
    let mut bytes = vec![0; length as usize];
    File::open(text)?.read_exact_at(&mut bytes, end - length)?;
    Ok(xxh3_64(&bytes))
}

/// Reads the Arrow file without copying its columns.
fn decode(bytes: Bytes) -> Option<Index> {
    const END_BYTES: usize = 10;
    let buffer = Buffer::from(bytes);
    let end = buffer.len().checked_sub(END_BYTES)?;
    let footer_length = read_footer_length(buffer[end..].try_into().ok()?).ok()?;
    let footer = root_as_footer(&buffer[end.checked_sub(footer_length)?..end]).ok()?;
    let schema = try_fb_to_schema(footer.schema()?).ok()?;
    let about: About = serde_json::from_str(schema.metadata().get(KEY)?).ok()?;
    let decoder = FileDecoder::new(Arc::new(schema), footer.version());
    let blocks = footer.recordBatches()?;
    if blocks.len() != 1 {
        return None;
    }
    let block = blocks.get(0);
    let start = usize::try_from(block.offset()).ok()?;
    let length =
        usize::try_from(block.bodyLength()).ok()? + usize::try_from(block.metaDataLength()).ok()?;
    if start.checked_add(length)? > buffer.len() {
        return None;
    }
    let data = buffer.slice_with_length(start, length);
    let batch = decoder.read_record_batch(block, &data).ok()??;
    Some(Index { about, columns: Columns::of(batch).ok()? })
}
