//! The arrows between the rooms: who may know whom, held against what the manifests say.

use super::Finding;
use crate::house::House;
use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

/// Every crate with the crates it may depend on. ARCHITECTURE.md draws the same picture.
const ARROWS: &[(&str, &[&str])] = &[
    ("goldstar-disk", &[]),
    ("goldstar-insight", &[]),
    ("goldstar-catalog", &["goldstar-disk"]),
    ("goldstar-journal", &["goldstar-disk"]),
    (
        "goldstar-collection",
        &["goldstar-catalog", "goldstar-journal", "goldstar-disk", "goldstar-insight"],
    ),
    (
        "goldstar-dataset",
        &[
            "goldstar-collection",
            "goldstar-catalog",
            "goldstar-journal",
            "goldstar-disk",
            "goldstar-insight",
        ],
    ),
    (
        "goldstar-server",
        &[
            "goldstar-dataset",
            "goldstar-collection",
            "goldstar-catalog",
            "goldstar-journal",
            "goldstar-disk",
            "goldstar-insight",
        ],
    ),
    (
        "goldstar",
        &[
            "goldstar-server",
            "goldstar-dataset",
            "goldstar-collection",
            "goldstar-catalog",
            "goldstar-journal",
            "goldstar-disk",
            "goldstar-insight",
        ],
    ),
    ("xtask", &[]),
];

/// A crate and the crates of this workspace that its manifest names, for whatever purpose.
struct Room {
    name: String,
    manifest: String,
    text: String,
    uses: Vec<String>,
}

/// Reads the manifests through `cargo metadata`.
pub(super) fn check_workspace(house: &House) -> Result<Vec<Finding>> {
    let metadata = MetadataCommand::new()
        .manifest_path(house.root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("`cargo metadata` failed")?;
    let members = metadata.workspace_packages();
    let names: Vec<String> = members.iter().map(|member| member.name.to_string()).collect();
    let mut findings = Vec::new();
    for member in &members {
        let path = member.manifest_path.as_std_path();
        let relative = path.strip_prefix(&house.root).unwrap_or(path);
        let uses = member.dependencies.iter().map(|dependency| dependency.name.clone());
        findings.extend(check(&Room {
            name: member.name.to_string(),
            manifest: relative.display().to_string(),
            text: std::fs::read_to_string(path)?,
            uses: uses.filter(|name| names.contains(name)).collect(),
        }));
    }
    Ok(findings)
}

fn check(room: &Room) -> Vec<Finding> {
    let finding = |line, what: String, mend: &str| Finding {
        path: room.manifest.clone(),
        line,
        what,
        mend: mend.to_owned(),
    };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room.name) else {
        let what = format!("`{}` has no place in the drawing", room.name);
        let mend = "draw its arrows in ARCHITECTURE.md and in xtask/src/tidy/arrows.rs";
        return vec![finding(1, what, mend)];
    };
    let wrong = room.uses.iter().filter(|used| !allowed.contains(&used.as_str()));
    wrong
        .map(|used| {
            let what = format!("`{}` must not know `{used}`", room.name);
            let mend = "move the code to the room it belongs to; ARCHITECTURE.md has the arrows";
            finding(line_of(&room.text, used), what, mend)
        })
        .collect()
}

fn line_of(text: &str, name: &str) -> usize {
    let names = |line: &str| {
        line.trim_start()
            .trim_start_matches('"')
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(['.', ' ', '=', '"']))
    };
    text.lines().position(names).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    fn check_uses(name: &str, used: &str, allowed: bool) {
        let room = Room {
            name: name.to_owned(),
            manifest: "Cargo.toml".to_owned(),
            text: format!("[dependencies]\n{used}-more = \"1\"\n{used}.workspace = true\n"),
            uses: vec![used.to_owned()],
        };
        let message = format!(
            "Cargo.toml:3: `{name}` must not know `{used}`; move the code to the room it belongs \
             to; ARCHITECTURE.md has the arrows"
        );
        let expected: &[&str] = if allowed { &[] } else { &[&message] };
        expect(&check(&room), expected);
    }

    #[test]
    fn arrows_that_are_drawn_are_allowed() {
        check_uses("goldstar-catalog", "goldstar-disk", true);
        check_uses("goldstar-collection", "goldstar-insight", true);
        check_uses("goldstar-server", "goldstar-journal", true);
        check_uses("goldstar", "goldstar-catalog", true);
    }

    #[test]
    fn arrows_that_are_not_drawn_are_refused() {
        check_uses("goldstar-catalog", "goldstar-journal", false);
        check_uses("goldstar-journal", "goldstar-catalog", false);
        check_uses("goldstar-insight", "goldstar-disk", false);
        check_uses("goldstar-dataset", "goldstar-server", false);
        check_uses("goldstar-disk", "goldstar", false);
        check_uses("xtask", "goldstar-disk", false);
    }

    #[test]
    fn a_new_room_has_to_be_drawn() {
        let room = Room {
            name: "goldstar-attic".to_owned(),
            manifest: "crates/attic/Cargo.toml".to_owned(),
            text: String::new(),
            uses: Vec::new(),
        };
        let message = "crates/attic/Cargo.toml:1: `goldstar-attic` has no place in the drawing; \
                       draw its arrows in ARCHITECTURE.md and in xtask/src/tidy/arrows.rs";
        expect(&check(&room), &[message]);
    }

    #[test]
    fn the_drawing_has_no_circle() {
        for (place, (name, allowed)) in ARROWS.iter().enumerate() {
            for used in *allowed {
                let known = ARROWS[..place].iter().any(|(earlier, _)| earlier == used);
                assert!(known, "{name} may use {used}, which is not drawn before it");
            }
        }
    }
}
