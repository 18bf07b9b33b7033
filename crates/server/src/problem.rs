//! Errors as they leave: RFC 9457 problem documents.

use crate::wire::{FieldProblem, ProblemBody};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use goldstar_collection::{AppendError, BulkError, Invalid, StarError};
use std::time::Duration;

/// What went wrong, for whoever asked. What is not theirs to know is logged, not sent.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldProblem>,
    /// Whether it may go better by itself: when to ask again.
    retry_after: Option<Duration>,
}

/// Long enough for a look at whether the next batches are indexed.
const SOON: Duration = Duration::from_secs(1);

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// Bad input: each field with what is wrong with it.
    pub(crate) fn bad(errors: Vec<FieldProblem>) -> Self {
        let said: Vec<String> =
            errors.iter().map(|e| format!("{} {}", e.field, e.detail)).collect();
        Self { errors, ..Self::new(StatusCode::BAD_REQUEST, said.join("; ")) }
    }

    pub(crate) fn field(field: &str, detail: impl Into<String>) -> Self {
        Self::bad(vec![FieldProblem { field: field.to_owned(), detail: detail.into() }])
    }

    /// Something that is right in itself, but not for whoever asks.
    pub(crate) fn forbidden(field: &str, detail: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, ..Self::field(field, detail) }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// It is not there yet, but may be in a moment.
    pub(crate) fn not_yet(detail: impl Into<String>) -> Self {
        Self { retry_after: Some(SOON), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self::field(invalid.field, invalid.detail)
    }
}

impl From<StarError> for Problem {
    fn from(error: StarError) -> Self {
        match error {
            StarError::Invalid(invalid) => invalid.into(),
            StarError::NotFound(detail) => Self::not_found(detail),
            StarError::NotYet(detail) => Self::not_yet(detail),
            StarError::Changed(detail) => Self::new(StatusCode::CONFLICT, detail),
            StarError::Append(AppendError::Refused(detail)) => {
                Self::new(StatusCode::CONFLICT, detail)
            }
            StarError::Append(error) => {
                tracing::error!("{error}");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("not starred: {error}"))
            }
        }
    }
}

impl From<BulkError> for Problem {
    fn from(error: BulkError) -> Self {
        let detail = error.to_string();
        let field = match error {
            BulkError::Star(error) => return error.into(),
            BulkError::NotAsMany { .. } => Some("expect"),
            BulkError::View => Some("view"),
            BulkError::Cancelled => None,
        };
        let wrong = |field: &str| FieldProblem { field: field.into(), detail: detail.clone() };
        let errors = field.map(wrong).into_iter().collect();
        Self { errors, ..Self::new(StatusCode::CONFLICT, detail) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            kind: "about:blank".into(),
            title: self.status.canonical_reason().unwrap_or("Error").into(),
            status: self.status.as_u16(),
            detail: self.detail,
            errors: self.errors,
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let problem = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, problem);
        if let Some(after) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, after.as_secs().into());
        }
        response
    }
}
