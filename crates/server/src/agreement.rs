//! Agreement of the reviewers of a query's records.

use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::query;
use crate::wire::{
    AgreementBody, AlphaBody, DisputedBody, FlagBody, GivenBody, IccBody, MeasuredBody, MethodBody,
    PairBody, ProblemBody, ReviewerBody, SelfBody,
};
use axum::Json;
use axum::extract::State;
use goldstar_collection::{
    Agreement, Consensus, Disputed, Flag, Icc, Measured, Method, Pair, Sort, Tendency, View,
    method_named,
};

/// How far the reviewers of the records that answer a query agree; who is harsh, lenient or noisy;
/// and the outputs they are farthest apart about.
#[utoipa::path(
    get, path = "/api/agreement", operation_id = "agreement",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("method" = Option<String>, Query, description = "How the scores of an output become one: mean, median, trimmed, normed or gaussian; what fits if absent"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = AgreementBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn agreement(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<AgreementBody>, Problem> {
    let sight = app.sight(&who, &params);
    let query = query(&app, &params);
    let method = params.text("method").and_then(|word| {
        method_named(&word).map_err(|invalid| params.wrong(invalid.field, invalid.detail)).ok()
    });
    params.finish()?;
    let body = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &Sort::default(), &sight);
        body(&view, &app.collection.agreement(&view, method))
    });
    Ok(Json(body.await))
}

/// A report as `GET /api/agreement` sends it.
pub fn agreement_json(view: &View, agreement: &Agreement) -> String {
    let body = body(view, agreement);
    serde_json::to_string_pretty(&body).expect("numbers and strings are JSON") + "\n"
}

fn body(view: &View, agreement: &Agreement) -> AgreementBody {
    let report = &agreement.report;
    let alphas = &report.alphas;
    let name = |place: u32| agreement.reviewers[place as usize].0.to_string();
    let reviewers = agreement.reviewers.iter().zip(&report.reviewers);
    let mut ranges = [0; 10];
    ranges.iter_mut().zip(&report.spreads.ranges).for_each(|(range, count)| *range = *count);
    AgreementBody {
        records: view.rows.len(),
        stars: agreement.stars,
        stale: agreement.stale,
        outputs: agreement.outputs,
        shared: report.spreads.units,
        disputed: report.spreads.disputed,
        ranges,
        alpha: AlphaBody {
            ordinal: measured(alphas.ordinal),
            interval: measured(alphas.interval),
            ratio: measured(alphas.ratio),
            nominal: measured(alphas.nominal),
        },
        fleiss_kappa: report.fleiss,
        icc: report.icc.as_ref().map(|correlations| icc(correlations, name)),
        reviewers: reviewers
            .map(|((who, kind), known)| reviewer(who, kind.word(), known))
            .collect(),
        pairs: report.pairs.iter().map(|(a, b, found)| pair(name(*a), name(*b), found)).collect(),
        method: match agreement.method {
            Method::Mean => MethodBody::Mean,
            Method::Median => MethodBody::Median,
            Method::Trimmed => MethodBody::Trimmed,
            Method::Normed => MethodBody::Normed,
            Method::Gaussian => MethodBody::Gaussian,
        },
        queue: agreement.disputed.iter().map(disputed).collect(),
        own: agreement.own.iter().map(|(name, found)| own(name, found)).collect(),
    }
}

fn own(name: &str, found: &Pair) -> SelfBody {
    SelfBody {
        value: name.to_owned(),
        outputs: found.units,
        quadratic: measured(found.quadratic),
        exact: measured(found.exact),
        within_one: measured(found.within_one),
        drift: measured(found.difference),
    }
}

pub(crate) fn measured(Measured { value, interval }: Measured) -> MeasuredBody {
    let [low, high] = interval.map_or([None; 2], |interval| interval.map(Some));
    MeasuredBody { value, low, high }
}

fn icc(found: &Icc, name: impl Fn(u32) -> String) -> IccBody {
    IccBody {
        outputs: found.units,
        reviewers: found.reviewers.iter().map(|place| name(*place)).collect(),
        icc_1_1: measured(found.one),
        icc_2_1: measured(found.two),
        icc_3_1: measured(found.three),
        icc_1_k: measured(found.one_of_mean),
        icc_2_k: measured(found.two_of_mean),
        icc_3_k: measured(found.three_of_mean),
    }
}

fn reviewer(who: &str, kind: &str, known: &Tendency) -> ReviewerBody {
    let flag = |flag: &Flag| match flag {
        Flag::Harsh => FlagBody::Harsh,
        Flag::Lenient => FlagBody::Lenient,
        Flag::Noisy => FlagBody::Noisy,
    };
    ReviewerBody {
        value: who.to_owned(),
        kind: kind.to_owned(),
        outputs: known.scores,
        shared: known.shared,
        bias: measured(known.bias),
        noise: measured(known.noise),
        flags: known.flags.iter().map(flag).collect(),
    }
}

fn pair(a: String, b: String, found: &Pair) -> PairBody {
    PairBody {
        a,
        b,
        outputs: found.units,
        quadratic: measured(found.quadratic),
        linear: measured(found.linear),
        kappa: measured(found.kappa),
        exact: measured(found.exact),
        within_one: measured(found.within_one),
        difference: measured(found.difference),
    }
}

fn disputed(found: &Disputed) -> DisputedBody {
    let given = found.scores.iter();
    let consensus = |Consensus { score, interval }| Measured { value: Some(score), interval };
    DisputedBody {
        custom_id: found.custom_id.to_string(),
        model: found.model.as_ref().map(ToString::to_string),
        choice: found.choice,
        range: found.spread.range,
        deviation: found.spread.deviation,
        scores: given
            .map(|(who, score)| GivenBody { value: who.to_string(), quality_score: *score })
            .collect(),
        consensus: measured(found.consensus.map(consensus).unwrap_or_default()),
    }
}
