//! The interface as an OpenAPI 3.1 document, made from the handlers.

use crate::app::api;
use axum::Json;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi};

/// Serves the document.
pub(crate) async fn document() -> Json<OpenApi> {
    Json(openapi())
}

/// The document as `docs/openapi.json` holds it.
pub fn openapi_json() -> String {
    let text = serde_json::to_string_pretty(&openapi()).expect("the document is JSON");
    text + "\n"
}

fn openapi() -> OpenApi {
    let mut document = api().split_for_parts().1;
    document.info = InfoBuilder::new()
        .title("Goldstar")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Gold-star the best outputs of LLM batches, and export them."))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .build();
    document
}
