//! What a dataset is made of: the choices that decide which stars leave, and in which form.

use goldstar_collection::Invalid;
use std::str::FromStr;

/// How a dataset is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// The form of its lines.
    pub format: Format,
    /// The least score.
    pub min_quality: Option<f64>,
    /// Most examples; the format's own default when absent.
    pub limit: Option<usize>,
    /// Only stars with this tag.
    pub tag: Option<String>,
    /// Only stars by this reviewer.
    pub starred_by: Option<String>,
    /// Only outputs of this model.
    pub model: Option<String>,
    /// The score of an output that several reviewers starred.
    pub score: ScoreRule,
    /// Stars of agents leave, too, though no person made them their own.
    pub include_agents: bool,
}

impl Recipe {
    /// Everything there is, in a format.
    pub fn of(format: Format) -> Self {
        Self {
            format,
            min_quality: None,
            limit: None,
            tag: None,
            starred_by: None,
            model: None,
            score: ScoreRule::Mean,
            include_agents: false,
        }
    }

    /// Most examples.
    pub fn most(&self) -> usize {
        let default = if self.format == Format::Icl { 100 } else { usize::MAX };
        self.limit.unwrap_or(default)
    }
}

/// The form of a dataset's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// In-context examples: input, output and what was said of it; the best first.
    Icl,
    /// OpenAI's chat form for fine-tuning: `messages` and nothing else.
    Finetuning,
    /// Current stars as the journal holds them.
    Raw,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Icl, Self::Finetuning, Self::Raw];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Icl => "icl",
            Self::Finetuning => "finetuning",
            Self::Raw => "raw",
        }
    }
}

impl FromStr for Format {
    type Err = Invalid;

    fn from_str(word: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|format| format.word() == word);
        known.ok_or_else(|| Invalid {
            field: "format",
            detail: "must be icl, finetuning or raw".into(),
        })
    }
}

/// The score of an output that several reviewers starred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScoreRule {
    /// The mean.
    #[default]
    Mean,
    /// That of the newest star.
    Latest,
    /// The lowest.
    Min,
    /// What the bias and noise of all reviewers make of them: see docs/agreement.md.
    Consensus,
}

impl ScoreRule {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mean, Self::Latest, Self::Min, Self::Consensus];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Latest => "latest",
            Self::Min => "min",
            Self::Consensus => "consensus",
        }
    }
}

impl FromStr for ScoreRule {
    type Err = Invalid;

    fn from_str(word: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|rule| rule.word() == word);
        known.ok_or_else(|| Invalid {
            field: "score",
            detail: "must be mean, latest, min or consensus".into(),
        })
    }
}
