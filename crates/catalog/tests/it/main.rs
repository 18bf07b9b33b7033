//! A catalog over real folders: one test program.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod cache;
mod reading;
mod shapes;

use goldstar_catalog::{Catalog, NameRule, Options, Record};
use goldstar_disk::{Disk, RealDisk};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// A folder of batches, made for a test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Puts a file in place, as an engine would.
    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join("batches").join(name);
        RealDisk.replace(&path, &mut |file| file.write_all(bytes.as_ref())).unwrap();
        self
    }

    fn put_lines(&self, name: &str, lines: &[Value]) -> &Self {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.put(name, text)
    }

    #[expect(clippy::disallowed_methods, reason = "an engine appends to its own file")]
    fn append(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join("batches").join(name);
        std::fs::OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
    }

    fn open(&self) -> Catalog {
        self.open_with(NameRule::default())
    }

    fn open_with(&self, names: NameRule) -> Catalog {
        self.opened(RealDisk, names)
    }

    fn open_on(&self, disk: impl Disk + 'static) -> Catalog {
        self.opened(disk, NameRule::default())
    }

    fn opened(&self, disk: impl Disk + 'static, names: NameRule) -> Catalog {
        let options = Options { names, threads: 2, ..Options::default() };
        let catalog = Catalog::new(self.path(), Arc::new(disk), options);
        catalog.index();
        catalog
    }
}

/// A good result in vLLM's form.
fn result(custom_id: &str, model: &str, text: &str) -> Value {
    json!({"id": "vllm-1", "custom_id": custom_id, "error": null,
        "response": {"status_code": 200, "request_id": "r", "body": {
            "id": "c", "object": "chat.completion", "created": 1_790_000_000, "model": model,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text},
                "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}}}})
}

fn request(custom_id: &str, model: &str, prompt: &str) -> Value {
    json!({"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions",
        "body": {"model": model, "messages": [{"role": "user", "content": prompt}]}})
}

fn failed(custom_id: &str) -> Value {
    json!({"id": "vllm-2", "custom_id": custom_id, "error": {"message": "too long", "code": 400},
        "response": {"status_code": 400, "request_id": "r", "body": null}})
}

/// All records as `custom_id name | model/choice state text | …`.
fn shown(catalog: &Catalog) -> Vec<String> {
    let records = catalog.records(0..catalog.row_count());
    records.iter().map(shown_record).collect()
}

fn shown_record(record: &Record) -> String {
    let outputs = record.outputs.iter().map(|output| {
        let text = output.read().map_or_else(|error| error.to_string(), |read| read.text);
        format!("{}/{} {} {text}", output.model, output.choice, output.state.word())
    });
    let head = if record.name == record.custom_id {
        record.custom_id.clone()
    } else {
        format!("{} ({})", record.custom_id, record.name)
    };
    std::iter::once(head).chain(outputs).collect::<Vec<_>>().join(" | ")
}

fn blemishes(catalog: &Catalog) -> Vec<String> {
    let (total, found) = catalog.blemishes();
    assert_eq!(total, found.len() as u64);
    let at = |line: Option<u64>| line.map_or(String::new(), |line| format!(":{line}"));
    found.iter().map(|b| format!("{}{} {}", b.file, at(b.line), b.what)).collect()
}
