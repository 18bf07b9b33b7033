//! `reviewer`: who may sign in.

use crate::arguments::{AddReviewer, ListReviewers, ReviewerCommand, RevokeReviewer};
use crate::commands::{cut, print};
use crate::failure::Failure;
use crate::folder;
use goldstar_collection::{
    Kind, NewReviewer, Reviewer, Reviewers, ReviewersError, ReviewersFile, Settings,
};
use goldstar_disk::RealDisk;
use goldstar_server::{NewToken, now, text_of_time};
use serde_json::json;
use std::path::Path;

/// Adds, lists or revokes.
pub(crate) fn run(data: &Path, command: &ReviewerCommand) -> Result<(), Failure> {
    if !data.is_dir() {
        let what = format!("{}: there is no such folder", data.display());
        return Err(Failure::io(what).hint("name the collection's folder with --data"));
    }
    let file = ReviewersFile::of(data);
    match command {
        ReviewerCommand::Add(options) => add(data, &file, options),
        ReviewerCommand::List(options) => list(&file, options),
        ReviewerCommand::Revoke(options) => revoke(&file, options),
    }
}

fn add(data: &Path, file: &ReviewersFile, options: &AddReviewer) -> Result<(), Failure> {
    let limits = Settings::read(data)?.limits.star;
    let name = limits.checked_reviewer("NAME", &options.name);
    let name = name.map_err(|invalid| Failure::usage(invalid.to_string()))?;
    if options.role.kind() == Kind::Agent {
        let is_its_own = folder::open(data)?.name_of_its_own(Kind::Agent, &name);
        is_its_own.map_err(|invalid| Failure::found(invalid.detail))?;
    }
    let token = NewToken::make();
    let token = token.map_err(|error| Failure::io(format!("no token could be made: {error}")))?;
    let new = NewReviewer {
        name: name.clone(),
        role: options.role,
        token_id: token.id.clone(),
        token_hash: token.hash,
        at: text_of_time(now()),
    };
    file.add(&RealDisk, new)?;
    let role = options.role.word();
    print(&match options.json {
        true => {
            let line = json!({
                "name": name, "role": role, "token_id": token.id, "token": token.text,
            });
            format!("{line}\n")
        }
        false => format!(
            "{name} may sign in as {role}, with this token. It is shown only now.\n\n{}\n",
            token.text
        ),
    })
}

fn list(file: &ReviewersFile, options: &ListReviewers) -> Result<(), Failure> {
    let reviewers = file.now().map_err(|error| {
        Failure::io(format!("gold_star/reviewers.jsonl: cannot be read: {error}"))
    })?;
    for blemish in reviewers.blemishes() {
        let line = blemish.line.unwrap_or_default();
        eprintln!("warning: {}:{line}: {}", blemish.file, blemish.what);
    }
    print(&if options.json { lines(&reviewers) } else { table(&reviewers) })
}

fn lines(reviewers: &Reviewers) -> String {
    let line = |reviewer: &Reviewer| {
        let mut line = json!({
            "name": reviewer.name, "role": reviewer.role.word(),
            "kind": reviewer.role.kind().word(), "token_id": reviewer.token_id,
            "added_at": reviewer.added_at,
        });
        if let Some(at) = &reviewer.revoked_at {
            line["revoked_at"] = at.as_str().into();
        }
        format!("{line}\n")
    };
    reviewers.all().map(line).collect()
}

fn table(reviewers: &Reviewers) -> String {
    if reviewers.all().next().is_none() {
        return "no reviewers; `goldstar reviewer add NAME` adds one\n".to_owned();
    }
    let mut text = format!("{:<24}  {:<8}  {:<8}  since\n", "name", "role", "token");
    for Reviewer { name, role, token_id, added_at, revoked_at, .. } in reviewers.all() {
        let until = revoked_at.as_ref().map(|at| format!(", revoked {at}")).unwrap_or_default();
        let (name, role, id) = (cut(name, 24), role.word(), cut(token_id, 8));
        text.push_str(&format!("{name:<24}  {role:<8}  {id:<8}  {added_at}{until}\n"));
    }
    text
}

fn revoke(file: &ReviewersFile, options: &RevokeReviewer) -> Result<(), Failure> {
    let name = options.name.trim();
    file.revoke(&RealDisk, name, &text_of_time(now()))?;
    if options.json {
        return print(&format!("{}\n", json!({ "name": name, "revoked": true })));
    }
    print(&format!("{name} may no longer sign in\n"))
}

impl From<ReviewersError> for Failure {
    fn from(error: ReviewersError) -> Self {
        match error {
            ReviewersError::Refused(what) => Self::found(what),
            ReviewersError::Disk { .. } => Self::io(error.to_string()),
        }
    }
}
