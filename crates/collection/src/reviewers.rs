//! `gold_star/reviewers.jsonl`: who may sign in. It only grows, and is followed as it does.

use crate::query::ME;
use crate::roles::Role;
use crate::stamp::Stamp;
use goldstar_catalog::Blemish;
use goldstar_disk::Disk;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the file is in a collection's folder.
const PLACE: &str = "gold_star/reviewers.jsonl";

/// Somebody who may sign in, or once might.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// The name on the stars.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The part of the token that is no secret.
    pub token_id: String,
    /// What a token is compared with; whoever makes tokens knows how.
    pub token_hash: String,
    /// When they were added.
    pub added_at: String,
    /// When the token was taken away.
    pub revoked_at: Option<String>,
}

/// A reviewer to be added.
#[derive(Debug, Clone)]
pub struct NewReviewer {
    /// The name on the stars.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The part of the token that is no secret.
    pub token_id: String,
    /// What a token is compared with.
    pub token_hash: String,
    /// The time.
    pub at: String,
}

/// All reviewers at one moment.
#[derive(Debug, Clone, Default)]
pub struct Reviewers {
    by_name: BTreeMap<String, Reviewer>,
    blemishes: Vec<Blemish>,
    is_configured: bool,
}

impl Reviewers {
    /// All of them in order of their names, those whose token was taken away too.
    pub fn all(&self) -> impl Iterator<Item = &Reviewer> {
        self.by_name.values()
    }

    /// Whose token has this id; nobody when it was taken away.
    pub fn with_token(&self, token_id: &str) -> Option<&Reviewer> {
        self.current().find(|reviewer| reviewer.token_id == token_id)
    }

    /// Those who may sign in.
    pub fn current(&self) -> impl Iterator<Item = &Reviewer> {
        self.all().filter(|reviewer| reviewer.revoked_at.is_none())
    }

    /// Whether signing in is needed at all. Once anybody was added it is, even when nobody is left:
    /// a file that is damaged or emptied must not open the door.
    pub fn is_configured(&self) -> bool {
        self.is_configured
    }

    /// Lines that cannot be read.
    pub fn blemishes(&self) -> &[Blemish] {
        &self.blemishes
    }

    fn fold(text: &[u8]) -> Self {
        let mut reviewers =
            Self { is_configured: !text.trim_ascii().is_empty(), ..Self::default() };
        for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            if let Err(what) = reviewers.fold_line(line) {
                let file = PLACE.to_owned();
                reviewers.blemishes.push(Blemish { file, line: Some(number), what });
            }
        }
        reviewers
    }

    fn fold_line(&mut self, line: &[u8]) -> Result<(), String> {
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        let written: Written = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        let name = written.name.clone();
        match &*written.event {
            "add" => {
                // Of a line that is not understood this much is: the one before it is void.
                self.by_name.remove(&name);
                let unknown = || format!("{name} is added with something that is not known here");
                let reviewer = written.reviewer().ok_or_else(unknown)?;
                self.by_name.insert(name, reviewer);
            }
            "revoke" => match self.by_name.get_mut(&name) {
                Some(reviewer) => reviewer.revoked_at = Some(written.at.unwrap_or_default()),
                None => return Err(format!("{name} is revoked, but was never added")),
            },
            // Later versions may know more.
            _ => {}
        }
        Ok(())
    }
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Written {
    event: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

impl Written {
    fn reviewer(self) -> Option<Reviewer> {
        Some(Reviewer {
            name: self.name,
            role: self.role?.parse().ok()?,
            token_id: self.token_id?,
            token_hash: self.token_hash?,
            added_at: self.at.unwrap_or_default(),
            revoked_at: None,
        })
    }
}

/// Why the list of reviewers did not change.
#[derive(Debug, thiserror::Error)]
pub enum ReviewersError {
    /// It makes no sense as the list stands.
    #[error("{0}")]
    Refused(String),
    /// The file cannot be read or written.
    #[error("{path}: {error}")]
    Disk {
        /// The file.
        path: String,
        /// What happened.
        error: io::Error,
    },
}

/// The file, wherever it has grown to.
#[derive(Debug)]
pub struct ReviewersFile {
    path: PathBuf,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// None: there was no file.
    stamp: Option<Stamp>,
    now: Arc<Reviewers>,
}

impl ReviewersFile {
    /// The file of a collection. It need not be there.
    pub fn of(folder: &Path) -> Self {
        Self { path: folder.join(PLACE), seen: Mutex::default() }
    }

    /// The reviewers, as the file has them now, whoever wrote to it.
    pub fn now(&self) -> io::Result<Arc<Reviewers>> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Looked at before the file is read: what is appended meanwhile is read the next time.
        let stamp = Stamp::of_file(&self.path)?;
        if stamp != seen.stamp {
            let mut now = match stamp {
                Some(_) => self.read()?,
                None => Reviewers::default(),
            };
            // A file that goes away while a server runs does not open the door.
            now.is_configured |= seen.now.is_configured;
            *seen = Seen { stamp, now: Arc::new(now) };
        }
        Ok(seen.now.clone())
    }

    /// Lets somebody sign in.
    pub fn add(&self, disk: &dyn Disk, new: NewReviewer) -> Result<(), ReviewersError> {
        self.append(disk, |reviewers| {
            if new.name == ME {
                let what = format!("{ME} is whoever asks, in queries: nobody can have that name");
                return Err(ReviewersError::Refused(what));
            }
            if reviewers.current().any(|known| known.name == new.name) {
                let what = format!("{} is a reviewer already; revoke the token first", new.name);
                return Err(ReviewersError::Refused(what));
            }
            Ok(Written {
                event: "add".to_owned(),
                name: new.name,
                role: Some(new.role.word().to_owned()),
                token_id: Some(new.token_id),
                token_hash: Some(new.token_hash),
                at: Some(new.at),
            })
        })
    }

    /// Takes somebody's token away.
    pub fn revoke(&self, disk: &dyn Disk, name: &str, at: &str) -> Result<(), ReviewersError> {
        let is_known = |reviewers: &Reviewers| reviewers.current().any(|known| known.name == name);
        let unknown = || ReviewersError::Refused(format!("{name} is no reviewer"));
        // Asked first, so that no file is made for nothing.
        if !is_known(&*self.now().map_err(|error| self.error(error))?) {
            return Err(unknown());
        }
        self.append(disk, |reviewers| {
            if !is_known(reviewers) {
                return Err(unknown());
            }
            Ok(Written {
                event: "revoke".to_owned(),
                name: name.to_owned(),
                role: None,
                token_id: None,
                token_hash: None,
                at: Some(at.to_owned()),
            })
        })
    }

    /// Appends a line that is right when nobody else can write.
    fn append(
        &self,
        disk: &dyn Disk,
        line: impl FnOnce(&Reviewers) -> Result<Written, ReviewersError>,
    ) -> Result<(), ReviewersError> {
        let io = |error| self.error(error);
        disk.make_private(&self.path).map_err(io)?;
        let mut log = disk.open_log(&self.path).map_err(io)?;
        log.lock().map_err(io)?;
        let text = std::fs::read(&self.path).map_err(io)?;
        let line = line(&Reviewers::fold(&text))?;
        let mut bytes = Vec::new();
        // A torn line is ended, and stays what it is.
        if !text.is_empty() && !text.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        serde_json::to_writer(&mut bytes, &line).map_err(|error| io(error.into()))?;
        bytes.push(b'\n');
        log.append(&bytes).and_then(|()| log.sync()).map_err(io)?;
        log.unlock().map_err(io)
    }

    fn read(&self) -> io::Result<Reviewers> {
        std::fs::read(&self.path).map(|text| Reviewers::fold(&text))
    }

    fn error(&self, error: io::Error) -> ReviewersError {
        ReviewersError::Disk { path: self.path.display().to_string(), error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldstar_disk::RealDisk;

    fn new(name: &str, role: Role, token_id: &str) -> NewReviewer {
        let at = "2026-11-23T10:00:00Z".to_owned();
        let token_hash = format!("hash of {token_id}");
        NewReviewer { name: name.to_owned(), role, token_id: token_id.to_owned(), token_hash, at }
    }

    fn names(reviewers: &Reviewers) -> Vec<(&str, &str)> {
        reviewers.current().map(|known| (&*known.name, &*known.token_id)).collect()
    }

    #[test]
    fn whoever_is_added_may_sign_in_until_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let (file, other) = (ReviewersFile::of(folder.path()), ReviewersFile::of(folder.path()));
        assert!(!file.now().unwrap().is_configured());
        file.add(&RealDisk, new("bo", Role::Agent, "b")).unwrap();
        file.add(&RealDisk, new("ada", Role::Admin, "a")).unwrap();
        // Another program sees it.
        assert_eq!(names(&other.now().unwrap()), [("ada", "a"), ("bo", "b")]);
        assert_eq!(other.now().unwrap().with_token("a").unwrap().role, Role::Admin);
        let me = file.add(&RealDisk, new("me", Role::Viewer, "c")).unwrap_err().to_string();
        assert!(me.contains("whoever asks"), "{me}");
        let twice = file.add(&RealDisk, new("ada", Role::Viewer, "c")).unwrap_err().to_string();
        assert!(twice.contains("revoke"), "{twice}");
        other.revoke(&RealDisk, "ada", "2026-11-23T11:00:00Z").unwrap();
        assert_eq!(names(&file.now().unwrap()), [("bo", "b")]);
        assert_eq!(file.now().unwrap().with_token("a"), None);
        assert!(other.revoke(&RealDisk, "ada", "").is_err());
        file.add(&RealDisk, new("ada", Role::Viewer, "d")).unwrap();
        assert_eq!(names(&other.now().unwrap()), [("ada", "d"), ("bo", "b")]);
        let text = std::fs::read_to_string(folder.path().join(PLACE)).unwrap();
        let first = r#"{"event":"add","name":"bo","role":"agent","token_id":"b","token_hash":"hash of b","at":"2026-11-23T10:00:00Z"}"#;
        assert_eq!((text.lines().next(), text.lines().count()), (Some(first), 4));
        let revoked = r#"{"event":"revoke","name":"ada","at":"2026-11-23T11:00:00Z"}"#;
        assert_eq!(text.lines().nth(2), Some(revoked));
        // An editor may have put its mark before the text.
        let marked = Reviewers::fold(format!("\u{feff}{text}").as_bytes());
        assert_eq!(names(&marked), [("ada", "d"), ("bo", "b")]);
    }

    #[test]
    fn nobody_is_revoked_where_nobody_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = ReviewersFile::of(folder.path());
        assert!(file.revoke(&RealDisk, "ada", "").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn damage_never_opens_the_door() {
        let check = |text: &str, expected: &[(&str, &str)], blemishes: usize| {
            let reviewers = Reviewers::fold(text.as_bytes());
            assert!(reviewers.is_configured(), "{text}");
            assert_eq!(names(&reviewers), expected, "{text}");
            assert_eq!(reviewers.blemishes().len(), blemishes, "{text}");
        };
        let ada = r#"{"event":"add","name":"ada","role":"admin","token_id":"a","token_hash":"h"}"#;
        let duke = r#"{"event":"add","name":"ada","role":"duke","token_id":"b","token_hash":"h"}"#;
        let bare = r#"{"event":"add","name":"ada","role":"admin"}"#;
        let gone = r#"{"event":"revoke","name":"ada"}"#;
        check("x", &[], 1);
        check(ada, &[("ada", "a")], 0);
        check(&format!("{ada}\n\n{{\"event\":\"revo\n"), &[("ada", "a")], 1);
        check(&format!("{ada}\n{duke}\n"), &[], 1);
        check(&format!("{ada}\n{bare}\n"), &[], 1);
        check(&format!("{gone}\n{ada}\n{gone}\n"), &[], 1);
        check(&format!("{ada}\n{{\"event\":\"blessed\",\"name\":\"ada\"}}\n"), &[("ada", "a")], 0);
        assert!(!Reviewers::fold(b" \n").is_configured());
    }

    #[test]
    fn a_file_that_goes_away_does_not_open_the_door() {
        let folder = tempfile::tempdir().unwrap();
        let file = ReviewersFile::of(folder.path());
        file.add(&RealDisk, new("ada", Role::Admin, "a")).unwrap();
        assert!(file.now().unwrap().is_configured());
        RealDisk.remove(&folder.path().join(PLACE)).unwrap();
        let now = file.now().unwrap();
        assert_eq!((now.is_configured(), now.all().count()), (true, 0));
    }

    #[test]
    fn a_torn_line_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let file = ReviewersFile::of(folder.path());
        file.add(&RealDisk, new("ada", Role::Admin, "a")).unwrap();
        let mut log = RealDisk.open_log(&folder.path().join(PLACE)).unwrap();
        log.append(br#"{"event":"revoke","na"#).unwrap();
        file.add(&RealDisk, new("bo", Role::Viewer, "b")).unwrap();
        assert_eq!(names(&file.now().unwrap()), [("ada", "a"), ("bo", "b")]);
        assert_eq!(file.now().unwrap().blemishes()[0].line, Some(2));
    }
}
