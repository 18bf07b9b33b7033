//! `agreement --tags`: how far reviewers agree about tags, and agents with people, in the terminal.

use crate::commands::agreement::{interval, percent, signed};
use crate::commands::{aligned, count, cut};
use goldstar_collection::{AgentAgreement, Labeller, Tagging};
use std::sync::Arc;

/// Tags of an agent that a terminal has room for.
const TAGS_SHOWN: usize = 12;

pub(crate) fn words(found: &Tagging) -> String {
    let mut text = format!("{} judged by two or more people\n", count(found.shared, "output"));
    if found.tags.is_empty() {
        text.push_str(
            "Agreement about tags needs outputs that two or more people judged and tagged.\n",
        );
    } else {
        text.push_str(&tags(found));
    }
    found.agents.iter().for_each(|agent| text.push_str(&of_agent(agent)));
    text
}

fn tags(found: &Tagging) -> String {
    let rows = found.tags.iter().map(|(tag, label)| {
        vec![
            cut(tag, 28),
            label.given.to_string(),
            label.by_majority.to_string(),
            label.by_model.to_string(),
            interval(label.alpha),
            weakest(&found.reviewers, &label.reviewers),
        ]
    });
    let heads = ["tag", "outputs", "majority", "model", "nominal alpha", "finds fewest of them"];
    format!("\n{}", aligned(&heads, rows.collect()))
}

/// Who gives the tag to the smallest share of the outputs that have it.
fn weakest(names: &[Arc<str>], reviewers: &[Labeller]) -> String {
    let known = names.iter().zip(reviewers).filter_map(|(name, reviewer)| {
        let sensitivity = reviewer.sensitivity.filter(|_| reviewer.units > 0)?;
        Some((name, sensitivity))
    });
    let least = known.min_by(|(_, a), (_, b)| a.total_cmp(b));
    least.map_or("–".into(), |(name, share)| format!("{} {:.0}%", cut(name, 20), share * 100.0))
}

fn of_agent(found: &AgentAgreement) -> String {
    let scores = &found.scores;
    let mut text = format!(
        "\n{} (agent): {}, {} accepted; {} judged by people, too\n",
        cut(&found.agent, 28),
        count(found.suggested, "suggestion"),
        found.accepted,
        count(scores.units, "output"),
    );
    if scores.units == 0 {
        return text;
    }
    text.push_str(&format!(
        "scores: quadratic kappa {}, equal {}, within one {}, difference {}\n",
        interval(scores.quadratic),
        percent(scores.exact),
        percent(scores.within_one),
        signed(scores.difference),
    ));
    let rows = found.tags.iter().take(TAGS_SHOWN).map(|(tag, pair)| {
        vec![
            cut(tag, 28),
            pair.both.to_string(),
            pair.agent.to_string(),
            pair.people.to_string(),
            interval(pair.pair.kappa),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        text.push_str(&aligned(&["tag", "both", "only agent", "only people", "kappa"], rows));
    }
    text
}
