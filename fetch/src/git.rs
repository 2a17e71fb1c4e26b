//! The system's git, with the user's own credentials and without a question. What is fetched stays in a bare repository:
//! nothing is checked out, so that no hook, filter, link or submodule of it is ever followed.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use slo_compiler::pinned::is_revision;
use tempfile::TempDir;

use crate::error::FetchError;
use crate::process::{self, Failure, Limits};

/// How much a repository may weigh that is fetched.
const DISK: u64 = 1024 * 1024 * 1024;

/// How long a list of files may be.
const OUTPUT: usize = 256 * 1024 * 1024;

/// Variables that would have git work in another repository, or ask a person.
const TAKEN_OUT: [&str; 12] = [
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_EXTERNAL_DIFF",
    "GIT_TRACE",
    "GIT_TRACE_CURL",
    "GIT_TRACE_PACKET",
    "GIT_TEMPLATE_DIR",
];

/// A file of a commit.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    /// Its mode as git writes it: `100644`, `120000` for a link.
    pub(crate) mode: String,
    pub(crate) id: String,
    pub(crate) size: u64,
}

/// A repository that is not on this disk, or not ours.
pub(crate) struct Repository {
    url: String,
    folder: TempDir,
    timeout: Duration,
    ssh: Option<String>,
}

impl Repository {
    /// Makes a bare repository of its own for what is fetched.
    pub(crate) fn new(url: &str, timeout: Duration) -> Result<Repository, FetchError> {
        let folder = tempfile::Builder::new().prefix("slo-fetch-").tempdir();
        let folder = folder.map_err(|error| {
            FetchError::new(format!("there is no temporary folder: {error}"), "see to `TMPDIR`")
        })?;
        let mut repository = Repository { url: url.to_owned(), folder, timeout, ssh: None };
        repository.ssh = repository.ssh_command()?;
        Ok(repository)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for variable in TAKEN_OUT {
            command.env_remove(variable);
        }
        command
            // Its own repository, and none that stands above it.
            .env("GIT_DIR", self.folder.path())
            // Nobody is asked: not at the terminal, not by a window, not by ssh.
            .envs([
                ("GIT_TERMINAL_PROMPT", "0"),
                ("GIT_ASKPASS", ""),
                ("SSH_ASKPASS", ""),
                ("SSH_ASKPASS_REQUIRE", "never"),
                ("GCM_INTERACTIVE", "never"),
                ("LC_ALL", "C"),
                // Others run programs.
                ("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh"),
                ("GIT_OPTIONAL_LOCKS", "0"),
            ])
            .args([
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "credential.interactive=false",
            ])
            .args(["-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "fetch.recurseSubmodules=false"])
            .args(arguments);
        if let Some(ssh) = &self.ssh {
            command.env("GIT_SSH_COMMAND", ssh);
        }
        command
    }

    /// The user's own ssh, told to ask nobody. One that is named by a program alone takes no option.
    fn ssh_command(&self) -> Result<Option<String>, FetchError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let own = match variable("GIT_SSH_COMMAND") {
            Some(own) => own,
            None => match self.run(&["config", "--get", "core.sshCommand"], Vec::new()) {
                Ok(said) if !said.is_empty() => String::from_utf8_lossy(&said).trim().to_owned(),
                Err(Failure::NoProgram) => return Err(self.failed(Failure::NoProgram)),
                _ if variable("GIT_SSH").is_some() => return Ok(None),
                _ => "ssh".to_owned(),
            },
        };
        Ok(Some(format!("{own} -oBatchMode=yes")))
    }

    fn run(&self, arguments: &[&str], input: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let limits = Limits { time: self.timeout, output: OUTPUT, disk: DISK };
        process::run(&mut self.command(arguments), input, self.folder.path(), limits)
    }

    /// The commit that a tag names there; none where there is no such tag.
    pub(crate) fn commit_of_tag(&self, tag: &str) -> Result<Option<String>, FetchError> {
        let name = format!("refs/tags/{tag}");
        let peeled = format!("{name}^{{}}");
        let said = self.run(&["ls-remote", "--quiet", "--", &self.url, &name, &peeled], Vec::new());
        let said = said.map_err(|failure| self.failed(failure))?;
        let said = String::from_utf8_lossy(&said);
        let lines = said.lines().filter_map(|line| line.split_once('\t'));
        // A pattern finds `other/refs/tags/v1` too.
        let of = |wanted: &str| lines.clone().find(|(_, name)| *name == wanted).map(|(id, _)| id.to_owned());
        // What an annotated tag is about stands under its peeled name.
        Ok(of(&peeled).or_else(|| of(&name)).filter(|id| is_revision(id)))
    }

    /// Fetches a commit; false where it is not there.
    pub(crate) fn fetch(&self, commit: &str, tag: Option<&str>) -> Result<bool, FetchError> {
        let format = if commit.len() == 64 { "--object-format=sha256" } else { "--object-format=sha1" };
        self.run(&["init", "--quiet", "--bare", "--template=", format], Vec::new())
            .map_err(|failure| self.failed(failure))?;
        let by_tag = tag.map(|tag| format!("refs/tags/{tag}"));
        let all = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
        let shallow = ["--depth=1"].as_slice();
        // Not each server hands out a commit by its hash, and not each one without its history.
        let mut ways: Vec<(&[&str], Vec<&str>)> = vec![(shallow, vec![commit])];
        ways.extend(by_tag.as_deref().map(|name| (shallow, vec![name])));
        ways.push((&[], all.to_vec()));
        for (options, names) in ways {
            let mut arguments = vec!["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];
            arguments.extend(options);
            arguments.extend(["--", self.url.as_str()]);
            arguments.extend(names);
            match self.run(&arguments, Vec::new()) {
                Ok(_) => {}
                Err(Failure::Failed(said)) if is_not_there(&said) => continue,
                Err(failure) => return Err(self.failed(failure)),
            }
            if self.has(commit)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has(&self, commit: &str) -> Result<bool, FetchError> {
        match self.run(&["cat-file", "-t", commit], Vec::new()) {
            Ok(kind) if kind.starts_with(b"commit") => Ok(true),
            Ok(_) => Err(FetchError::new(
                format!("{commit} of `{}` is no commit", self.url),
                "name a commit's hash: `git rev-parse TAG^{commit}` prints it",
            )),
            Err(Failure::Failed(_)) => Ok(false),
            Err(failure) => Err(self.failed(failure)),
        }
    }

    /// The files of a commit by their paths; a submodule is none.
    pub(crate) fn list(&self, commit: &str) -> Result<BTreeMap<String, Blob>, FetchError> {
        let said = self.run(&["ls-tree", "-r", "-z", "-l", "--full-tree", commit], Vec::new());
        let said = said.map_err(|failure| self.failed(failure))?;
        let mut blobs = BTreeMap::new();
        for line in said.split(|byte| *byte == 0) {
            // A name that is no text is no name of a contract's file.
            let Ok(line) = std::str::from_utf8(line) else { continue };
            let Some((head, path)) = line.split_once('\t') else { continue };
            let mut parts = head.split_whitespace();
            let (Some(mode), Some("blob"), Some(id), Some(size)) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let size = size.parse().unwrap_or(u64::MAX);
            blobs.insert(path.to_owned(), Blob { mode: mode.to_owned(), id: id.to_owned(), size });
        }
        Ok(blobs)
    }

    /// The bytes of blobs, in their order.
    pub(crate) fn read(&self, blobs: &[&Blob]) -> Result<Vec<Arc<[u8]>>, FetchError> {
        let odd = || {
            FetchError::new(
                "git gave something other than was asked for",
                "see to the repository: `git fsck`",
            )
        };
        if blobs.is_empty() {
            return Ok(Vec::new());
        }
        let asked: String = blobs.iter().map(|blob| format!("{}\n", blob.id)).collect();
        let said = self.run(&["cat-file", "--batch"], asked.into_bytes());
        let said = said.map_err(|failure| self.failed(failure))?;
        let mut rest = said.as_slice();
        let mut read = Vec::new();
        for blob in blobs {
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(odd)?;
            let (head, behind) = rest.split_at(end);
            if head != format!("{} blob {}", blob.id, blob.size).as_bytes() {
                return Err(odd());
            }
            let behind = behind.get(1..).ok_or_else(odd)?;
            let (bytes, behind) = usize::try_from(blob.size)
                .ok()
                .and_then(|size| behind.split_at_checked(size))
                .ok_or_else(odd)?;
            read.push(Arc::from(bytes));
            rest = behind.strip_prefix(b"\n").ok_or_else(odd)?;
        }
        Ok(read)
    }

    fn failed(&self, failure: Failure) -> FetchError {
        let url = &self.url;
        match failure {
            Failure::NoProgram => FetchError::new(
                format!("`{url}` can't be fetched: there is no program `git`"),
                "install git, or use a vocabulary that is vendored or an archive",
            ),
            Failure::System(error) => {
                FetchError::new(format!("`{url}` can't be fetched: git can't be run: {error}"), "see to git")
            }
            Failure::TookTooLong => FetchError::new(
                format!("`{url}` can't be fetched: git took longer than {} s", self.timeout.as_secs()),
                "see whether it can be reached, or give more time by `--timeout SECONDS`",
            ),
            Failure::WroteTooMuch => FetchError::new(
                format!("`{url}` can't be fetched: it has more than the {DISK} bytes that slo takes"),
                "keep the vocabulary in a smaller repository, or take an archive of it",
            ),
            Failure::Failed(said) => {
                let told = last_line(&said);
                match asks(&said) {
                    true => FetchError::new(
                        format!(
                            "`{url}` can't be fetched: it asks for credentials that git doesn't have: {told}"
                        ),
                        format!(
                            "slo asks nobody: let git know them by a credential helper or an ssh agent, until `git ls-remote {url}` asks for nothing"
                        ),
                    ),
                    false => FetchError::new(
                        format!("`{url}` can't be fetched: {told}"),
                        format!("`git ls-remote {url}` shows whether git can read it"),
                    ),
                }
            }
        }
    }
}

/// Whether git says that a server has no such commit, or doesn't hand it out in this way.
fn is_not_there(said: &str) -> bool {
    [
        "not our ref",
        "unadvertised object",
        "couldn't find remote ref",
        "does not support shallow",
        "no such remote ref",
        "unable to find",
        "bad object",
    ]
    .iter()
    .any(|part| said.contains(part))
}

/// Whether git was asked for a name, a password or a key.
fn asks(said: &str) -> bool {
    [
        "terminal prompts disabled",
        "could not read Username",
        "could not read Password",
        "Authentication failed",
        "Permission denied",
        "Host key verification failed",
        "returned error: 401",
        "returned error: 403",
    ]
    .iter()
    .any(|part| said.contains(part))
}

/// What git said at last, as plain text: a server may say anything.
fn last_line(said: &str) -> String {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let told = lines()
        .find(|line| line.starts_with("fatal: ") || line.starts_with("error: "))
        .or_else(|| lines().next_back());
    let told = told.unwrap_or("git failed, and didn't say why");
    let told = told.trim_start_matches("fatal: ").trim_start_matches("error: ");
    told.chars().filter(|one| !one.is_control()).take(400).collect()
}
