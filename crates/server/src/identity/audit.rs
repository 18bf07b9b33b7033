//! What the log says of who comes in and who does not, under the target `audit`.

use crate::identity::Who;
use goldstar_collection::{Reviewer, Reviewers};
use std::net::IpAddr;

/// Somebody signed in with a token.
pub(super) fn signed_in(who: &Who, peer: Option<IpAddr>) {
    let role = who.role.word();
    tracing::info!(target: "audit", name = ?who.name, role, peer = %place(peer), "signed in");
}

/// Somebody signed out.
pub(super) fn signed_out(who: &Who, peer: Option<IpAddr>) {
    tracing::info!(target: "audit", name = ?who.name, peer = %place(peer), "signed out");
}

/// Somebody was not let in.
pub(super) fn refused(why: &str, peer: Option<IpAddr>, meant: Option<&Reviewer>) {
    let name = meant.map_or("", |reviewer| &reviewer.name);
    tracing::warn!(target: "audit", name = ?name, peer = %place(peer), "refused: {why}");
}

/// Somebody wanted to do what their role does not allow.
pub(super) fn overstepped(who: &Who, peer: Option<IpAddr>, what: &str) {
    let role = who.role.word();
    let peer = place(peer);
    tracing::warn!(target: "audit", name = ?who.name, role, %peer, what = ?what, "not allowed");
}

/// The list of reviewers has changed.
pub(super) fn changed(before: &Reviewers, now: &Reviewers) {
    for gone in before.current().filter(|known| now.with_token(&known.token_id).is_none()) {
        tracing::info!(target: "audit", name = ?gone.name, "reviewer revoked");
    }
    for new in now.current().filter(|known| before.with_token(&known.token_id).is_none()) {
        tracing::info!(target: "audit", name = ?new.name, role = new.role.word(), "reviewer added");
    }
    for blemish in now.blemishes() {
        let line = blemish.line.unwrap_or_default();
        tracing::error!(target: "audit", "{}:{line}: {}", blemish.file, blemish.what);
    }
}

fn place(peer: Option<IpAddr>) -> String {
    peer.map_or_else(|| "unknown".to_owned(), |peer| peer.to_string())
}
