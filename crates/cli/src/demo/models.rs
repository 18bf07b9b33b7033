//! The models that answered: their names and the way each lays out an evaluation.

/// One model of the demo.
pub(super) struct Model {
    /// The name that requests ask for.
    pub(super) asked: String,
    /// The name that outputs carry, and their files.
    pub(super) served: String,
    pub(super) style: &'static Style,
}

/// A layout; text is ready for a JSON string.
pub(super) struct Style {
    /// What stands before and after the candidate's name.
    pub(super) title: [&'static str; 2],
    pub(super) summary: &'static str,
    pub(super) strengths: &'static str,
    pub(super) concerns: &'static str,
    pub(super) fit: &'static str,
    pub(super) questions: &'static str,
    pub(super) verdict: &'static str,
    /// What stands before and after the score.
    pub(super) score: [&'static str; 2],
    /// The mark of a list item; none means numbers.
    pub(super) bullet: Option<&'static str>,
    pub(super) table: bool,
    pub(super) verdict_first: bool,
}

const KNOWN: [(&str, &str); 12] = [
    ("Qwen", "Qwen3-32B"),
    ("meta-llama", "Llama-4-70B"),
    ("openai", "gpt-oss-20b"),
    ("mistralai", "Mistral-Small-24B"),
    ("google", "gemma-3-27b-it"),
    ("deepseek-ai", "DeepSeek-R1-Distill-32B"),
    ("microsoft", "Phi-4-14B"),
    ("openai", "gpt-oss-120b"),
    ("Qwen", "Qwen3-8B"),
    ("allenai", "OLMo-2-13B"),
    ("ibm-granite", "Granite-3-8B"),
    ("CohereLabs", "Command-R-35B"),
];

const INVENTED: [&str; 13] = [
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple",
    "Oak", "Poplar", "Rowan",
];

const SIZES: [&str; 4] = ["7B", "14B", "34B", "72B"];

const STYLES: [Style; 5] = [
    Style {
        title: ["# Evaluation: ", ""],
        summary: "## Summary",
        strengths: "## Strengths",
        concerns: "## Weaknesses",
        fit: "## Fit for the role",
        questions: "## Questions for the interview",
        verdict: "## Recommendation",
        score: ["**Score: ", "/10**"],
        bullet: Some("- "),
        table: false,
        verdict_first: false,
    },
    Style {
        title: ["**Candidate:** ", ""],
        summary: "**Overview**",
        strengths: "**Key strengths**",
        concerns: "**Areas of concern**",
        fit: "**Match with the position**",
        questions: "**Suggested questions**",
        verdict: "**Verdict**",
        score: ["**Overall score:** ", "/10"],
        bullet: Some("* "),
        table: false,
        verdict_first: false,
    },
    Style {
        title: ["## ", " – assessment"],
        summary: "### At a glance",
        strengths: "### Strengths",
        concerns: "### Gaps and risks",
        fit: "### Role fit",
        questions: "### What to ask",
        verdict: "### Bottom line",
        score: ["**Final score:** ", " / 10"],
        bullet: Some("- "),
        table: true,
        verdict_first: false,
    },
    Style {
        title: ["Candidate evaluation for ", ""],
        summary: "### 1. Profile",
        strengths: "### 2. What speaks for the candidate",
        concerns: "### 3. What speaks against",
        fit: "### 4. Suitability",
        questions: "### 5. Open questions",
        verdict: "### 6. Conclusion",
        score: ["Rating: ", " out of 10"],
        bullet: None,
        table: false,
        verdict_first: false,
    },
    Style {
        title: ["# ", ""],
        summary: "## Why",
        strengths: "### Pros",
        concerns: "### Cons",
        fit: "### Context",
        questions: "### Next steps",
        verdict: "## Verdict",
        score: ["**", "/10**"],
        bullet: Some("• "),
        table: true,
        verdict_first: true,
    },
];

/// The first `count` models, always in the same order.
pub(super) fn models(count: usize) -> Vec<Model> {
    (0..count).map(model).collect()
}

fn model(index: usize) -> Model {
    let style = &STYLES[index % STYLES.len()];
    if let Some((owner, name)) = KNOWN.get(index) {
        return Model { asked: format!("{owner}/{name}"), served: (*name).to_owned(), style };
    }
    let invented = index - KNOWN.len();
    let (round, tree) = (invented / INVENTED.len(), INVENTED[invented % INVENTED.len()]);
    let mut served = format!("{tree}-{}", SIZES[round % SIZES.len()]);
    if round >= SIZES.len() {
        served.push_str(&format!("-v{}", round / SIZES.len() + 1));
    }
    Model { asked: format!("demo/{served}"), served, style }
}

#[cfg(test)]
mod tests {
    use super::models;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_distinct_and_fit_for_files() {
        let names: BTreeSet<_> = models(200).into_iter().map(|model| model.served).collect();
        assert_eq!(names.len(), 200);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(names.iter().all(|name| name.chars().all(plain)));
    }
}
