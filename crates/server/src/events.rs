//! Live events: what others star, and how indexing goes on, told to every browser.

use crate::app::App;
use crate::claims::claim_event;
use crate::clock;
use crate::identity::Who;
use crate::params::Params;
use crate::presence::Presence;
use crate::problem::Problem;
use crate::status::{catalog_status, search_status};
use crate::wire::{
    BulkProgress, CatalogStatus, ChangedEvent, PresenceEvent, ProblemBody, SearchStatus, StarEvent,
};
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event as Sent, KeepAlive};
use goldstar_collection::{Change, Claim, Collection, Sight};
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

/// Somebody who has the page open, as long as their stream of events goes on.
struct Here {
    name: String,
    presence: Presence,
    events: Events,
}

#[derive(Debug, Clone)]
enum Event {
    Starred(StarEvent),
    Unstarred(StarEvent),
    Claimed(Claim),
    Presence(PresenceEvent),
    Catalog(CatalogStatus),
    Search(SearchStatus),
    /// Of whose act.
    Progress(Arc<str>, BulkProgress),
    /// The owner has changed `goldstar.toml`.
    Settings,
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
                sender.send(event_of(change, revision));
            }
        });
        events
    }

    /// Tells how far an act in bulk has come.
    pub(crate) fn progress(&self, starred_by: &str, progress: BulkProgress) {
        self.send(Event::Progress(starred_by.into(), progress));
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

fn event_of(change: &Change, revision: u64) -> Event {
    match change {
        Change::Claim(claim) => Event::Claimed(claim.clone()),
        Change::Star { custom_id, model, starred_by, is_star } => {
            let event = StarEvent {
                custom_id: custom_id.to_string(),
                starred_by: starred_by.to_string(),
                model: model.as_deref().map(str::to_owned),
                revision,
            };
            if *is_star { Event::Starred(event) } else { Event::Unstarred(event) }
        }
    }
}

/// Server-sent events: `starred`, `unstarred`, `changed`, `claimed`, `presence`, `catalog`,
/// `search`, `progress`, `settings`.
#[utoipa::path(
    get, path = "/api/events", operation_id = "events",
    params(("reviewer" = Option<String>, Query,
        description = "Who has the page open; of who signed in it is known")),
    responses(
        (status = 200, content_type = "text/event-stream", body = StarEvent,
            description = "`starred` and `unstarred` (a StarEvent; where scores are hidden, of others `changed` with `custom_id` and `revision` only), `claimed` (a ClaimEvent), `presence` (a PresenceEvent), `catalog` (a CatalogStatus), `search` (a SearchStatus), `progress` (a BulkProgress), `settings` (goldstar.toml says something else now: ask for the status again)"),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn stream(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>>>, Problem> {
    let name = name_of(&app, &who, &params);
    let asks = params.reviewer();
    params.finish()?;
    let here = name.map(|name| Here::enter(&app, name));
    let heard = app.events.hear();
    let first = tokio_stream::iter(at_first(&app)).filter_map(|event| sent(&event, &Sight::All));
    let (identity, me) = (app.identity.clone(), who.clone());
    // Whose token is taken away hears nothing more.
    let later = BroadcastStream::new(heard).take_while(move |_| identity.still_knows(&me));
    let later = later.filter_map(move |event| {
        let _open = &here;
        match event {
            // What is hidden may be changed while the stream is open.
            Ok(event) => sent(&event, &app.sight_of(&who, &asks)),
            // Too many at once: the browser fetches what it shows.
            Err(_lagged) => Some(Sent::default().event("lagged").data("{}")),
        }
    });
    let all = first.chain(later).map(Ok);
    Ok(Sse::new(all).keep_alive(KeepAlive::new().interval(PING_EVERY)))
}

/// Who has the page open; nobody in particular when a program listens that does not say.
fn name_of(app: &App, who: &Who, params: &Params) -> Option<String> {
    if !who.signs_in() && !params.is_given("reviewer") {
        return None;
    }
    let limits = app.collection.settings().limits.star;
    let checked = limits.checked_name("reviewer", &params.reviewer());
    checked.map_err(|invalid| params.wrong(invalid.field, invalid.detail)).ok()
}

/// What one has to know who has heard nothing yet.
fn at_first(app: &App) -> Vec<Event> {
    let status = app.collection.catalog().status();
    let claims = app.collection.claims(clock::now()).into_iter().map(Event::Claimed);
    let mut now =
        vec![Event::Catalog(catalog_status(&status)), Event::Search(search_status(&status))];
    now.push(Event::Presence(app.presence.now()));
    now.extend(claims);
    now
}

impl Here {
    fn enter(app: &App, name: String) -> Self {
        let (presence, events) = (app.presence.clone(), app.events.clone());
        if presence.enter(&name) {
            events.send(Event::Presence(presence.now()));
        }
        Self { name, presence, events }
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        if self.presence.leave(&self.name) {
            self.events.send(Event::Presence(self.presence.now()));
        }
    }
}

/// An event as browsers hear it.
fn sent(event: &Event, sight: &Sight) -> Option<Sent> {
    let (name, data) = match event {
        Event::Starred(StarEvent { custom_id, starred_by, revision, .. })
        | Event::Unstarred(StarEvent { custom_id, starred_by, revision, .. })
            if matches!(sight, Sight::Of(name) if **name != **starred_by) =>
        {
            let changed = ChangedEvent { custom_id: custom_id.clone(), revision: *revision };
            ("changed", serde_json::to_string(&changed))
        }
        Event::Starred(star) => ("starred", serde_json::to_string(star)),
        Event::Unstarred(star) => ("unstarred", serde_json::to_string(star)),
        Event::Catalog(status) => ("catalog", serde_json::to_string(status)),
        Event::Search(status) => ("search", serde_json::to_string(status)),
        Event::Progress(by, _) if matches!(sight, Sight::Of(name) if name != by) => return None,
        Event::Progress(_, progress) => ("progress", serde_json::to_string(progress)),
        Event::Claimed(claim) => ("claimed", serde_json::to_string(&claim_event(claim)?)),
        Event::Presence(presence) => ("presence", serde_json::to_string(presence)),
        Event::Settings => ("settings", Ok("{}".to_owned())),
        Event::Reviewers => return None,
    };
    Some(Sent::default().event(name).data(data.unwrap_or_default()))
}

/// Follows the journal's file, settings, batches and the progress of indexing, for ever.
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

/// Looks for new batches and settings; says when to look again. Where that takes long it is done
/// less often.
async fn refresh(app: &App) -> Instant {
    let begun = Instant::now();
    match app.blocking(|app| app.collection.follow_settings()).await {
        Ok(true) => {
            tracing::info!("goldstar.toml has changed, and counts as it is now");
            app.events.send(Event::Settings);
        }
        Ok(false) => {}
        Err(error) => {
            tracing::error!("{error}; the settings stay as they were");
            // There is one more blemish.
            app.events.send(Event::Settings);
        }
    }
    app.blocking(|app| app.collection.catalog().refresh()).await;
    Instant::now() + REFRESH_EVERY.max(begun.elapsed() * 5)
}
