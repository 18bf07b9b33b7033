//! `bias`: whether scores depend on place and length, in the terminal.

use crate::arguments::Bias as Options;
use crate::commands::agreement::{interval, signed};
use crate::commands::{Asked, aligned, count, cut, print};
use crate::failure::Failure;
use goldstar_collection::{BiasReport, Sway};
use goldstar_server::bias_json;
use std::path::Path;

/// Reports on the stars of the records that answer a query.
pub(crate) fn run(data: &Path, options: &Options) -> Result<(), Failure> {
    let Asked { collection, view, .. } = Asked::of(data, &options.query, "")?;
    let report = collection.bias(&view);
    print(&if options.json { bias_json(&view, &report) } else { words(&report) })
}

fn words(report: &BiasReport) -> String {
    let reviewers = report.reviewers.iter();
    let each = reviewers.map(|(name, _, sway)| (cut(name, 28), sway));
    let all: Vec<_> = std::iter::once(("all".to_owned(), &report.all)).chain(each).collect();
    let mut text = count(report.stars, "star") + "\n";
    text.push_str(
        "\nBy place, first column less the others (stars given without names of models)\n",
    );
    let by_place = |(name, sway): &(String, &Sway)| {
        let means = sway.places.iter().map(|(_, mean)| mean.value.map(|mean| format!("{mean:.2}")));
        let means: Vec<String> = means.map(|mean| mean.unwrap_or("–".into())).collect();
        let flag = if sway.is_by_place() { "depends on the place" } else { "" };
        let stars = sway.placed.to_string();
        vec![name.clone(), stars, signed(sway.first), means.join(" · "), flag.into()]
    };
    let heads = ["reviewer", "stars", "difference", "means by place", ""];
    text.push_str(&aligned(&heads, all.iter().map(by_place).collect()));
    text.push_str("\nBy length, outputs of the same record compared\n");
    let by_length = |(name, sway): &(String, &Sway)| {
        let flag = match sway.length.value {
            Some(value) if sway.is_by_length() && value > 0.0 => "longer scores higher",
            Some(_) if sway.is_by_length() => "longer scores lower",
            _ => "",
        };
        let (length, slope) = (interval(sway.length), signed(sway.slope));
        vec![name.clone(), sway.measured.to_string(), length, slope, flag.into()]
    };
    let heads = ["reviewer", "stars", "rank correlation", "points per 1,000 characters", ""];
    text + &aligned(&heads, all.iter().map(by_length).collect())
}
