//! What a program reads to find its way: `/llms.txt`, and the papers that it names.

use crate::problem::Problem;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

const LLMS: &str = include_str!("llms.txt");
/// Papers by name, as they are in `docs`.
const PAPERS: [(&str, &str); 6] = [
    ("agents.md", include_str!("../../../docs/agents.md")),
    ("api.md", include_str!("../../../docs/api.md")),
    ("format.md", include_str!("../../../docs/format.md")),
    ("query.md", include_str!("../../../docs/query.md")),
    ("serving.md", include_str!("../../../docs/serving.md")),
    ("together.md", include_str!("../../../docs/together.md")),
];

/// The way in.
pub(crate) async fn llms() -> Response {
    text("text/plain; charset=utf-8", LLMS)
}

/// A paper.
pub(crate) async fn paper(Path(name): Path<String>) -> Result<Response, Problem> {
    let known = PAPERS.iter().find(|(known, _)| *known == name);
    let (_, paper) = known.ok_or_else(|| Problem::not_found(format!("no paper {name}")))?;
    Ok(text("text/markdown; charset=utf-8", paper))
}

fn text(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
