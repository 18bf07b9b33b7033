//! What the demo promises: the same bytes always, lines of the right shape, and a truth that holds.

use super::planted::Kind;
use super::{Made, Plan, Sheet, Sink, make, sheets};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

/// Files kept in memory.
#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, Arc<Mutex<Vec<u8>>>>>);

struct Book(Arc<Mutex<Vec<u8>>>);

impl Write for Book {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Shelf {
    fn file(&self, relative: &str) -> io::Result<Box<dyn Write + Send>> {
        let book = Arc::default();
        let before = self.0.lock().unwrap().insert(relative.to_owned(), Arc::clone(&book));
        assert!(before.is_none(), "{relative} is opened twice");
        Ok(Box::new(Book(book)))
    }
}

type Files = BTreeMap<String, Vec<u8>>;

/// The collection most tests look at: 5,000 records of two models.
static FILES: LazyLock<Files> = LazyLock::new(|| files(plan(5_000, 2, 7, 2)).1);

fn plan(records: u64, models: usize, seed: u64, threads: usize) -> Plan {
    Plan { records, models, seed, threads }
}

fn files(plan: Plan) -> (Made, Files) {
    let shelf = Shelf::default();
    let made = make(&plan, &shelf, &|_| {}).unwrap();
    let books = shelf.0.into_inner().unwrap();
    (made, books.into_iter().map(|(name, book)| (name, book.lock().unwrap().clone())).collect())
}

/// The lines of all files whose path starts with `prefix`, in order of path.
fn lines(files: &Files, prefix: &str) -> Vec<Value> {
    let chosen = files.iter().filter(|(name, _)| name.starts_with(prefix));
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
    chosen
        .flat_map(|(_, bytes)| {
            let text = text(bytes);
            assert!(text.is_empty() || text.ends_with('\n'));
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
        })
        .collect()
}

fn id(line: &Value) -> &str {
    line["custom_id"].as_str().unwrap()
}

fn content(line: &Value) -> Option<&str> {
    line["response"]["body"]["choices"][0]["message"]["content"].as_str()
}

/// First results by custom_id.
fn results(files: &Files, model: &str) -> BTreeMap<String, Value> {
    let first_run = lines(files, &format!("batches/output/{model}_batch_000"));
    first_run.into_iter().map(|line| (id(&line).to_owned(), line)).collect()
}

#[test]
fn the_same_plan_gives_the_same_bytes_on_any_number_of_threads() {
    let (made, expected) = files(plan(700, 3, 11, 1));
    for threads in [0, 2, 7, 64] {
        let (again, files) = files(plan(700, 3, 11, threads));
        assert_eq!(made, again);
        assert!(files == expected, "{threads} threads");
    }
    assert_ne!(files(plan(700, 3, 12, 1)).1, expected, "another seed, other bytes");
}

#[test]
fn what_was_made_is_what_was_written() {
    let plan = plan(1_000, 2, 5, 2);
    let (made, files) = files(plan);
    let bytes: usize = files.values().map(Vec::len).sum();
    assert_eq!(made.bytes, bytes as u64);
    assert_eq!(made.files, files.len() as u64);
    assert_eq!(made.records, lines(&files, "truth").len() as u64);
    assert_eq!(made.outputs, lines(&files, "batches/output").len() as u64);
    assert_eq!(made.outputs, lines(&files, "batches/input").len() as u64);
    assert_eq!(made.outputs, plan.outputs());
}

#[test]
fn nothing_asked_for_is_nothing_made() {
    for (records, models) in [(0, 0), (0, 2), (3, 0), (1, 1), (2, 70)] {
        let (made, files) = files(plan(records, models, 1, 2));
        assert_eq!(made.outputs, records * models as u64);
        assert!(files.contains_key("truth.jsonl"));
    }
}

#[test]
fn batches_hold_fifty_thousand_lines_and_second_attempts_come_last() {
    let batches = |results: bool| -> Vec<_> {
        let batch = |sheet: &Sheet| match *sheet {
            Sheet::Batch { model: 1, number, lines, results: made } if made == results => {
                Some((number, lines.first, lines.count, lines.again))
            }
            _ => None,
        };
        sheets(&plan(170_000, 2, 3, 2)).iter().filter_map(batch).collect()
    };
    let expected = [
        (0, 0, 50_000, false),
        (1, 50_000, 50_000, false),
        (2, 100_000, 50_000, false),
        (3, 150_000, 20_000, false),
        (4, 0, 510, true),
    ];
    assert_eq!(batches(true), expected);
    assert_eq!(batches(false), expected);
}

#[test]
fn progress_counts_every_output() {
    let most = AtomicU64::new(0);
    let plan = plan(2_500, 2, 1, 2);
    let note = |done| _ = most.fetch_max(done, Ordering::Relaxed);
    make(&plan, &Shelf::default(), &note).unwrap();
    assert_eq!(most.into_inner(), plan.outputs());
}

#[test]
fn an_error_of_the_sink_is_returned() {
    struct Full;
    impl Sink for Full {
        fn file(&self, relative: &str) -> io::Result<Box<dyn Write + Send>> {
            match relative {
                "truth.jsonl" => Ok(Box::new(io::sink())),
                _ => Err(io::Error::other("no room")),
            }
        }
    }
    let error = make(&plan(10, 2, 1, 2), &Full, &|_| {}).unwrap_err();
    assert_eq!(error.to_string(), "no room");
}

#[test]
fn requests_are_batch_lines_with_a_name_to_find() {
    let files = &*FILES;
    let truth = lines(files, "truth");
    let names: BTreeMap<_, _> =
        truth.iter().map(|line| (id(line), line["name"].as_str().unwrap())).collect();
    let requests = lines(files, "batches/input/Llama-4-70B");
    let mut with_metadata = 0;
    for request in &requests {
        assert_eq!(request["method"], "POST");
        assert_eq!(request["url"], "/v1/chat/completions");
        let body = &request["body"];
        assert_eq!(body["model"], "meta-llama/Llama-4-70B");
        assert_eq!(body["messages"][0]["role"], "system");
        assert_eq!(body["messages"][1]["role"], "user");
        let prompt = body["messages"][1]["content"].as_str().unwrap();
        let name = prompt.lines().find_map(|line| line.strip_prefix("Name: "));
        assert_eq!(name, Some(names[id(request)]));
        if let Some(metadata) = body.get("metadata") {
            assert_eq!(metadata["candidate_name"], names[id(request)]);
            with_metadata += 1;
        }
    }
    assert!((1_000..2_500).contains(&with_metadata), "{with_metadata} with metadata");
}

#[test]
fn results_have_the_shape_that_vllm_writes() {
    let files = &*FILES;
    let mut shapes = BTreeSet::new();
    for line in lines(files, "batches/output") {
        let keys: BTreeSet<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, BTreeSet::from(["custom_id", "error", "id", "response"]));
        let hex = line["id"].as_str().unwrap().strip_prefix("vllm-").unwrap();
        assert!(hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let response = &line["response"];
        assert!(response["request_id"].as_str().unwrap().starts_with("vllm-batch-"));
        if line["error"].is_null() {
            assert_eq!(response["status_code"], 200);
            check_body(&response["body"]);
        } else {
            assert_ne!(response["status_code"], 200);
            assert!(response["body"].is_null());
            shapes.insert(match &line["error"] {
                Value::String(_) => "text",
                error if error["error"]["message"].is_string() => "nested",
                error if error["message"].is_string() => "flat",
                error => panic!("{error}"),
            });
        }
    }
    assert_eq!(shapes, BTreeSet::from(["flat", "nested", "text"]));
}

fn check_body(body: &Value) {
    assert!(body["id"].as_str().unwrap().starts_with("chatcmpl-"));
    assert_eq!(body["object"], "chat.completion");
    assert!((1_757_000_000..1_800_000_000).contains(&body["created"].as_u64().unwrap()));
    assert!(["Qwen3-32B", "Llama-4-70B"].contains(&body["model"].as_str().unwrap()));
    let usage = |key: &str| body["usage"][key].as_u64().unwrap();
    assert_eq!(usage("total_tokens"), usage("prompt_tokens") + usage("completion_tokens"));
    for (index, choice) in body["choices"].as_array().unwrap().iter().enumerate() {
        assert_eq!(choice["index"], index);
        assert_eq!(choice["message"]["role"], "assistant");
        assert!(choice["message"].get("content").is_some());
        assert!(choice["message"].get("reasoning").is_some());
        let cut = choice["finish_reason"] == "length";
        assert!(cut || choice["finish_reason"] == "stop");
        assert_eq!(cut, usage("completion_tokens") == 1024);
    }
}

/// What sort a result is, to judge by its line alone.
fn kind(line: &Value) -> Kind {
    let choices = &line["response"]["body"]["choices"];
    let text = content(line).unwrap_or_default();
    if !line["error"].is_null() {
        Kind::Error
    } else if choices[0]["finish_reason"] == "length" {
        Kind::Truncated
    } else if text.is_empty() {
        Kind::Empty
    } else if text.starts_with("<think>\n") && text.contains("\n</think>\n\n") {
        Kind::Think
    } else if choices[0]["message"]["reasoning"].is_string() {
        Kind::Reasoning
    } else if choices.as_array().unwrap().len() == 2 {
        Kind::TwoChoices
    } else {
        Kind::Plain
    }
}

#[test]
fn truth_names_what_each_line_is_and_the_shares_are_as_planned() {
    let files = &*FILES;
    let truth = lines(files, "truth");
    let mut shares: BTreeMap<&str, u32> = BTreeMap::new();
    for model in ["Qwen3-32B", "Llama-4-70B"] {
        let results = results(files, model);
        assert_eq!(results.len(), truth.len());
        for line in &truth {
            let seen = kind(&results[id(line)]).word();
            assert_eq!(
                line["planted"].get(model).map_or("plain", |word| word.as_str().unwrap()),
                seen
            );
            assert!((1..=10).contains(&line["quality"][model].as_u64().unwrap()));
            *shares.entry(seen).or_default() += 1;
        }
    }
    // Of 10,000 outputs.
    assert!((110..190).contains(&shares["error"]), "{shares:?}");
    assert!((230..350).contains(&shares["truncated"]), "{shares:?}");
    assert!((25..80).contains(&shares["empty"]), "{shares:?}");
    assert!((65..130).contains(&shares["think"]), "{shares:?}");
    assert!((230..350).contains(&shares["reasoning"]), "{shares:?}");
    assert!((25..80).contains(&shares["two_choices"]), "{shares:?}");
}

#[test]
fn second_attempts_are_in_a_later_file_and_mend_errors() {
    let files = &*FILES;
    let mut mended = 0;
    for model in ["Qwen3-32B", "Llama-4-70B"] {
        let first = results(files, model);
        let again = lines(files, &format!("batches/output/{model}_batch_001"));
        assert_eq!(again.len(), 15);
        let told: BTreeSet<_> = lines(files, "truth")
            .into_iter()
            .filter(|line| line["again"].as_array().unwrap().contains(&Value::from(model)))
            .map(|line| id(&line).to_owned())
            .collect();
        assert_eq!(told, again.iter().map(|line| id(line).to_owned()).collect());
        for line in &again {
            assert_ne!(line["id"], first[id(line)]["id"]);
            assert_ne!(content(line), content(&first[id(line)]));
            assert!(line["error"].is_null());
            mended += usize::from(!first[id(line)]["error"].is_null());
        }
    }
    assert!(mended > 0);
}

/// Words in a row, five at a time, lower case and without punctuation.
fn shingles(text: &str) -> BTreeSet<Vec<String>> {
    let bare: String = text
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .collect();
    let words: Vec<_> = bare.split_whitespace().map(str::to_owned).collect();
    words.windows(5).map(<[String]>::to_vec).collect()
}

fn jaccard(left: &str, right: &str) -> f64 {
    let (left, right) = (shingles(left), shingles(right));
    let shared = left.intersection(&right).count();
    shared as f64 / (left.len() + right.len() - shared) as f64
}

#[test]
fn copies_are_near_their_originals_and_others_are_not() {
    let files = &*FILES;
    let truth = lines(files, "truth");
    for model in ["Qwen3-32B", "Llama-4-70B"] {
        let results = results(files, model);
        let mut copies = 0;
        let mut before: Option<&str> = None;
        for (place, line) in truth.iter().enumerate() {
            let text = content(&results[id(line)]);
            if let Some(original) = line["cluster"].as_str().filter(|cluster| *cluster != id(line))
            {
                let (text, original) = (text.unwrap(), content(&results[original]).unwrap());
                assert_ne!(text, original);
                let near = jaccard(text, original);
                assert!(near > 0.7, "{}: {near}", id(line));
                copies += 1;
            } else if let (Some(text), Some(before)) = (text, before)
                && place < 500
            {
                assert!(jaccard(text, before) < 0.3, "{} is near its neighbour", id(line));
            }
            before = text;
        }
        assert_eq!(copies, 100);
    }
}

#[test]
fn better_evaluations_are_longer_and_nearer_to_the_candidate() {
    let files = &*FILES;
    let results = results(files, "Qwen3-32B");
    let (mut length, mut miss, mut count) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    for line in lines(files, "truth") {
        let group = match line["quality"]["Qwen3-32B"].as_u64().unwrap() {
            ..=3 => 0,
            7.. => 1,
            _ => continue,
        };
        let text = content(&results[id(&line)]).unwrap_or_default();
        let Some((_, tail)) = text.rsplit_once("**Score: ") else { continue };
        let score: f64 = tail.trim_end_matches("/10**").parse().unwrap();
        length[group] += text.len() as f64;
        miss[group] += (score - line["strength"].as_f64().unwrap()).abs();
        count[group] += 1.0;
    }
    assert!(length[1] / count[1] > 1.5 * length[0] / count[0]);
    assert!(miss[1] / count[1] < 0.6 * miss[0] / count[0]);
}

#[test]
fn results_are_in_completion_order_near_that_of_requests() {
    let files = &*FILES;
    let order: Vec<i64> = lines(files, "batches/output/Qwen3-32B_batch_000")
        .iter()
        .map(|line| id(line).strip_prefix("cand-").unwrap().parse().unwrap())
        .collect();
    let away: Vec<i64> = (1..).zip(&order).map(|(place, number)| (number - place).abs()).collect();
    assert!(away.iter().filter(|away| **away > 0).count() > 4_000);
    assert!(away.iter().all(|away| *away < 1_000));
    assert!(away.iter().sum::<i64>() / 5_000 < 128);
}

#[test]
fn names_come_from_many_alphabets() {
    let files = &*FILES;
    let names: Vec<_> = lines(files, "truth")
        .iter()
        .map(|line| line["name"].as_str().unwrap().to_owned())
        .collect();
    let share = |low: char, high: char| {
        names.iter().filter(|name| name.chars().any(|c| (low..=high).contains(&c))).count()
    };
    assert!(share('\u{80}', '\u{10ffff}') > 1_500, "not ASCII");
    for (alphabet, low, high) in [
        ("Arabic", '\u{600}', '\u{6ff}'),
        ("Hebrew", '\u{590}', '\u{5ff}'),
        ("Greek", '\u{370}', '\u{3ff}'),
        ("Cyrillic", '\u{400}', '\u{4ff}'),
        ("Devanagari", '\u{900}', '\u{97f}'),
        ("Thai", '\u{e00}', '\u{e7f}'),
        ("Chinese", '\u{4e00}', '\u{9fff}'),
        ("Hangul", '\u{ac00}', '\u{d7a3}'),
        ("Vietnamese", 'Ạ', 'ỹ'),
    ] {
        assert!(share(low, high) > 10, "{alphabet}");
    }
    assert!(names.iter().any(|name| name.contains('"')), "a nickname in quotes");
    assert!(names.iter().any(|name| name.contains('\'')), "an apostrophe");
    assert!(names.iter().collect::<BTreeSet<_>>().len() > 3_000, "distinct names");
}
