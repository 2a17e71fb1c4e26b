//! A crate of its own in the target folder, for what only Cargo and the compiler can show.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

/// The compiler whose words the snapshots hold: others say the same in other words.
const COMPILER: &str = "rustc 1.95.";

/// Whether snapshots of what the compiler says can be compared.
#[must_use]
pub fn is_compiler_of_snapshots() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    String::from_utf8(version).unwrap().starts_with(COMPILER)
}

/// A crate that depends on `slo` by its path, and on what the workspace has locked.
pub struct Project {
    /// The crate's folder.
    pub folder: PathBuf,
    target: PathBuf,
}

impl Project {
    /// Makes the crate, or finds it as an earlier run left it, so that Cargo has little to do.
    #[must_use]
    pub fn new(name: &str, build_script: bool) -> Project {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        // The test program stands in `target/debug/deps`.
        let program = std::env::current_exe().unwrap();
        let target = program.ancestors().nth(3).unwrap().to_owned();
        let project = Project { folder: target.join("tests").join(name), target };
        let at = |folder: &str| format!("{:?}", workspace.join(folder).display().to_string());
        let build = format!(
            "[build-dependencies]\nslo-compiler = {{ path = {}, features = [\"rust\"] }}\n",
            at("compiler")
        );
        project.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nslo = {{ path = {} }}\n\n{}",
                at("runtime"),
                if build_script { &build } else { "" },
            ),
        );
        // Cargo takes out of it what the crate doesn't need: what was locked is kept beside it.
        let locked = fs::read_to_string(workspace.join("Cargo.lock")).unwrap();
        let known = fs::read_to_string(project.folder.join("workspace.lock")).ok();
        if known.as_ref() != Some(&locked) {
            project.write("Cargo.lock", &locked);
            project.write("workspace.lock", &locked);
        }
        project
    }

    /// Writes a file, unless it is there as it should be.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        if fs::read_to_string(&path).is_ok_and(|known| known == text) {
            return;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        // A file system takes times from a clock that stands still for some milliseconds: of a file that is newer than what was
        // built of it, the time must be later.
        fs::File::options().write(true).open(path).unwrap().set_modified(SystemTime::now()).unwrap();
    }

    /// Takes a file or a folder out, if it is there.
    pub fn remove(&self, path: &str) {
        let path = self.folder.join(path);
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }

    /// Copies a folder of the tests into the crate, and takes out what else stands there.
    pub fn copy(&self, from: &str, to: &str) {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
        let names = |folder: &Path| -> Vec<(String, bool)> {
            let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap());
            entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.path().is_dir())).collect()
        };
        let wanted = names(&from);
        for (name, _) in names(&self.folder.join(to)).iter().filter(|there| !wanted.contains(there)) {
            self.remove(&format!("{to}/{name}"));
        }
        for (name, folder) in wanted {
            let (inner, path) = (from.join(&name), format!("{to}/{name}"));
            if folder {
                self.copy(inner.to_str().unwrap(), &path);
            } else {
                self.write(&path, &fs::read_to_string(inner).unwrap());
            }
        }
    }

    /// Runs Cargo in the crate.
    #[must_use]
    pub fn cargo(&self, arguments: &[&str]) -> Output {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Command::new(cargo)
            .args(arguments)
            .args(["--offline", "--quiet", "--target-dir"])
            .arg(&self.target)
            .current_dir(&self.folder)
            .env("CARGO_TERM_COLOR", "never")
            // The folder of the tests' own build script.
            .env_remove("OUT_DIR")
            .output()
            .unwrap()
    }

    /// A text without the paths of this machine.
    #[must_use]
    pub fn plain(&self, text: &str) -> String {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let (project, workspace) = (self.folder.display().to_string(), workspace.display().to_string());
        // The project may stand in the workspace's own target folder.
        let text = text.replace(&format!("{project}/"), "").replace(&project, "PROJECT");
        text.replace(&format!("{workspace}/"), "WORKSPACE/")
    }
}
