//! Samples of lm-evaluation-harness: one line for each document and filter.

use super::{Object, fields, prompt};
use crate::line::{Answer, Content, Prompt, Reading};
use serde_json::Value;

/// Whether the line has this shape: `doc_id` with a list `resps`.
pub(super) fn claims(line: &Object) -> bool {
    line.contains_key("doc_id") && line.get("resps").is_some_and(Value::is_array)
}

/// Reads a sample. A document under another filter repeats the same outputs, so they get the
/// same choices; the model is not in the line but in the name of the folder.
pub(super) fn read(line: &Object) -> Option<Reading<'_>> {
    if !claims(line) {
        return None;
    }
    let responses = fields::list(line, "resps")?;
    let mut answers: Vec<Answer<'_>> = responses
        .iter()
        .flat_map(|one| one.as_array().map_or(std::slice::from_ref(one), Vec::as_slice))
        .enumerate()
        .filter_map(|(choice, text)| {
            let choice = u32::try_from(choice).unwrap_or(u32::MAX);
            Some(Answer { choice, ..Answer::text(text.as_str()?) })
        })
        .collect();
    if answers.is_empty() {
        // Pairs of a log-likelihood and whether it is the likeliest: nothing was generated.
        answers.push(Answer::new(Content::NotText("loglikelihood")));
    }
    Some(Reading {
        custom_id: fields::id(line, "doc_id"),
        prompt: line.get("arguments").and_then(sent),
        answers,
        ..Reading::default()
    })
}

/// The first request's prompt: `{gen_args_0: {arg_0: …}}`, or a list of lists as of old.
fn sent(arguments: &Value) -> Option<Prompt> {
    let first = match arguments {
        Value::Object(requests) => requests.get("gen_args_0")?.get("arg_0")?,
        other => other.get(0)?.get(0)?,
    };
    // A chat is kept as a list of messages, or as the JSON text of one.
    let chat = first.as_str().filter(|text| text.starts_with('['));
    let chat = chat.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let messages = match chat {
        Some(chat) if is_chat(&chat) => prompt::messages(&chat),
        _ => prompt::messages(first),
    };
    prompt::with_system(&Object::new(), messages)
}

fn is_chat(value: &Value) -> bool {
    let list = value.as_array().filter(|list| !list.is_empty());
    list.is_some_and(|list| list.iter().all(|message| message.get("role").is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;

    fn check(json: &str, prompt: Option<&str>, answers: Vec<Answer<'_>>) {
        let expected = Reading {
            custom_id: Some("3".into()),
            prompt: prompt.map(Prompt::user),
            answers,
            ..Reading::default()
        };
        assert_eq!(read(&object(json)), Some(expected), "{json}");
    }

    #[test]
    fn generations() {
        for filter in ["strict-match", "flexible-extract"] {
            check(
                &format!(
                    r#"{{"doc_id":3,"doc":{{"question":"2+2?"}},"target":"4","arguments":{{"gen_args_0":{{"arg_0":"Q: 2+2?","arg_1":{{"until":["Q:"]}}}}}},
                    "resps":[["The answer is 4."]],"filtered_resps":["4"],"filter":"{filter}"}}"#
                ),
                Some("Q: 2+2?"),
                vec![Answer::text("The answer is 4.")],
            );
        }
        check(
            r#"{"doc_id":"3","arguments":[["Q: 2+2?",{"until":[]}]],"resps":[["4","5"],["6"]]}"#,
            Some("Q: 2+2?"),
            vec![
                Answer::text("4"),
                Answer { choice: 1, ..Answer::text("5") },
                Answer { choice: 2, ..Answer::text("6") },
            ],
        );
        check(
            r#"{"doc_id":3,"arguments":{"gen_args_0":{"arg_0":"[{\"role\":\"user\",\"content\":\"2+2?\"}]"}},"resps":["4"]}"#,
            Some("2+2?"),
            vec![Answer::text("4")],
        );
        check(
            r#"{"doc_id":3,"arguments":{"gen_args_0":{"arg_0":"[\"no\", \"chat\"]"}},"resps":[["4"]]}"#,
            Some(r#"["no", "chat"]"#),
            vec![Answer::text("4")],
        );
    }

    #[test]
    fn likelihoods_and_wrong_types() {
        let nothing = || vec![Answer::new(Content::NotText("loglikelihood"))];
        check(
            r#"{"doc_id":3,"arguments":{"gen_args_0":{"arg_0":"The sky is","arg_1":" blue"}},"resps":[[["-1.2","False"]],[["-0.3","True"]]]}"#,
            Some("The sky is"),
            nothing(),
        );
        check(r#"{"doc_id":3,"arguments":7,"resps":[[]]}"#, None, nothing());
        check(
            r#"{"doc_id":3,"arguments":{"gen_args_0":7},"resps":[7,"a"]}"#,
            None,
            vec![Answer { choice: 1, ..Answer::text("a") }],
        );
        for json in [
            "{}",
            r#"{"doc_id":3}"#,
            r#"{"doc_id":3,"resps":"x"}"#,
            r#"{"doc_id":3,"resps":[]}"#,
            r#"{"resps":[["a"]]}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
