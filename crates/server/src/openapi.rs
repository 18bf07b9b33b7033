//! The interface as an OpenAPI 3.1 document, made from the handlers.

use crate::app::api;
use crate::identity::is_open;
use axum::Json;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Content, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Response,
    ResponseBuilder,
};

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

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
    guard(&mut document);
    name_problems(&mut document);
    document
}

/// Errors have a content type of their own, RFC 9457.
fn name_problems(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        let methods = [&mut item.get, &mut item.post, &mut item.delete];
        for operation in methods.into_iter().flatten() {
            for answer in operation.responses.responses.values_mut() {
                let RefOr::T(Response { content, .. }) = answer else { continue };
                if content.get(JSON).is_some_and(is_problem) {
                    let problem = content.swap_remove(JSON);
                    content.extend(problem.map(|problem| (PROBLEM.into(), problem)));
                }
            }
        }
    }
}

fn is_problem(content: &RefOr<Content>) -> bool {
    let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) = content else { return false };
    schema.ref_location.ends_with("/ProblemBody")
}

/// Says of every route but the open ones that it wants a token or a session, where there are
/// reviewers.
fn guard(document: &mut OpenApi) {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let cookie = ApiKey::Cookie(ApiKeyValue::new("goldstar"));
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    let none = SecurityRequirement::default;
    let one = |name: &str| SecurityRequirement::new(name, Vec::<String>::new());
    for (path, item) in &mut document.paths.paths {
        let methods = [&mut item.get, &mut item.post, &mut item.delete];
        for operation in methods.into_iter().flatten() {
            if is_open(path) {
                operation.security = Some(vec![none()]);
                continue;
            }
            operation.security = Some(vec![one("token"), one("session"), none()]);
            for (status, what) in [
                ("401", "Nobody is signed in, or the token is wrong or revoked"),
                ("429", "Too many wrong tokens"),
            ] {
                let answers = &mut operation.responses.responses;
                answers.entry(status.into()).or_insert_with(|| problem(what).into());
            }
        }
    }
}

fn problem(what: &str) -> Response {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
    ResponseBuilder::new().description(what).content(PROBLEM, body).build()
}
