//! `star` and `unstar`.

use crate::arguments::{Star, Unstar};
use crate::commands::print;
use crate::failure::Failure;
use crate::folder;
use goldstar_collection::{Kind, NewStar, Score, Seen, Unstar as Which};
use goldstar_server::{new_id, now, text_of_time};
use std::path::Path;

/// Stars an output.
pub(crate) fn run(data: &Path, options: Star) -> Result<(), Failure> {
    let quality_score = Score::new(options.score)
        .map_err(|invalid| Failure::usage(format!("--score {}", invalid.detail)))?;
    let collection = folder::open_indexed(data)?;
    let star = collection.star(NewStar {
        custom_id: options.custom_id,
        candidate_name: None,
        llm_output: None,
        quality_score,
        tags: options.tags,
        notes: options.notes,
        model: options.model,
        choice: options.choice,
        starred_by: options.reviewer,
        kind: Kind::Human,
        accepted: None,
        seen: Seen::default(),
        id: new_id(),
        starred_at: text_of_time(now()),
    })?;
    if options.json {
        let line = serde_json::json!({
            "custom_id": star.custom_id, "model": star.model, "choice": star.choice,
            "quality_score": star.quality_score.get(), "tags": star.tags, "notes": star.notes,
            "starred_by": star.starred_by, "starred_at": star.starred_at,
            "id": star.id.map(|id| id.to_string()),
        });
        return print(&format!("{line}\n"));
    }
    let model = star.model.map(|model| format!(" · {model}")).unwrap_or_default();
    print(&format!("★ {}/10 {}{model}\n", star.quality_score.get(), star.custom_id))
}

/// Takes a star back.
pub(crate) fn unstar(data: &Path, options: Unstar) -> Result<(), Failure> {
    let collection = folder::open_indexed(data)?;
    let which = Which {
        custom_id: options.custom_id,
        model: options.model,
        choice: options.choice,
        starred_by: options.reviewer,
        kind: Kind::Human,
        id: new_id(),
        at: text_of_time(now()),
    };
    let removed = collection.unstar(&which, new_id)?;
    print(&format!("{removed} taken back\n"))
}
