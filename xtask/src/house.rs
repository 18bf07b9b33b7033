//! Where things are in this workspace, and how its tools are called.

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// The workspace and the folder its build products go to.
pub(crate) struct House {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl House {
    /// The workspace that `cargo xtask` was called in.
    pub(crate) fn here() -> Result<House> {
        let own = std::env::var_os("CARGO_MANIFEST_DIR")
            .context("cargo did not say where the workspace is; run this as `cargo xtask VERB`")?;
        let metadata = MetadataCommand::new()
            .manifest_path(Path::new(&own).join("Cargo.toml"))
            .no_deps()
            .exec()
            .context("`cargo metadata` failed")?;
        Ok(House {
            root: metadata.workspace_root.into_std_path_buf(),
            target: metadata.target_directory.into_std_path_buf(),
        })
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Where the built binary lies; `profile` is `debug` or `release`.
    pub(crate) fn goldstar(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join(format!("goldstar{}", std::env::consts::EXE_SUFFIX))
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.root).args(arguments);
        command
    }

    pub(crate) fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("npm");
        command.current_dir(self.ui()).args(arguments);
        command
    }

    /// Cargo with the wish to build the debug binary the checks use.
    pub(crate) fn build(&self) -> Command {
        self.cargo(&["build", "--package", "goldstar"])
    }
}

/// Where the words of child processes go: to the terminal, or to a file that is shown on failure.
pub(crate) enum Transcript {
    Terminal,
    File(PathBuf),
}

impl Transcript {
    /// An empty transcript file.
    pub(crate) fn file(path: PathBuf) -> Result<Transcript> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Transcript::File(path))
    }

    /// Runs a child to its end.
    pub(crate) fn run(&self, command: &mut Command) -> Result<ExitStatus> {
        if let Transcript::File(path) = self {
            let file = File::options().append(true).open(path)?;
            command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
            command.env("NO_COLOR", "1").env("CARGO_TERM_COLOR", "never").env_remove("FORCE_COLOR");
        }
        command.status().map_err(|error| not_started(command, error))
    }

    /// Runs a child that has to succeed.
    pub(crate) fn succeed(&self, command: &mut Command) -> Result<()> {
        let status = self.run(command)?;
        if !status.success() {
            bail!("`{}` failed ({status})", spoken(command));
        }
        Ok(())
    }

    /// What was said so far; empty when it went to the terminal.
    pub(crate) fn text(&self) -> String {
        match self {
            Transcript::Terminal => String::new(),
            Transcript::File(path) => {
                String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
            }
        }
    }
}

/// Runs a child and gives what it wrote to its standard output; its errors go to the transcript.
pub(crate) fn output_of(command: &mut Command, transcript: &Transcript) -> Result<Vec<u8>> {
    if let Transcript::File(path) = transcript {
        command.stderr(File::options().append(true).open(path)?);
    } else {
        command.stderr(Stdio::inherit());
    }
    let output = command.output().map_err(|error| not_started(command, error))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", spoken(command), output.status);
    }
    Ok(output.stdout)
}

/// The first of these programs that lies on the PATH.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

fn spoken(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn not_started(command: &Command, error: std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy().into_owned();
    let hint = match program.as_str() {
        "npm" | "node" => "; install Node.js 20.19 or newer, which brings npm",
        "python3" => "; install Python 3.11 or newer",
        "git" => "; install git",
        _ => "",
    };
    if error.kind() == ErrorKind::NotFound {
        return anyhow::anyhow!("`{program}` was not found{hint}");
    }
    anyhow::Error::new(error).context(format!("cannot start `{program}`"))
}
