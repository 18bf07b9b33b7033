//! Agreement of reviewers as it is sent. What cannot be said is left out.

use serde::Serialize;
use utoipa::ToSchema;

/// What the stars of a query's records say about their reviewers.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementBody {
    /// Records that answer the query.
    pub records: u32,
    /// Their stars.
    pub stars: u64,
    /// Stars of texts that have changed since; they count like all others.
    pub stale: u64,
    /// Outputs with a star.
    pub outputs: u64,
    /// Outputs that two or more reviewers judged: what agreement is about.
    pub shared: u64,
    /// Those whose scores have a standard deviation of 2 or a range of 4 at least.
    pub disputed: u64,
    /// Shared outputs whose highest and lowest score are 0, 1, … 9 apart.
    pub ranges: [u64; 10],
    /// Krippendorff's alpha.
    pub alpha: AlphaBody,
    /// Fleiss' kappa.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fleiss_kappa: Option<f64>,
    /// Intraclass correlations; absent where no two outputs were judged by the same reviewers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub icc: Option<IccBody>,
    /// In the order of their names.
    pub reviewers: Vec<ReviewerBody>,
    /// Each two reviewers who share outputs, at most those of the hundred who share most.
    pub pairs: Vec<PairBody>,
    /// How the scores of an output become one.
    pub method: MethodBody,
    /// Disputed outputs, the farthest apart first, at most 100.
    pub queue: Vec<DisputedBody>,
    /// Reviewers who judged outputs again without seeing their first score.
    #[serde(rename = "self")]
    pub own: Vec<SelfBody>,
}

/// A reviewer's second scores against the first ones of the same outputs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelfBody {
    /// Who.
    pub value: String,
    /// Outputs that were judged again.
    pub outputs: u64,
    /// Cohen's kappa weighted by the squared difference.
    pub quadratic: MeasuredBody,
    /// The share of equal scores.
    pub exact: MeasuredBody,
    /// The share of scores at most one apart.
    pub within_one: MeasuredBody,
    /// The mean of the second scores less the first.
    pub drift: MeasuredBody,
}

/// A value, where it is defined, and from where to where it lies with 95% confidence.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct MeasuredBody {
    /// The value of all outputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub value: Option<f64>,
    /// From.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub low: Option<f64>,
    /// To.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub high: Option<f64>,
}

/// Krippendorff's alpha by how far apart two scores are taken to be.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlphaBody {
    /// By the judgments between them: what to quote for scores.
    pub ordinal: MeasuredBody,
    /// By their squared difference.
    pub interval: MeasuredBody,
    /// By their difference in proportion to their sum, squared.
    pub ratio: MeasuredBody,
    /// Equal or not.
    pub nominal: MeasuredBody,
}

/// Intraclass correlations of the largest complete table: outputs judged by the same reviewers.
#[derive(Debug, Serialize, ToSchema)]
pub struct IccBody {
    /// Outputs.
    pub outputs: u64,
    /// Who judged all of them.
    pub reviewers: Vec<String>,
    /// ICC(1,1): one score, by any reviewer.
    pub icc_1_1: MeasuredBody,
    /// ICC(2,1): one score, by a reviewer such as these.
    pub icc_2_1: MeasuredBody,
    /// ICC(3,1): one score, by one of these, whose bias does not count.
    pub icc_3_1: MeasuredBody,
    /// ICC(1,k): the mean of as many scores.
    pub icc_1_k: MeasuredBody,
    /// ICC(2,k): the same.
    pub icc_2_k: MeasuredBody,
    /// ICC(3,k): the same.
    pub icc_3_k: MeasuredBody,
}

/// A reviewer against the others.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewerBody {
    /// Who.
    pub value: String,
    /// `human` or `agent`.
    pub kind: String,
    /// Outputs judged.
    pub outputs: u64,
    /// Those that others judged, too.
    pub shared: u64,
    /// How much higher the scores are than the median reviewer's for the same outputs.
    pub bias: MeasuredBody,
    /// The standard deviation of the scores around what the outputs are worth, without the bias.
    pub noise: MeasuredBody,
    /// What is remarkable.
    pub flags: Vec<FlagBody>,
}

/// What is remarkable about a reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlagBody {
    /// At least half a point below the others, with 95% confidence below them.
    Harsh,
    /// At least half a point above the others, with 95% confidence above them.
    Lenient,
    /// With 97.5% confidence more than 1.5 times the median noise of the others.
    Noisy,
}

/// How two reviewers agree.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairBody {
    /// One.
    pub a: String,
    /// The other.
    pub b: String,
    /// Outputs that both judged.
    pub outputs: u64,
    /// Cohen's kappa with quadratic weights: what to quote for scores.
    pub quadratic: MeasuredBody,
    /// Cohen's kappa with linear weights.
    pub linear: MeasuredBody,
    /// Cohen's kappa without weights.
    pub kappa: MeasuredBody,
    /// The share of equal scores.
    pub exact: MeasuredBody,
    /// The share of scores at most one apart.
    pub within_one: MeasuredBody,
    /// The mean of the scores of `a` less those of `b`.
    pub difference: MeasuredBody,
}

/// How the scores of an output become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MethodBody {
    /// Their mean.
    Mean,
    /// Their median.
    Median,
    /// Their mean without the highest and the lowest quarter.
    Trimmed,
    /// The mean of scores brought to one scale.
    Normed,
    /// What the model of bias and noise makes of them.
    Gaussian,
}

/// An output whose reviewers are far apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputedBody {
    /// The record.
    pub custom_id: String,
    /// The model; absent when the stars belong to the record as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// The choice, from 0.
    pub choice: u16,
    /// The highest score less the lowest.
    pub range: u8,
    /// The standard deviation of the scores.
    pub deviation: f64,
    /// Who gave what.
    pub scores: Vec<GivenBody>,
    /// One score for it, from 1 to 10.
    pub consensus: MeasuredBody,
}

/// What a reviewer gave.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenBody {
    /// Who.
    pub value: String,
    /// 1 to 10.
    pub quality_score: u8,
}
