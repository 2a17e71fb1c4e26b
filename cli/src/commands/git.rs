//! What changed since a revision, by the system's git. It is asked for nothing, and it asks for nothing.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::Failure;

/// Questions to git that are on their way.
pub(crate) struct Changes {
    top: Child,
    changed: Child,
    new: Child,
    folder: PathBuf,
    revision: String,
}

/// What changed.
pub(crate) enum Changed {
    /// These files.
    Files(Vec<PathBuf>),
    /// The revision isn't there to say.
    Unknown(String),
}

pub(super) fn git(folder: &Path, arguments: &[&str], input: Stdio) -> Result<Child, Failure> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "core.quotePath=false", "-c", "core.fsmonitor=false"])
        .args(arguments)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .stdin(input)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::from("git is asked, and there is no program `git` here"),
        _ => format!("git can't be asked: {error}").into(),
    })
}

impl Changes {
    /// Asks what changed since a revision in the repository of a folder.
    pub(crate) fn ask(folder: &Path, revision: &str) -> Result<Changes, Failure> {
        if revision.is_empty() || revision.starts_with('-') {
            return Err(format!("`{revision}` is no revision of git").into());
        }
        let diff = ["diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", revision, "--"];
        let new = ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"];
        Ok(Changes {
            top: git(folder, &["rev-parse", "--show-toplevel"], Stdio::null())?,
            changed: git(folder, &diff, Stdio::null())?,
            new: git(folder, &new, Stdio::null())?,
            folder: folder.to_owned(),
            revision: revision.to_owned(),
        })
    }

    /// The files, as soon as git has said them.
    pub(crate) fn wait(self) -> Result<Changed, Failure> {
        let Changes { top, changed, new, folder, revision } = self;
        let [top, changed, new] = [top, changed, new].map(Child::wait_with_output);
        let (top, changed, new) = (top?, changed?, new?);
        if !top.status.success() {
            return Err(format!("`{}` is in no repository of git: {}", folder.display(), words(&top)).into());
        }
        if !changed.status.success() {
            let shallow =
                git(&folder, &["rev-parse", "--is-shallow-repository"], Stdio::null())?.wait_with_output()?;
            return match shallow.stdout.starts_with(b"true") {
                true => Ok(Changed::Unknown(format!(
                    "the revision `{revision}` isn't in this shallow clone: all findings are said"
                ))),
                false => Err(format!("git knows no revision `{revision}`: {}", words(&changed)).into()),
            };
        }
        let top = PathBuf::from(String::from_utf8_lossy(&top.stdout).trim_end_matches(['\n', '\r']));
        let files = [&changed, &new].into_iter().flat_map(|output| output.stdout.split(|byte| *byte == 0));
        let files = files.filter(|path| !path.is_empty());
        Ok(Changed::Files(files.map(|path| top.join(String::from_utf8_lossy(path).as_ref())).collect()))
    }
}

/// The first line of what git says.
pub(super) fn words(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().next().unwrap_or("it doesn't say why").to_owned()
}
