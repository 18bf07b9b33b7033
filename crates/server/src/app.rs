//! The router, and what its handlers share.

use crate::address::Address;
use crate::bulk::{self, Running};
use crate::events::{self, Events};
use crate::identity::{self, Identity, sign_in};
use crate::presence::Presence;
use crate::{
    acts, agreement, assignments, bias, claims, embedded, exports, facets, intake, mcp, openapi,
    papers, records, security, stars, statistics, status, tagging, way,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::get;
use goldstar_collection::Collection;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::classify::ServerErrorsFailureClass;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What the handlers share. Cloning is cheap: every request does it several times.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// What an [`App`] is.
#[derive(Debug)]
pub struct Shared {
    pub(crate) collection: Arc<Collection>,
    pub(crate) options: AppOptions,
    pub(crate) events: Events,
    pub(crate) presence: Presence,
    pub(crate) running: Running,
    pub(crate) identity: Identity,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What the owner of the server has chosen.
#[derive(Debug, Clone)]
pub struct AppOptions {
    /// Who stars when a request does not say.
    pub default_reviewer: String,
    /// Nothing is written.
    pub is_read_only: bool,
    /// Only this machine is served: a request that names another host is a page of another site
    /// that reached us under its own name, and is refused.
    pub is_local: bool,
    /// Where it is reached, if that is not where it listens.
    pub address: Address,
}

impl App {
    /// A server of this collection. Whoever runs it calls [`App::watch`] too.
    pub fn new(collection: Arc<Collection>, options: AppOptions) -> Self {
        let events = Events::new(&collection);
        let identity = Identity::new(collection.clone(), options.is_read_only);
        Self(Arc::new(Shared {
            collection,
            options,
            events,
            presence: Presence::default(),
            running: Running::default(),
            identity,
        }))
    }

    /// Whether reviewers sign in; without any, everybody may do everything.
    pub fn has_reviewers(&self) -> bool {
        self.identity.reviewers().is_ok_and(|reviewers| reviewers.is_configured())
    }

    /// Follows the journal and the progress of indexing, and tells every browser. Runs until it is
    /// dropped.
    pub async fn watch(&self) {
        events::watch(self).await;
    }

    /// Ends the streams of events, which would else hold the server up when it is told to stop.
    pub fn end(&self) {
        self.events.end();
    }

    /// Runs what reads or writes files where it may wait.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        let app = self.clone();
        match tokio::task::spawn_blocking(move || work(&app)).await {
            Ok(done) => done,
            // Only a panic or the end of the runtime come here; both go on to the outer layers.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// All routes.
pub fn router(app: App) -> Router {
    let body_bytes = app.collection.settings().limits.body_bytes;
    api()
        .split_for_parts()
        .0
        .route("/api/openapi.json", get(openapi::document))
        .route("/llms.txt", get(papers::llms))
        .route("/docs/{name}", get(papers::paper))
        .nest_service("/mcp", mcp::service(&app))
        .route("/", get(embedded::page))
        .route("/table_view.html", get(embedded::page))
        .route("/favicon.svg", get(embedded::favicon))
        .route("/sign-in", get(sign_in::sign_in_page))
        .route("/assets/{*path}", get(embedded::asset))
        .fallback(embedded::missing)
        .method_not_allowed_fallback(embedded::wrong_method)
        .layer(DefaultBodyLimit::max(body_bytes))
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn_with_state(app.clone(), intake::intake))
        .layer(axum::middleware::from_fn_with_state(app.clone(), identity::guard))
        .layer(axum::middleware::from_fn_with_state(app.clone(), security::guard))
        .layer(CatchPanicLayer::custom(security::after_panic))
        .layer(TraceLayer::new_for_http().on_failure(log_failure))
        .with_state(app)
}

/// What is only to be asked for again is no error of ours.
fn log_failure(failure: ServerErrorsFailureClass, latency: Duration, _: &Span) {
    let millis = latency.as_millis();
    match failure {
        ServerErrorsFailureClass::StatusCode(StatusCode::SERVICE_UNAVAILABLE) => {
            tracing::debug!(millis, "not there yet");
        }
        failure => tracing::error!(%failure, millis, "the answer is an error"),
    }
}

/// The routes that the OpenAPI document describes.
pub(crate) fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(stars::star, stars::list, stars::unstar))
        .routes(routes!(stars::tags))
        .routes(routes!(claims::claim))
        .routes(routes!(bulk::bulk))
        .routes(routes!(bulk::count))
        .routes(routes!(bulk::cancel))
        .routes(routes!(acts::list))
        .routes(routes!(acts::undo))
        .routes(routes!(acts::redo))
        .routes(routes!(exports::export))
        .routes(routes!(exports::count))
        .routes(routes!(records::page))
        .routes(routes!(records::record))
        .routes(routes!(way::next))
        .routes(routes!(way::position))
        .routes(routes!(facets::facets))
        .routes(routes!(statistics::stats))
        .routes(routes!(statistics::pairs))
        .routes(routes!(agreement::agreement))
        .routes(routes!(bias::bias))
        .routes(routes!(tagging::tag_agreement))
        .routes(routes!(assignments::assignments))
        .routes(routes!(status::status))
        .routes(routes!(status::blemishes))
        .routes(routes!(status::health))
        .routes(routes!(events::stream))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(sign_in::me))
}
