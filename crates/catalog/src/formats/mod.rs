//! The shapes that engines write, one small file each; a line is tried against each in turn.
//!
//! Every reader claims a line by that shape's own keys and refuses all others, so the order does
//! not decide between two shapes (a test holds every example against every reader).

mod anthropic;
mod bedrock;
mod completion;
mod content;
mod failure;
mod fields;
mod gemini;
mod inspect;
mod lm_eval;
mod native;
mod openai;
mod pairs;
mod prompt;
mod request;
mod responses;
#[cfg(test)]
mod tests;

use crate::line::Reading;
pub(crate) use prompt::role;
use serde_json::{Map, Value};

/// A JSON object, the only thing a line may be.
pub(crate) type Object = Map<String, Value>;

/// The shape of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// OpenAI batch results and everything shaped like them: vLLM, Groq, Mistral, Together,
    /// Fireworks, SGLang batches.
    OpenAi,
    /// A line of a batch input file: `custom_id` with `body`, `params` or `request`.
    Request,
    /// Anthropic message batches.
    Anthropic,
    /// Gemini API batches (`key`) and Vertex AI predictions (`processed_time`).
    Gemini,
    /// Amazon Bedrock batch inference.
    Bedrock,
    /// lm-evaluation-harness samples.
    LmEval,
    /// A sample of an Inspect log.
    Inspect,
    /// A single engine's own reply: SGLang `/generate`, TGI, llama.cpp, Ollama.
    Native,
    /// A plain pair of prompt and output.
    Pair,
}

type Reader = for<'v> fn(&'v Object) -> Option<Reading<'v>>;

/// Every shape with its reader.
pub(crate) const FORMATS: [(Format, Reader); 9] = [
    (Format::OpenAi, openai::read),
    (Format::Request, request::read),
    (Format::Anthropic, anthropic::read),
    (Format::Gemini, gemini::read),
    (Format::Bedrock, bedrock::read),
    (Format::LmEval, lm_eval::read),
    (Format::Inspect, inspect::read),
    (Format::Native, native::read),
    (Format::Pair, pairs::read),
];

/// Reads one JSON object as the shape that claims it. `None`: no known shape does.
pub fn read(line: &Object) -> Option<(Format, Reading<'_>)> {
    FORMATS.iter().find_map(|(format, reader)| Some((*format, reader(line)?)))
}
