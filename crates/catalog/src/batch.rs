//! A batch: one file of results or requests, and how its text is found again.

use crate::chunks::{Chunks, Tee};
use goldstar_disk::Disk;
use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::num::NonZero;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use xxhash_rust::xxh3::xxh3_64;

/// Names of folders that hold results.
pub(crate) const OUTPUT_FOLDERS: [&str; 3] = ["output", "outputs", "results"];

/// How a batch's text is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// One file of results or requests. It is read, never written, moved or locked.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The file, relative to the collection's folder.
    pub(crate) path: String,
    pub(crate) file: PathBuf,
    pub(crate) packing: Packing,
    /// A whole JSON document (`.json`), not lines.
    pub(crate) is_document: bool,
    /// It stands among requests.
    pub(crate) is_input: bool,
    /// Where the plain text is: the file itself, or its unpacked copy among the caches.
    text: PathBuf,
    opened: OnceLock<File>,
}

impl Batch {
    /// The file at `file`, if its name is one of a batch.
    pub(crate) fn at(file: &Path, root: &Path, cache: &Path) -> Option<Self> {
        let name = file.file_name()?.to_str()?.to_ascii_lowercase();
        let (name, packing) = if let Some(name) = name.strip_suffix(".gz") {
            (name, Packing::Gzip)
        } else if let Some(name) = name.strip_suffix(".zst") {
            (name, Packing::Zstd)
        } else {
            (&name[..], Packing::Plain)
        };
        let lines = [".jsonl", ".ndjson", ".jsonl.out"].iter().any(|end| name.ends_with(end));
        let is_document = name.ends_with(".json") && packing == Packing::Plain;
        if name.starts_with('.') || !(lines || is_document) {
            return None;
        }
        let path = relative(file, root);
        let text = match packing {
            Packing::Plain => file.to_owned(),
            _ => cache.join("text").join(format!("{:016x}.jsonl", xxh3_64(path.as_bytes()))),
        };
        let file = file.to_owned();
        let opened = OnceLock::new();
        Some(Self { path, file, packing, is_document, is_input: false, text, opened })
    }

    /// The file, relative to the collection's folder.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The file's name without folders and endings: what its model is called when no line says.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        let samples = name.starts_with("samples_");
        match self.path.rsplit('/').nth(1) {
            // lm-evaluation-harness keeps a model's samples in a folder named after it.
            Some(folder) if samples && !OUTPUT_FOLDERS.contains(&folder) => folder,
            _ => {
                let lower = name.to_ascii_lowercase();
                let end = lower.find(".json").or_else(|| lower.find(".ndjson"));
                &name[..end.unwrap_or(name.len())]
            }
        }
    }

    /// Where the cache of its index lies.
    pub(crate) fn index_path(&self, cache: &Path) -> PathBuf {
        cache.join("index").join(format!("{:016x}.arrow", xxh3_64(self.path.as_bytes())))
    }

    /// Its lines in pieces, from `offset` of the text, which is in line `line`.
    pub(crate) fn chunks(
        &self,
        disk: &dyn Disk,
        offset: u64,
        line: u64,
        line_bytes_max: usize,
    ) -> io::Result<Chunks> {
        let mut file = File::open(&self.file)?;
        let source: Box<dyn Read + Send> = match self.packing {
            Packing::Plain => {
                file.seek(SeekFrom::Start(offset))?;
                Box::new(file)
            }
            Packing::Gzip => {
                let from = flate2::read::MultiGzDecoder::new(io::BufReader::new(file));
                Box::new(Tee { from, to: disk.stream(&self.text)? })
            }
            Packing::Zstd => {
                let from = zstd::stream::read::Decoder::new(file)?;
                Box::new(Tee { from, to: disk.stream(&self.text)? })
            }
        };
        Ok(Chunks::new(source, offset, line, line_bytes_max))
    }

    /// Reads a line again by its place.
    pub(crate) fn line_at(&self, offset: u64, length: u32) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length as usize];
        self.read_into(offset, &mut bytes)?;
        Ok(bytes)
    }

    /// Says that these bytes of its text will be read soon, so that the disk brings them meanwhile.
    pub(crate) fn will_read(&self, offset: u64, length: u32) {
        if let Ok(file) = self.text_file() {
            let length = NonZero::new(u64::from(length));
            // Advice that is not taken costs nothing but time.
            rustix::fs::fadvise(file, offset, length, rustix::fs::Advice::WillNeed).ok();
        }
    }

    /// Reads bytes of its text.
    pub(crate) fn read_into(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.text_file()?.read_exact_at(bytes, offset)
    }

    fn text_file(&self) -> io::Result<&File> {
        match self.opened.get() {
            Some(file) => Ok(file),
            None => {
                let file = File::open(&self.text)?;
                Ok(self.opened.get_or_init(|| file))
            }
        }
    }

    /// The unpacked copy's size, if the batch is packed and the copy is there.
    pub(crate) fn text_size(&self) -> Option<u64> {
        std::fs::metadata(&self.text).ok().map(|found| found.len())
    }
}

/// The path below `root`, with `/`.
pub(crate) fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

/// `batch_2` before `batch_10`.
pub(crate) fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        match (a, b) {
            ([x, ..], [y, ..]) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (left, rest_a) = number(a);
                let (right, rest_b) = number(b);
                let order = left.len().cmp(&right.len()).then(left.cmp(right));
                if order != Ordering::Equal {
                    return order;
                }
                (a, b) = (rest_a, rest_b);
            }
            ([x, rest_a @ ..], [y, rest_b @ ..]) => {
                if x != y {
                    return x.cmp(y);
                }
                (a, b) = (rest_a, rest_b);
            }
            _ => return a.len().cmp(&b.len()),
        }
    }
}

/// The digits at the start without leading zeros, and the rest.
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let digits = &text[..end];
    let zeros = digits.iter().take_while(|b| **b == b'0').count();
    (&digits[zeros..], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_batches() {
        let at = |name: &str| {
            let root = Path::new("data");
            Batch::at(&root.join(name), root, Path::new("cache"))
        };
        let check = |name: &str, expected: Option<(Packing, bool, &str)>| {
            let found = at(name);
            let found = found.as_ref().map(|b| (b.packing, b.is_document, b.stem()));
            assert_eq!(found, expected, "{name}");
        };
        check("batches/output/a.b.jsonl", Some((Packing::Plain, false, "a.b")));
        check("output/a.JSONL.GZ", Some((Packing::Gzip, false, "a")));
        check("output/a.jsonl.zst", Some((Packing::Zstd, false, "a")));
        check("output/a.ndjson", Some((Packing::Plain, false, "a")));
        check("output/a.jsonl.out", Some((Packing::Plain, false, "a")));
        check("output/log.json", Some((Packing::Plain, true, "log")));
        check("output/m__x/samples_gsm8k_2026.jsonl", Some((Packing::Plain, false, "m__x")));
        check("output/a.csv", None);
        check("output/.a.jsonl", None);
    }

    #[test]
    fn numbers_sort_as_numbers() {
        let mut names = ["b10", "b2", "b02", "a", "b2x", "b"];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["a", "b", "b2", "b02", "b2x", "b10"]);
    }
}
