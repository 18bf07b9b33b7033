//! Agreement about tags, and of agents with people.

use crate::agreement::measured;
use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::query;
use crate::wire::{
    AgentAgreementBody, AgentTagBody, ProblemBody, TagAgreementBody, TaggerBody, TaggingBody,
};
use axum::Json;
use axum::extract::State;
use goldstar_collection::{AgentAgreement, Label, Sort, TagPair, Tagging, View};
use std::sync::Arc;

/// How far the reviewers of the records that answer a query agree about each tag, and how far each
/// agent's suggestions are what people say of the same outputs.
#[utoipa::path(
    get, path = "/api/agreement/tags", operation_id = "tag_agreement",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = TaggingBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn tag_agreement(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<TaggingBody>, Problem> {
    let sight = app.sight(&who, &params);
    let query = query(&app, &params);
    params.finish()?;
    let body = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &Sort::default(), &sight);
        body(&view, &app.collection.tagging(&view))
    });
    Ok(Json(body.await))
}

/// A report as `GET /api/agreement/tags` sends it.
pub fn tagging_json(view: &View, tagging: &Tagging) -> String {
    let body = body(view, tagging);
    serde_json::to_string_pretty(&body).expect("numbers and strings are JSON") + "\n"
}

fn body(view: &View, tagging: &Tagging) -> TaggingBody {
    let of_tag = |(tag, label): &(Arc<str>, Label)| of_tag(&tagging.reviewers, tag, label);
    TaggingBody {
        records: view.rows.len(),
        shared: tagging.shared,
        tags: tagging.tags.iter().map(of_tag).collect(),
        agents: tagging.agents.iter().map(of_agent).collect(),
    }
}

fn of_tag(reviewers: &[Arc<str>], tag: &str, label: &Label) -> TagAgreementBody {
    let reviewers = reviewers.iter().zip(&label.reviewers).map(|(who, known)| TaggerBody {
        value: who.to_string(),
        outputs: known.units,
        given: known.given,
        sensitivity: known.sensitivity,
        specificity: known.specificity,
    });
    TagAgreementBody {
        value: tag.to_owned(),
        outputs: label.given,
        by_majority: label.by_majority,
        by_model: label.by_model,
        alpha: measured(label.alpha),
        reviewers: reviewers.collect(),
    }
}

fn of_agent(found: &AgentAgreement) -> AgentAgreementBody {
    let tag = |(tag, pair): &(Arc<str>, TagPair)| AgentTagBody {
        value: tag.to_string(),
        both: pair.both,
        agent: pair.agent,
        people: pair.people,
        kappa: measured(pair.pair.kappa),
    };
    let scores = &found.scores;
    AgentAgreementBody {
        value: found.agent.to_string(),
        suggested: found.suggested,
        accepted: found.accepted,
        shared: scores.units,
        quadratic: measured(scores.quadratic),
        exact: measured(scores.exact),
        within_one: measured(scores.within_one),
        difference: measured(scores.difference),
        tags: found.tags.iter().map(tag).collect(),
    }
}
