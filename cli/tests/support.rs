//! A folder of contracts, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A temporary folder; paths in it are shown as people would write them.
pub(crate) struct Folder(tempfile::TempDir);

/// What a run of the program gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

pub(crate) const MANIFEST: &str = "name = \"shop\"\nversion = \"1.0.0\"\nowner = \"team-shop\"\nslo = \"0.1\"\n\n[vocabularies]\n\"std.otel\" = \"1.44.0\"\n";

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// A root `slo` with these files beside its manifest.
    pub(crate) fn with(files: &[(&str, &str)]) -> Folder {
        let folder = Folder::new();
        folder.write("slo/slo.toml", MANIFEST);
        for (path, text) in files {
            folder.write(&format!("slo/{path}"), text);
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    pub(crate) fn slo(&self, arguments: &[&str]) -> Run {
        self.slo_with_input(arguments, "")
    }

    /// Runs the program in a folder of this one.
    pub(crate) fn slo_in(&self, folder: &str, arguments: &[&str]) -> Run {
        self.run(&self.path().join(folder), arguments, "", &[])
    }

    pub(crate) fn slo_with_input(&self, arguments: &[&str], input: &str) -> Run {
        self.run(self.path(), arguments, input, &[])
    }

    /// The program with these variables.
    pub(crate) fn slo_with(&self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Run {
        self.run(self.path(), arguments, input, variables)
    }

    /// The program in a folder, with a cache of this one.
    fn run(&self, folder: &Path, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_slo"))
            .args(arguments)
            .current_dir(folder)
            .env_remove("COLUMNS")
            .env("SLO_CACHE", self.path().canonicalize().unwrap().join("cache"))
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that doesn't read it may be gone.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output: Output = child.wait_with_output().unwrap();
        // The folder's own name is no part of what is tested.
        let folder = fs::canonicalize(self.path()).unwrap();
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).unwrap().replace(folder.to_str().unwrap(), "FOLDER")
        };
        Run { code: output.status.code().unwrap(), out: text(&output.stdout), error: text(&output.stderr) }
    }
}

/// A contract root of this name and path, kept by the team of its name, with this text.
pub(crate) fn member(folder: &Folder, path: &str, text: &str) {
    let name = path.rsplit('/').next().unwrap();
    folder.write(
        &format!("{path}/slo.toml"),
        format!("name = \"{name}\"\nversion = \"1.0.0\"\nowner = \"team-{name}\"\nslo = \"0.1\"\n"),
    );
    folder.write(&format!("{path}/{name}.slo"), text);
}

/// Two services, `a` and `b`, that say two units of one metric.
pub(crate) fn two_units() -> Folder {
    let folder = Folder::new();
    for (name, unit) in [("a", "s"), ("b", "ms")] {
        member(
            &folder,
            name,
            &format!(
                "package {name}\n\nscope S {{}}\n\nevent E in S {{\n    metric shop.load: counter, unit=\"{unit}\"\n    log {name}.e: info\n}}\n"
            ),
        );
    }
    folder
}

/// Asks git in a folder.
pub(crate) fn git(folder: &Folder, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
