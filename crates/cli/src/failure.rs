//! Errors as people see them: what happened, a hint, and an exit code.

use goldstar_collection::{AppendError, SettingsError, StarError};
use goldstar_dataset::ExportError;
use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    what: String,
    hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What was asked for is wrong or not there: 1.
    Found,
    /// The command line is wrong: 2, as clap's own.
    Usage,
    /// Files could not be read or written: 3.
    Disk,
    /// Whoever read our output has stopped: no error.
    Finished,
}

impl Failure {
    pub(crate) fn found(what: impl Into<String>) -> Self {
        Self { kind: Kind::Found, what: what.into(), hint: None }
    }

    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, what: what.into(), hint: None }
    }

    pub(crate) fn disk(path: &Path, doing: &str, error: &io::Error) -> Self {
        let what = format!("{}: {doing}: {error}", path.display());
        Self { kind: Kind::Disk, what, hint: None }
    }

    pub(crate) fn io(what: impl Into<String>) -> Self {
        Self { kind: Kind::Disk, what: what.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// An error of standard output.
    pub(crate) fn output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => {
                Self { kind: Kind::Finished, what: String::new(), hint: None }
            }
            _ => Self::io(format!("standard output: {error}")),
        }
    }

    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Finished => 0,
            Kind::Found => 1,
            Kind::Usage => 2,
            Kind::Disk => 3,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == Kind::Finished {
            return Ok(());
        }
        write!(f, "error: {}", self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<StarError> for Failure {
    fn from(error: StarError) -> Self {
        match error {
            StarError::Invalid(invalid) => Self::usage(invalid.to_string()),
            StarError::NotFound(what) | StarError::NotYet(what) | StarError::Changed(what) => {
                Self::found(what)
            }
            StarError::Append(error) => error.into(),
        }
    }
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Self {
        Self::io(error.to_string())
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        Self::io(error.to_string())
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        let what = error.to_string();
        if error.is_unreadable { Self::io(what) } else { Self::usage(what) }
    }
}
