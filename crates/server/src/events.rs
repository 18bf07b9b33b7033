//! Live events: what others star, and how indexing goes on, told to every browser.

use crate::app::App;
use crate::identity::Who;
use crate::status::{catalog_status, search_status};
use crate::wire::{BulkProgress, CatalogStatus, SearchStatus, StarEvent};
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event as Sent, KeepAlive};
use goldstar_collection::{Change, Collection};
use std::convert::Infallible;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};

/// A browser that is this many events behind is told to look at everything again.
const KEPT: usize = 4096;
/// How soon what another program wrote is seen.
const FOLLOW_EVERY: Duration = Duration::from_millis(200);
/// How soon new batches are seen.
const REFRESH_EVERY: Duration = Duration::from_millis(600);
const PING_EVERY: Duration = Duration::from_secs(15);

/// The events of a server; nobody to send them once it ends.
#[derive(Debug, Clone)]
pub(crate) struct Events(Arc<RwLock<Option<Sender<Event>>>>);

#[derive(Debug, Clone)]
enum Event {
    Starred(StarEvent),
    Unstarred(StarEvent),
    Catalog(CatalogStatus),
    Search(SearchStatus),
    Progress(BulkProgress),
    /// Somebody was added or revoked: for ourselves, and told to nobody.
    Reviewers,
}

impl Events {
    /// Events of everything that comes into the journal from now on.
    pub(crate) fn new(collection: &Arc<Collection>) -> Self {
        let (send, _) = broadcast::channel(KEPT);
        let events = Self(Arc::new(RwLock::new(Some(send))));
        let sender = events.clone();
        let weak = Arc::downgrade(collection);
        collection.journal().listen(move |changes| {
            let revision = weak.upgrade().map_or(0, |collection| collection.journal().revision());
            for change in changes {
                sender.send(star_event(change, revision));
            }
        });
        events
    }

    /// Tells how far an act in bulk has come.
    pub(crate) fn progress(&self, progress: BulkProgress) {
        self.send(Event::Progress(progress));
    }

    /// Lets every browser go: its stream of events is over.
    pub(crate) fn end(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn hear(&self) -> Receiver<Event> {
        let sender = self.0.read().unwrap_or_else(PoisonError::into_inner);
        sender.as_ref().map_or_else(|| broadcast::channel(1).1, Sender::subscribe)
    }

    /// Nobody listening is no error.
    fn send(&self, event: Event) {
        let sender = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = sender.as_ref() {
            sender.send(event).ok();
        }
    }
}

fn star_event(change: &Change, revision: u64) -> Event {
    let event = StarEvent {
        custom_id: change.custom_id.to_string(),
        starred_by: change.starred_by.to_string(),
        model: change.model.as_deref().map(str::to_owned),
        revision,
    };
    if change.is_star { Event::Starred(event) } else { Event::Unstarred(event) }
}

/// Server-sent events: `starred`, `unstarred`, `catalog`, `search`, `progress`.
#[utoipa::path(
    get, path = "/api/events", operation_id = "events",
    responses((status = 200, content_type = "text/event-stream", body = StarEvent,
        description = "`starred` and `unstarred` (a StarEvent), `catalog` (a CatalogStatus), `search` (a SearchStatus), `progress` (a BulkProgress)"))
)]
pub(crate) async fn stream(
    State(app): State<App>,
    who: Who,
) -> Sse<impl Stream<Item = Result<Sent, Infallible>>> {
    let status = app.collection.catalog().status();
    let now = [Event::Catalog(catalog_status(&status)), Event::Search(search_status(&status))];
    let first = tokio_stream::iter(now).filter_map(|event| sent(&event));
    let identity = app.identity.clone();
    let later = BroadcastStream::new(app.events.hear());
    // Whose token is taken away hears nothing more.
    let later = later.take_while(move |_| identity.still_knows(&who)).filter_map(|event| {
        match event {
            Ok(event) => sent(&event),
            // Too many at once: the browser fetches what it shows.
            Err(_lagged) => Some(Sent::default().event("lagged").data("{}")),
        }
    });
    Sse::new(first.chain(later).map(Ok)).keep_alive(KeepAlive::new().interval(PING_EVERY))
}

/// An event as browsers hear it.
fn sent(event: &Event) -> Option<Sent> {
    let (name, data) = match event {
        Event::Starred(star) => ("starred", serde_json::to_string(star)),
        Event::Unstarred(star) => ("unstarred", serde_json::to_string(star)),
        Event::Catalog(status) => ("catalog", serde_json::to_string(status)),
        Event::Search(status) => ("search", serde_json::to_string(status)),
        Event::Progress(progress) => ("progress", serde_json::to_string(progress)),
        Event::Reviewers => return None,
    };
    Some(Sent::default().event(name).data(data.unwrap_or_default()))
}

/// Follows the journal's file, the batches and the progress of indexing, for ever.
pub(crate) async fn watch(app: &App) {
    let mut every = tokio::time::interval(FOLLOW_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = (None, None);
    let mut has_failed = false;
    let mut refresh_at = Instant::now() + REFRESH_EVERY;
    loop {
        every.tick().await;
        let followed = app.blocking(|app| app.collection.journal().follow()).await;
        if let (Err(error), false) = (&followed, has_failed) {
            tracing::error!("the journal cannot be followed: {error}");
        }
        has_failed = followed.is_err();
        if app.blocking(|app| app.identity.follow()).await {
            app.events.send(Event::Reviewers);
        }
        if Instant::now() >= refresh_at {
            refresh_at = refresh(app).await;
        }
        let status = app.collection.catalog().status();
        let (catalog, search) = (catalog_status(&status), search_status(&status));
        if told.0.as_ref() != Some(&catalog) {
            app.events.send(Event::Catalog(catalog.clone()));
            told.0 = Some(catalog);
        }
        if told.1.as_ref() != Some(&search) {
            app.events.send(Event::Search(search.clone()));
            told.1 = Some(search);
        }
    }
}

/// Looks for new batches; says when to look again. Where that takes long it is done less often.
async fn refresh(app: &App) -> Instant {
    let begun = Instant::now();
    app.blocking(|app| app.collection.catalog().refresh()).await;
    Instant::now() + REFRESH_EVERY.max(begun.elapsed() * 5)
}
