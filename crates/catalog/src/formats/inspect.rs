//! One sample of an Inspect log.

use super::{Object, completion, failure, fields, prompt};
use crate::line::{Answer, Content, Reading};
use serde_json::Value;

/// Whether the object is a sample: an id and an epoch with what went in, and what came out.
pub(super) fn claims(sample: &Object) -> bool {
    sample.contains_key("id")
        && sample.contains_key("input")
        && fields::count(sample, &["epoch"]).is_some()
        && (is_output(sample) || failure::is_said(sample.get("error")))
}

fn is_output(sample: &Object) -> bool {
    fields::object(sample, "output")
        .is_some_and(|output| output.contains_key("choices") || output.contains_key("completion"))
}

/// Reads a sample.
pub(super) fn read(sample: &Object) -> Option<Reading<'_>> {
    if !claims(sample) {
        return None;
    }
    let epoch = fields::count(sample, &["epoch"])?.saturating_sub(1);
    let input = sample.get("input").map(prompt::messages).unwrap_or_default();
    Some(Reading {
        custom_id: fields::id(sample, "id"),
        name: fields::name(sample),
        prompt: prompt::with_system(&Object::new(), input),
        asked_model: None,
        answers: answers(sample, epoch),
    })
}

/// The answers of one epoch; each epoch's choices follow those of the epoch before.
fn answers(sample: &Object, epoch: u32) -> Vec<Answer<'_>> {
    let output = fields::object(sample, "output");
    let model = output.and_then(|output| fields::text(output, &["model"]));
    let failed = failure::message(sample.get("error"));
    let (Some(output), None) = (output, &failed) else {
        let message = failed.unwrap_or_default();
        return vec![Answer { model, choice: epoch, ..Answer::error(message) }];
    };
    let mut answers = completion::answers(output).unwrap_or_default();
    if answers.is_empty() {
        let content = match failure::message(output.get("error")) {
            Some(message) => Content::Error(message),
            None => Content::Text(fields::text(output, &["completion"]).unwrap_or_default()),
        };
        answers.push(Answer { content, ..completion::frame(output) });
    }
    let count = u32::try_from(answers.len()).unwrap_or(u32::MAX);
    let choices = fields::list(output, "choices").unwrap_or_default();
    for (position, answer) in (0..).zip(&mut answers) {
        let choice = choices.get(answer.choice as usize).and_then(Value::as_object);
        answer.finish_reason = choice.and_then(|choice| fields::text(choice, &["stop_reason"]));
        answer.choice = epoch.saturating_mul(count).saturating_add(position);
        answer.latency_ms = fields::millis(output, "time", 1000.0);
        answer.created = fields::seconds(sample, &["completed_at"]);
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::Prompt;

    fn check(json: &str, prompt: &str, answers: Vec<Answer<'_>>) {
        let expected = Reading {
            custom_id: Some("1".into()),
            prompt: Some(Prompt::user(prompt)),
            answers,
            ..Reading::default()
        };
        assert_eq!(read(&object(json)), Some(expected), "{json}");
    }

    #[test]
    fn samples() {
        check(
            r#"{"id":1,"epoch":1,"input":"Hi","target":"x","messages":[],"output":{"model":"m","choices":[{"message":{"role":"assistant",
                "content":[{"type":"reasoning","reasoning":"Hm."},{"type":"text","text":"Hello"}]},"stop_reason":"stop"}],"completion":"Hello",
                "usage":{"input_tokens":7,"output_tokens":3},"time":1.25},"scores":{},"metadata":{},"completed_at":"1970-01-01T00:00:09+00:00"}"#,
            "Hi",
            vec![Answer {
                model: Some("m".into()),
                reasoning: Some("Hm.".into()),
                finish_reason: Some("stop".into()),
                prompt_tokens: Some(7),
                completion_tokens: Some(3),
                created: Some(9),
                latency_ms: Some(1250),
                ..Answer::text("Hello")
            }],
        );
        check(
            r#"{"id":"1","epoch":3,"input":[{"role":"user","content":"Hi"}],"output":{"choices":[7,{"message":{"content":"a"}},{"message":{"content":"b"},"stop_reason":"stop"}]}}"#,
            "Hi",
            vec![
                Answer { choice: 4, ..Answer::text("a") },
                Answer { choice: 5, finish_reason: Some("stop".into()), ..Answer::text("b") },
            ],
        );
        check(
            r#"{"id":1,"epoch":2,"input":"Hi","output":{"choices":[],"completion":"Hello"}}"#,
            "Hi",
            vec![Answer { choice: 1, ..Answer::text("Hello") }],
        );
    }

    #[test]
    fn errors() {
        check(
            r#"{"id":1,"epoch":2,"input":"Hi","output":{"model":"m","choices":[],"completion":""},"error":{"message":"Timeout.","traceback":"…"}}"#,
            "Hi",
            vec![Answer { model: Some("m".into()), choice: 1, ..Answer::error("Timeout.") }],
        );
        check(
            r#"{"id":1,"epoch":1,"input":"Hi","error":"Timeout."}"#,
            "Hi",
            vec![Answer::error("Timeout.")],
        );
        check(
            r#"{"id":1,"epoch":1,"input":"Hi","output":{"choices":[],"error":"Refused."}}"#,
            "Hi",
            vec![Answer::error("Refused.")],
        );
    }

    #[test]
    fn wrong_types() {
        check(
            r#"{"id":1,"epoch":1,"input":"Hi","output":{"model":7,"choices":"x","completion":"a","usage":[],"time":"y"},"error":null}"#,
            "Hi",
            vec![Answer::text("a")],
        );
        for json in [
            "{}",
            r#"{"id":1,"epoch":1,"input":"Hi"}"#,
            r#"{"id":1,"epoch":"1","input":"Hi","output":{"choices":[]}}"#,
            r#"{"id":1,"epoch":1,"input":"Hi","output":"text"}"#,
            r#"{"id":1,"input":"Hi","output":{"choices":[]}}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
