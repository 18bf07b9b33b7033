//! `agreement`: how far reviewers agree, in the terminal.

use crate::arguments::Agreement as Options;
use crate::commands::{Asked, aligned, count, cut, print, tagging};
use crate::failure::Failure;
use goldstar_collection::{Agreement, Flag, Measured, Report};
use goldstar_server::{agreement_json, tagging_json};
use std::path::Path;

/// From where on Krippendorff calls an agreement reliable, and tentatively so.
const RELIABLE: f64 = 0.8;
const TENTATIVE: f64 = 0.667;
/// Pairs that a terminal has room for.
const PAIRS_SHOWN: usize = 20;
/// Disputed outputs that are listed.
const DISPUTED_SHOWN: usize = 10;

/// Reports on the reviewers of the records that answer a query.
pub(crate) fn run(data: &Path, options: &Options) -> Result<(), Failure> {
    let Asked { collection, view, .. } = Asked::of(data, &options.query, "")?;
    if options.tags {
        let found = collection.tagging(&view);
        return print(&if options.json {
            tagging_json(&view, &found)
        } else {
            tagging::words(&found)
        });
    }
    let agreement = collection.agreement(&view, options.method);
    if options.json {
        return print(&agreement_json(&view, &agreement));
    }
    print(&words(&agreement))
}

fn words(agreement: &Agreement) -> String {
    let report = &agreement.report;
    let mut text = format!(
        "{} by {} on {}, of which {} judged by two or more\n",
        count(agreement.stars, "star"),
        count(agreement.reviewers.len() as u64, "reviewer"),
        count(agreement.outputs, "output"),
        report.spreads.units
    );
    if report.spreads.units == 0 {
        text.push_str(&own(agreement));
        return text + "Agreement needs outputs that two or more reviewers judged.\n";
    }
    text.push_str(&alphas(report));
    text.push_str(&reviewers(agreement));
    text.push_str(&pairs(agreement));
    text.push_str(&own(agreement));
    text.push_str(&disputed(agreement));
    text
}

fn alphas(report: &Report) -> String {
    let alphas = &report.alphas;
    let meaning = match alphas.ordinal.value {
        None => "undefined: only one score was ever given",
        Some(alpha) if alpha >= RELIABLE => "reliable",
        Some(alpha) if alpha >= TENTATIVE => "good enough for tentative conclusions",
        Some(_) => "too low to rely on single scores",
    };
    let mut text =
        format!("\nKrippendorff's alpha {} (ordinal): {meaning}\n", interval(alphas.ordinal));
    text.push_str(&format!(
        "interval {}, nominal {}, Fleiss' kappa {}\n",
        interval(alphas.interval),
        interval(alphas.nominal),
        report.fleiss.map_or("–".into(), number),
    ));
    if let Some(icc) = &report.icc {
        text.push_str(&format!(
            "ICC(2,1) {}, ICC(3,1) {} ({} judged by the same {} reviewers)\n",
            interval(icc.two),
            interval(icc.three),
            count(icc.units, "output"),
            icc.reviewers.len(),
        ));
    }
    text
}

fn reviewers(agreement: &Agreement) -> String {
    let known = agreement.reviewers.iter().zip(&agreement.report.reviewers);
    let rows = known.map(|((who, _), reviewer)| {
        let flags: Vec<&str> = reviewer.flags.iter().map(|flag| word(*flag)).collect();
        vec![
            cut(who, 28),
            reviewer.scores.to_string(),
            reviewer.shared.to_string(),
            signed(reviewer.bias),
            interval(reviewer.noise),
            flags.join(", "),
        ]
    });
    let heads = ["reviewer", "outputs", "shared", "bias", "noise", ""];
    format!("\n{}", aligned(&heads, rows.collect()))
}

fn pairs(agreement: &Agreement) -> String {
    let pairs = &agreement.report.pairs;
    let name = |place: u32| cut(&agreement.reviewers[place as usize].0, 28);
    let rows = pairs.iter().take(PAIRS_SHOWN).map(|(a, b, pair)| {
        vec![
            format!("{} · {}", name(*a), name(*b)),
            pair.units.to_string(),
            interval(pair.quadratic),
            percent(pair.exact),
            percent(pair.within_one),
            signed(pair.difference),
        ]
    });
    let heads = ["pair", "outputs", "quadratic kappa", "equal", "within one", "difference"];
    let mut text = format!("\n{}", aligned(&heads, rows.collect()));
    if pairs.len() > PAIRS_SHOWN {
        let more = pairs.len() - PAIRS_SHOWN;
        text.push_str(&format!("{more} more pairs: --json lists them\n"));
    }
    text
}

/// What reviewers said a second time, against the first.
fn own(agreement: &Agreement) -> String {
    let rows = agreement.own.iter().map(|(who, pair)| {
        let drift = signed(pair.difference);
        let (exact, near) = (percent(pair.exact), percent(pair.within_one));
        vec![cut(who, 28), pair.units.to_string(), interval(pair.quadratic), exact, near, drift]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let heads = ["again", "outputs", "quadratic kappa", "equal", "within one", "drift"];
    format!("\n{}", aligned(&heads, rows))
}

fn disputed(agreement: &Agreement) -> String {
    let count_of = agreement.report.spreads.disputed;
    let mut text = format!("\n{} disputed\n", count(count_of, "output"));
    let rows = agreement.disputed.iter().take(DISPUTED_SHOWN).map(|found| {
        let scores = found.scores.iter();
        let scores: Vec<String> =
            scores.map(|(who, score)| format!("{} {score}", cut(who, 20))).collect();
        let consensus = found.consensus.map_or("–".into(), |consensus| number(consensus.score));
        vec![
            cut(&found.custom_id, 40),
            cut(found.model.as_deref().unwrap_or("–"), 28),
            cut(&scores.join(", "), 60),
            consensus,
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        let method = agreement.method.word();
        text.push_str(&aligned(&["custom_id", "model", "scores", method], rows));
    }
    text
}

fn word(flag: Flag) -> &'static str {
    match flag {
        Flag::Harsh => "harsh",
        Flag::Lenient => "lenient",
        Flag::Noisy => "noisy",
    }
}

pub(crate) fn number(value: f64) -> String {
    format!("{value:.2}")
}

pub(crate) fn interval(measured: Measured) -> String {
    spelled(measured, number)
}

pub(crate) fn signed(measured: Measured) -> String {
    spelled(measured, |value| format!("{value:+.2}"))
}

pub(crate) fn percent(measured: Measured) -> String {
    measured.value.map_or("–".into(), |share| format!("{:.0}%", share * 100.0))
}

/// `0.73 [0.69, 0.77]`
fn spelled(measured: Measured, spell: impl Fn(f64) -> String) -> String {
    match (measured.value, measured.interval) {
        (None, _) => "–".into(),
        (Some(value), None) => spell(value),
        (Some(value), Some([low, high])) => {
            format!("{} [{}, {}]", spell(value), spell(low), spell(high))
        }
    }
}
