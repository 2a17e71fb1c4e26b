//! The action and the hook: what they run is what was pinned, and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use saphyr::{LoadableYamlNode, Yaml};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A folder with a release in it, and with a cache.
struct Release {
    folder: tempfile::TempDir,
    hash: String,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What there is a release for; none of these is another system that this test runs on.
fn target() -> Option<&'static str> {
    Some(match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "x86_64-unknown-linux-musl",
        ("linux", "aarch64") => "aarch64-unknown-linux-musl",
        ("macos", "x86_64") => "x86_64-apple-darwin",
        ("macos", "aarch64") => "aarch64-apple-darwin",
        _ => return None,
    })
}

impl Release {
    /// A release whose program says its arguments, and leaves a mark that it ran.
    fn new() -> Option<Release> {
        let name = format!("slo-{VERSION}-{}", target()?);
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join(&name);
        fs::create_dir(&at).unwrap();
        let program =
            "#!/bin/sh\necho ran >>\"$MARK\"\nfor one in \"$@\"; do echo \"<$one>\"; done\nexit 1\n";
        fs::write(at.join("slo"), program).unwrap();
        fs::set_permissions(at.join("slo"), fs::Permissions::from_mode(0o755)).unwrap();
        let archive = format!("{name}.tar.gz");
        let tar = Command::new("tar").args(["-czf", &archive, &name]).current_dir(&folder).status().unwrap();
        assert!(tar.success());
        let mut release = Release { folder, hash: String::new() };
        release.hash = release.sha256(&archive);
        Some(release)
    }

    fn sha256(&self, file: &str) -> String {
        let sum = "if command -v sha256sum >/dev/null; then sha256sum \"$0\"; else shasum -a 256 \"$0\"; fi";
        let output =
            Command::new("bash").args(["-c", sum, file]).current_dir(self.folder.path()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self) -> String {
        format!("file://{}", self.folder.path().display())
    }

    fn command(&self, script: &str) -> Command {
        let mut command = Command::new("bash");
        command
            .arg(repository().join(script))
            .current_dir(&self.folder)
            .env("MARK", self.path("mark"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env_remove("RUNNER_TOOL_CACHE");
        command
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        said(&self.command("action/run").args(arguments).output().unwrap())
    }

    fn has_run(&self) -> bool {
        self.path("mark").exists()
    }

    /// The one archive in the cache.
    fn kept(&self) -> PathBuf {
        self.path("cache/slo/releases").join(format!("{}.tar.gz", self.hash))
    }
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn what_was_pinned_runs_and_its_status_is_the_hooks() {
    let Some(release) = Release::new() else { return };
    let (url, hash) = (format!("--url={}", release.url()), format!("--sha256={}", release.hash));
    let (code, out, error) = release.run(&["check", &url, &hash, "--deny-warnings", "a root"]);
    assert_eq!((code, out.as_str()), (Some(1), "<check>\n<--deny-warnings>\n<a root>\n"), "{error}");
    // A hash for each system, as one text and as several, in any order.
    let by_target = format!("other-target={} {}={}", "0".repeat(64), target().unwrap(), release.hash);
    let (code, out, error) = release.run(&["--sha256", &by_target, "fmt", &url, "b.slo"]);
    assert_eq!((code, out.as_str()), (Some(1), "<fmt>\n<b.slo>\n"), "{error}");
}

#[test]
fn what_was_not_pinned_does_not_run() {
    let Some(release) = Release::new() else { return };
    let url = format!("--url={}", release.url());
    let (code, out, error) = release.run(&["check", &url, &format!("--sha256={}", "0".repeat(64))]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(error.contains("is not what was pinned, and was not run"), "{error}");
    assert!(error.contains(&format!("found:  {}", release.hash)), "{error}");
    assert!(!release.has_run() && !release.path("cache/slo/releases").exists());
}

#[test]
fn the_cache_is_used_and_not_trusted() {
    let Some(release) = Release::new() else { return };
    let hash = format!("--sha256={}", release.hash);
    let url = format!("--url={}", release.url());
    assert_eq!(release.run(&["check", &url, &hash]).0, Some(1));
    // What is in the cache isn't fetched again.
    let nowhere = "--url=file:///nowhere";
    assert_eq!(release.run(&["check", nowhere, &hash]).0, Some(1));
    fs::remove_file(release.path("mark")).unwrap();
    fs::write(release.kept(), "another archive").unwrap();
    let (code, _, error) = release.run(&["check", nowhere, &hash]);
    assert_eq!(code, Some(2));
    assert!(error.contains("can't be fetched") && !release.has_run(), "{error}");
    assert_eq!(release.run(&["check", &url, &hash]).0, Some(1), "it is fetched anew");
}

#[test]
fn what_is_no_request_is_refused() {
    let Some(release) = Release::new() else { return };
    let (url, hash) = (format!("--url={}", release.url()), format!("--sha256={}", release.hash));
    let short = "--sha256=abc";
    let other = format!("--sha256=other-target={}", release.hash);
    for (arguments, expected) in [
        (vec!["check", &url], "`--sha256` has no hash for"),
        (vec!["check", &url, &other], "`--sha256` has no hash for"),
        (vec!["check", &url, short], "`abc` is no SHA-256"),
        (vec!["check", &url, &hash, "--version=../../../x"], "is no version"),
        (vec!["check", &url, &hash, "--version=9.9.9"], "can't be fetched"),
        (vec!["check", "--url=http://localhost/", &hash], "begins neither with `https://`"),
        (vec!["check", "--url=-o/tmp/x", &hash], "begins neither with `https://`"),
        (vec!["check", "--sha256"], "`--sha256` has no value"),
        (vec![&url, &hash], "say what to run"),
    ] {
        let (code, out, error) = release.run(&arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {error}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
    assert!(!release.has_run());
}

#[test]
fn the_step_hands_over_what_the_workflow_says() {
    let Some(release) = Release::new() else { return };
    let step = |variables: &[(&str, &str)]| {
        let mut command = release.command("action/step");
        for name in ["VERSION", "ROOT", "OUTPUT", "URL", "DENY_WARNINGS"] {
            command.env(format!("SLO_{name}"), "");
        }
        command.env("SLO_FORMAT", "github").env("SLO_SHA256", &release.hash).env("SLO_URL", release.url());
        said(&command.envs(variables.iter().copied()).output().unwrap())
    };
    assert_eq!(step(&[]).1, "<check>\n<--format=github>\n");
    let (code, out, _) = step(&[
        ("SLO_ROOT", "a b\n$(touch injected); `touch injected`\n"),
        ("SLO_DENY_WARNINGS", "true"),
        ("SLO_SHA256", &format!("{}={}\nother=x\n", target().unwrap(), release.hash)),
    ]);
    let expected =
        "<check>\n<--format=github>\n<--deny-warnings>\n<a b>\n<$(touch injected); `touch injected`>\n";
    assert_eq!((code, out.as_str()), (Some(1), expected));
    assert!(!release.path("injected").exists());
    let (code, out, _) = step(&[("SLO_FORMAT", "sarif"), ("SLO_OUTPUT", "slo.sarif")]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert_eq!(fs::read_to_string(release.path("slo.sarif")).unwrap(), "<check>\n<--format=sarif>\n");
    let (code, _, error) = step(&[("SLO_DENY_WARNINGS", "yes")]);
    assert_eq!(code, Some(2));
    assert!(error.contains("`deny-warnings` is `true` or `false`, not `yes`"), "{error}");
}

/// The text between `${{` and `}}`, of each of these.
fn expressions(text: &str) -> Vec<&str> {
    text.split("${{").skip(1).map(|rest| rest.split_once("}}").unwrap().0.trim()).collect()
}

#[test]
fn the_action_is_well_formed_and_puts_nothing_into_a_script() {
    let text = fs::read_to_string(repository().join("action.yml")).unwrap();
    let action = &Yaml::load_from_str(&text).unwrap()[0];
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    let inputs = action["inputs"].as_mapping().unwrap();
    let mut used = Vec::new();
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        assert_eq!(step["shell"].as_str(), Some("bash"), "a step of a composite action says its shell");
        let script = step["run"].as_str().unwrap();
        assert!(expressions(script).is_empty(), "{script}");
        let variables = step["env"].as_mapping().unwrap().iter();
        let values = variables.map(|(_, value)| value.as_str().unwrap());
        let values = values.chain(step["working-directory"].as_str());
        used.extend(values.flat_map(expressions).filter_map(|one| one.strip_prefix("inputs.")));
        let step = fs::read_to_string(repository().join("action/step")).unwrap();
        for (name, _) in action["runs"]["steps"][0]["env"].as_mapping().unwrap().iter() {
            let name = name.as_str().unwrap();
            let elsewhere = ["SLO_ACTION", "SLO_ACTION_REPOSITORY"].contains(&name);
            assert!(elsewhere || step.contains(&format!("${name}")) || step.contains(&format!("${{{name}")));
        }
    }
    for (name, input) in inputs.iter() {
        let name = name.as_str().unwrap();
        assert!(used.contains(&name), "nothing takes the input `{name}`");
        assert!(input["description"].as_str().is_some(), "{name}");
        let is_required = input.as_mapping_get("required").is_some();
        assert_ne!(is_required, input.as_mapping_get("default").is_some(), "{name}");
    }
    assert_eq!(used.len(), inputs.len());
}

#[test]
fn the_hooks_run_what_is_there() {
    let text = fs::read_to_string(repository().join(".pre-commit-hooks.yaml")).unwrap();
    for hook in Yaml::load_from_str(&text).unwrap()[0].as_sequence().unwrap() {
        let id = hook["id"].as_str().unwrap();
        assert_eq!(hook["language"].as_str(), Some("script"), "{id}: nothing is compiled");
        let (script, command) = hook["entry"].as_str().unwrap().split_once(' ').unwrap();
        let mode = fs::metadata(repository().join(script)).unwrap().permissions().mode();
        assert_ne!(mode & 0o111, 0, "{script} can be run");
        assert_eq!(id, format!("slo-{command}"));
    }
    for script in ["action/run", "action/step"] {
        let path = repository().join(script);
        assert!(Command::new("bash").arg("-n").arg(path).status().unwrap().success(), "{script}");
    }
}

/// The text of each fenced block of YAML in a page, with the page's indentation taken off.
fn yaml_of(page: &str) -> Vec<String> {
    let blocks = page.split("```yaml\n").skip(1);
    blocks.map(|rest| rest.split_once("```").unwrap().0.to_owned()).collect()
}

/// Every text in a document.
fn texts(node: &Yaml<'_>, found: &mut Vec<String>) {
    if let Some(text) = node.as_str() {
        found.push(text.to_owned());
    }
    for item in node.as_sequence().into_iter().flatten() {
        texts(item, found);
    }
    for (_, value) in node.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
        texts(value, found);
    }
}

/// The steps of all jobs of a document that take the action.
fn steps_with_the_action<'y>(document: &'y Yaml<'y>) -> Vec<&'y Yaml<'y>> {
    let jobs = document.as_mapping_get("jobs").and_then(Yaml::as_mapping);
    let jobs = jobs.into_iter().flat_map(|jobs| jobs.iter().map(|(_, job)| job));
    let steps = jobs.filter_map(|job| job.as_mapping_get("steps")?.as_sequence()).flatten();
    let takes = |step: &&Yaml<'_>| {
        let uses = step.as_mapping_get("uses").and_then(Yaml::as_str);
        uses.is_some_and(|uses| uses == format!("OWNER/slo@v{VERSION}"))
    };
    steps.filter(takes).collect()
}

#[test]
fn the_pipelines_of_the_documents_are_those_that_work() {
    let read = |name: &str| fs::read_to_string(repository().join(name)).unwrap();
    let action = read("action.yml");
    let action = &Yaml::load_from_str(&action).unwrap()[0];
    let inputs = action["inputs"].as_mapping().unwrap();
    let inputs: Vec<&str> = inputs.iter().map(|(name, _)| name.as_str().unwrap()).collect();
    let page = read("docs/ci.md");
    let (mut steps, mut commands) = (0, Vec::new());
    for block in yaml_of(&page) {
        let documents = Yaml::load_from_str(&block).unwrap_or_else(|error| panic!("{error}\n{block}"));
        for step in steps_with_the_action(&documents[0]) {
            steps += 1;
            for (name, _) in step["with"].as_mapping().unwrap().iter() {
                assert!(inputs.contains(&name.as_str().unwrap()), "the action has no input {name:?}");
            }
        }
        let mut found = Vec::new();
        texts(&documents[0], &mut found);
        commands.extend(found.iter().flat_map(|text| text.lines()).map(str::to_owned));
    }
    assert!(steps > 3, "{steps}");
    for line in page.lines().filter(|line| line.starts_with("| `slo ")) {
        commands.push(line.split('`').nth(1).unwrap().to_owned());
    }
    let folder = crate::support::Folder::new();
    let mut run = 0;
    for command in commands.iter().filter_map(|command| command.strip_prefix("slo ")) {
        let command = command.split(['>', '|']).next().unwrap();
        // What doesn't exist is refused before the help is shown.
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        arguments.push("--help");
        let shown = folder.slo(&arguments);
        assert_eq!(shown.code, 0, "slo {command}: {}", shown.error);
        run += 1;
    }
    assert!(run > 4, "{run}");
    // Each format has its row.
    for format in crate::program::FORMATS {
        assert!(page.contains(&format!("| `{format}` | ")), "docs/ci.md has no row for {format}");
    }
}
