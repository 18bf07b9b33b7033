//! Records, columns, names, re-runs and what is wrong with lines.

use crate::{Folder, blemishes, failed, request, result, shown};
use goldstar_catalog::{NameRule, PromptKind, State};
use serde_json::{Value, json};
use std::io::Write;

#[test]
fn one_record_a_custom_id_and_one_column_a_model() {
    let folder = Folder::new();
    folder
        .put_lines("output/a.jsonl", &[result("q1", "m", "one"), result("q2", "m", "two")])
        .put_lines("output/b.jsonl", &[result("q2", "n", "zwei"), result("q3", "n", "drei")])
        .put_lines(
            "input/a.jsonl",
            &[request("q2", "m", "Name: Zoë\nCV"), request("q9", "m", "x")],
        );
    let catalog = folder.open();
    assert_eq!(
        shown(&catalog),
        ["q1 | m/0 ok one", "q2 (Zoë) | m/0 ok two | n/0 ok zwei", "q3 | n/0 ok drei"]
    );
    let models = catalog.models();
    let models: Vec<_> = models.iter().map(|model| (&*model.name, model.outputs)).collect();
    assert_eq!(models, [("m", 2), ("n", 2)]);
    let status = catalog.status();
    assert_eq!((status.records, status.outputs, status.requests), (3, 4, 2));
    assert_eq!((status.unanswered, status.blemishes), (1, 0));
    assert!(status.is_ready && status.bytes_done == status.bytes_total);
    assert!(catalog.record("q9").is_none());
}

#[test]
fn a_prompt_is_found_by_its_models_own_request() {
    let folder = Folder::new();
    folder
        .put_lines("output/a.jsonl", &[result("q", "m", "x"), result("q", "gpt-4o-2024", "y")])
        .put_lines("input/a.jsonl", &[request("q", "m", "for m"), request("q", "gpt-4o", "for n")]);
    let record = folder.open().record("q").unwrap();
    let prompt = |model| record.prompt(model).unwrap().unwrap().0.as_input();
    assert_eq!(prompt(Some("m")), "for m");
    assert_eq!(prompt(Some("gpt-4o-2024")), "for n");
    assert_eq!(record.prompt_kind(Some("m")), PromptKind::Plain);
    let place = record.prompt(Some("m")).unwrap().unwrap().1;
    assert_eq!((place.file(), place.line), ("batches/input/a.jsonl", 1));
}

#[test]
fn errors_stand_in_the_column_of_their_files_model() {
    let folder = Folder::new();
    folder
        .put_lines("output/a.jsonl", &[failed("q1"), result("q2", "m", "two")])
        .put_lines("output/errors.jsonl", &[failed("q3"), failed("q4")])
        .put_lines("input/a.jsonl", &[request("q3", "m", "x")]);
    let catalog = folder.open();
    assert_eq!(
        shown(&catalog),
        [
            "q1 | m/0 error 400: too long",
            "q2 | m/0 ok two",
            "q3 | m/0 error 400: too long",
            "q4 | errors/0 error 400: too long"
        ]
    );
    let models = catalog.models();
    let counts: Vec<_> = models.iter().map(|m| (&*m.name, m.outputs, m.errors)).collect();
    assert_eq!(counts, [("m", 3, 2), ("errors", 1, 1)]);
}

#[test]
fn the_newest_run_is_shown_and_the_older_are_reachable() {
    let folder = Folder::new();
    let at = |text: &str, created: i64| {
        let mut line = result("q", "m", text);
        line["response"]["body"]["created"] = created.into();
        line
    };
    folder
        .put_lines("output/run10.jsonl", &[at("third", 30), failed("q")])
        .put_lines("output/run9.jsonl", &[at("second", 20), at("first", 10)]);
    let record = folder.open().record("q").unwrap();
    let [output] = &record.outputs[..] else { panic!("one column: {record:?}") };
    assert_eq!(output.read().unwrap().text, "third");
    let older: Vec<_> = output.older.iter().map(|o| o.read().unwrap().text).collect();
    assert_eq!(older, ["second", "first", "400: too long"]);
}

#[test]
fn several_choices_stand_side_by_side() {
    let folder = Folder::new();
    let mut line = result("q", "m", "a");
    let mut second = line["response"]["body"]["choices"][0].clone();
    second["index"] = 1.into();
    second["message"]["content"] = "b".into();
    line["response"]["body"]["choices"].as_array_mut().unwrap().push(second);
    folder.put_lines("output/a.jsonl", &[line]);
    assert_eq!(shown(&folder.open()), ["q | m/0 ok a | m/1 ok b"]);
}

#[test]
fn names_come_from_fields_prompts_and_rules() {
    let folder = Folder::new();
    let mut named = result("q1", "m", "x");
    named["candidate_name"] = "王芳".into();
    let mut other = request("q2", "m", "x");
    other["body"]["metadata"] = json!({"name": "Bo"});
    folder
        .put_lines("output/a.jsonl", &[named, result("q2", "m", "x"), result("q3", "m", "x")])
        .put_lines("input/a.jsonl", &[other, request("q3", "m", "id=17 Name: no")]);
    let names = |catalog: goldstar_catalog::Catalog| -> Vec<String> {
        catalog.records(0..3).into_iter().map(|record| record.name).collect()
    };
    assert_eq!(names(folder.open()), ["王芳", "Bo", "q3"]);
    let regex = Some(regex::Regex::new(r"id=(\d+)").unwrap());
    let rule = NameRule { pointer: Some("/custom_id".into()), regex };
    assert_eq!(names(folder.open_with(rule)), ["q1", "q2", "q3"]);
}

#[test]
fn a_bad_line_hides_no_good_one() {
    let folder = Folder::new();
    let good = |id: &str| result(id, "m", "x").to_string().into_bytes();
    let mut text = b"\xEF\xBB\xBF".to_vec();
    for line in
        [&good("q1")[..], b"", b"nope", b"[1]", b"\xff\xfe", &good("q2"), b"{\"custom_id\":\"c"]
    {
        text.extend_from_slice(line);
        text.extend_from_slice(b"\r\n");
    }
    text.extend(good("q3"));
    folder.put("output/a.jsonl", text);
    let catalog = folder.open();
    assert_eq!(shown(&catalog), ["q1 | m/0 ok x", "q2 | m/0 ok x", "q3 | m/0 ok x"]);
    assert_eq!(
        blemishes(&catalog),
        [
            "batches/output/a.jsonl:3 not JSON: expected ident at column 2",
            "batches/output/a.jsonl:4 a JSON array, where a JSON object is expected",
            "batches/output/a.jsonl:5 not UTF-8 from byte 0 of the line on; save the file as UTF-8",
            "batches/output/a.jsonl:7 the line stops in the middle, at column 15: it was cut off"
        ]
    );
    let lines: Vec<_> = catalog.records(0..3).iter().map(|r| r.outputs[0].place.line).collect();
    assert_eq!(lines, [1, 6, 8]);
}

#[test]
fn lines_that_are_almost_json_are_read_and_said_so() {
    let folder = Folder::new();
    let half = result("q1", "m", "cut HALF").to_string().replace("HALF", "\\ud83d");
    let nan = result("q2", "m", "x").to_string().replace("\"r\"", "NaN");
    folder.put("output/a.jsonl", format!("{half}\n{nan}\n"));
    let catalog = folder.open();
    assert_eq!(shown(&catalog), ["q1 | m/0 ok cut \u{fffd}", "q2 | m/0 ok x"]);
    assert_eq!(blemishes(&catalog).len(), 2);
}

#[test]
fn reasoning_is_kept_apart_and_states_are_told() {
    let folder = Folder::new();
    let mut empty = result("q3", "m", "");
    empty["response"]["body"]["choices"][0]["message"]["content"] = Value::Null;
    let mut tool = empty.clone();
    tool["custom_id"] = "q4".into();
    tool["response"]["body"]["choices"][0]["message"]["tool_calls"] =
        json!([{"type": "function", "function": {"name": "f", "arguments": "{}"}}]);
    folder.put_lines(
        "output/a.jsonl",
        &[result("q1", "m", "<think>hm</think>\n\n42"), result("q2", "m", "42"), empty, tool],
    );
    let catalog = folder.open();
    assert_eq!(
        shown(&catalog),
        ["q1 | m/0 ok 42", "q2 | m/0 ok 42", "q3 | m/0 empty ", "q4 | m/0 ok f({})"]
    );
    let records = catalog.records(0..2);
    assert_eq!(records[0].outputs[0].hash, records[1].outputs[0].hash);
    let read = records[0].outputs[0].read().unwrap();
    assert_eq!(read.reasoning.as_deref(), Some("hm"));
    assert_eq!(records[0].outputs[0].state, State::Ok);
}

#[test]
fn packed_batches_read_like_plain_ones() {
    let plain: String =
        (0..500).map(|n| format!("{}\n", result(&format!("q{n}"), "m", "x"))).collect();
    let gzip = {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(plain.as_bytes()).unwrap();
        gzip.finish().unwrap()
    };
    let zstd = zstd::encode_all(plain.as_bytes(), 1).unwrap();
    let cut = gzip[..gzip.len() / 2].to_vec();
    for (name, bytes) in [("a.jsonl.gz", gzip), ("a.jsonl.zst", zstd)] {
        let folder = Folder::new();
        folder.put(&format!("output/{name}"), bytes);
        let catalog = folder.open();
        assert_eq!(catalog.status().records, 500);
        assert_eq!(catalog.record("q499").unwrap().outputs[0].read().unwrap().text, "x");
        assert_eq!(blemishes(&catalog), [] as [String; 0]);
        let again = folder.open();
        assert_eq!((again.status().records, again.status().reused), (500, 1));
        assert_eq!(again.record("q499").unwrap().outputs[0].read().unwrap().text, "x");
    }
    let folder = Folder::new();
    folder.put("output/a.jsonl.gz", cut).put("output/b.jsonl.zst", b"not zstd");
    let catalog = folder.open();
    assert!((1..500).contains(&catalog.status().records), "what came is kept");
    assert!(blemishes(&catalog).iter().any(|what| what.contains("b.jsonl.zst")));
    assert!(blemishes(&catalog).iter().any(|what| what.contains("a.jsonl.gz")));
}

#[test]
fn a_batch_that_is_cut_short_under_us_says_so() {
    let folder = Folder::new();
    folder.put_lines("output/a.jsonl", &[result("q1", "m", "x"), result("q2", "m", "y")]);
    let catalog = folder.open();
    folder.append("output/a.jsonl", b"");
    cut_short(&folder);
    let error = catalog.record("q2").unwrap().outputs[0].read().unwrap_err().to_string();
    assert!(error.contains("a.jsonl, line 2: the file has changed"), "{error}");
    assert_eq!(catalog.record("q1").unwrap().outputs[0].read().unwrap().text, "x");
}

#[expect(clippy::disallowed_methods, reason = "an engine begins its file anew")]
fn cut_short(folder: &Folder) {
    let path = folder.path().join("batches/output/a.jsonl");
    let length = result("q1", "m", "x").to_string().len() as u64 + 1;
    std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(length).unwrap();
}

#[test]
fn files_that_are_no_batches_are_left_alone_and_what_was_meant_is_explained() {
    let folder = Folder::new();
    folder
        .put("misplaced.jsonl", "nope\n")
        .put("README.md", "nope\n")
        .put("output/notes.txt", "nope")
        .put("output/deep/er/a.jsonl", result("q", "m", "x").to_string())
        .put("output/log.eval", "PK")
        .put("output/empty.jsonl", "");
    let catalog = folder.open();
    assert_eq!(shown(&catalog), ["q | m/0 ok x"]);
    let found = blemishes(&catalog);
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("batches/misplaced.jsonl not read"), "{found:?}");
    assert!(found[1].contains("inspect log convert --to json"), "{found:?}");
}

#[test]
fn a_folder_without_batches_is_empty_not_wrong() {
    let catalog = Folder::new().open();
    assert_eq!((catalog.status().records, catalog.status().blemishes), (0, 0));
    assert!(catalog.status().is_ready);
}
