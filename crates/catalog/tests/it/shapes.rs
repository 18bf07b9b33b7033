//! Whole files of each engine: what the format readers give becomes records.

use crate::{Folder, blemishes, shown};
use serde_json::json;

fn check(name: &str, text: &str, expected: &[&str]) {
    let folder = Folder::new();
    folder.put(&format!("output/{name}"), text);
    let catalog = folder.open();
    assert_eq!(shown(&catalog), expected, "{name}");
    assert_eq!(blemishes(&catalog), [] as [String; 0]);
}

#[test]
fn an_inspect_log_is_a_document_of_samples() {
    let log = json!({"version": 2, "status": "success", "eval": {"task": "t", "model": "openai/m"},
        "samples": [
            {"id": 1, "epoch": 1, "input": "a?", "target": "b",
             "output": {"model": "m", "choices": [{"message": {"role": "assistant", "content": "b"},
                "stop_reason": "stop"}], "completion": "b"}},
            {"id": 1, "epoch": 2, "input": "a?", "target": "b",
             "output": {"model": "m", "choices": [{"message": {"role": "assistant", "content": "c"},
                "stop_reason": "stop"}], "completion": "c"}}]});
    let text = serde_json::to_string_pretty(&log).unwrap();
    check("log.json", &text, &["1 | m/0 ok b | m/1 ok c"]);
    check("log.json", &log.to_string(), &["1 | m/0 ok b | m/1 ok c"]);
}

#[test]
fn a_list_of_pairs_is_a_document_too() {
    let list = r#"[{"id": 1, "instruction": "a", "output": "b"},
        {"id": 2, "instruction": "c", "output": "d"}]"#;
    check("pairs.json", list, &["1 | pairs/0 ok b", "2 | pairs/0 ok d"]);
}

#[test]
fn lines_under_a_documents_name_are_lines() {
    let lines = "{\"id\": 1, \"prompt\": \"a\", \"output\": \"b\"}\n{\"id\": 2, \"prompt\": \"c\", \"output\": \"d\"}\n";
    check("pairs.json", lines, &["1 | pairs/0 ok b", "2 | pairs/0 ok d"]);
}

#[test]
fn pairs_without_ids_meet_by_their_prompt() {
    let folder = Folder::new();
    folder
        .put("output/gpt.jsonl", "{\"prompt\":\"a?\",\"output\":\"x\"}\n")
        .put("output/llama.jsonl", "{\"prompt\":\"a?\",\"output\":\"y\"}\n");
    let shown = shown(&folder.open());
    assert_eq!(shown.len(), 1);
    assert!(shown[0].ends_with(" | gpt/0 ok x | llama/0 ok y"), "{shown:?}");
}

#[test]
fn harness_samples_take_their_model_from_the_folder() {
    let line = json!({"doc_id": 3, "doc": {"question": "2+2?"}, "target": "4",
        "arguments": {"gen_args_0": {"arg_0": "2+2?", "arg_1": {}}},
        "resps": [["It is 4."]], "filtered_resps": ["4"], "filter": "strict"});
    let text = format!("{line}\n{}\n", line.to_string().replace("strict", "flexible"));
    check("org__m/samples_gsm8k_2026.jsonl", &text, &["3 | org__m/0 ok It is 4."]);
}
