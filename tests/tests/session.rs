//! What a session says after an edit is what a cold run says.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use slo_compiler::{Input, InputFile, Root, Session, compile};
use slo_tests::{MANIFEST, rendered};

/// The files of a root, and those of the vocabulary that it names.
#[derive(Clone, Debug)]
struct Files {
    own: Vec<(String, String)>,
    house: Vec<(String, String)>,
}

impl Files {
    /// The repository's example, in several files, and some that take one another in.
    fn begun() -> Files {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
        let mut own = slo_files(&examples.join("payments"));
        own.push((
            "yard/yard.slo".to_owned(),
            "package yard\n\nuse house\n\nattribute yard.tier: house.tier\nattribute yard.note: string, max=10\n\n\
             group Common {\n    tier: yard.tier\n    house.region: optional\n}\n\nscope Yard {}\n\n\
             event PaymentVisit in Yard {\n    tier: yard.tier\n    note: yard.note\n    metric yard.visits: counter { tier }\n    \
             log yard.visit: info\n    \
             span \"visit\"\n}\n"
                .to_owned(),
        ));
        own.push((
            "words/words.slo".to_owned(),
            "package words\n\nattribute words.one: enum { a, b, c }\n".to_owned(),
        ));
        let house = "package house\n\nattribute house.tier: enum { free, paid }\nattribute house.region: string, max=12\n";
        Files { own, house: vec![("house.slo".to_owned(), house.to_owned())] }
    }

    fn input(&self) -> Input<'static> {
        let files = |files: &[(String, String)]| {
            files.iter().map(|(path, text)| InputFile::new(path.as_str(), text.as_str())).collect()
        };
        let manifest = format!("{MANIFEST}house = {{ path = \"../house\" }}\n");
        let mut own = Root::new(InputFile::new("slo.toml", manifest), files(&self.own));
        own.vocabularies = vec![("house".to_owned(), Ok(1))];
        let house = "name = \"house\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n";
        let house = Root::new(InputFile::new("house/slo.toml", house), files(&self.house));
        Input { roots: vec![own, house], data: None }
    }

    fn apply(&mut self, edit: &Edit) {
        let count = self.own.len() + self.house.len();
        let number = edit.file % count.max(1);
        let file = match number.checked_sub(self.own.len()) {
            None => &mut self.own[number],
            Some(number) => &mut self.house[number],
        };
        let mut lines: Vec<&str> = file.1.lines().collect();
        let at = edit.line % lines.len().max(1);
        match edit.what {
            What::Remove if !lines.is_empty() => drop(lines.remove(at)),
            What::Twice if !lines.is_empty() => lines.insert(at, lines[at]),
            What::Cut if !lines.is_empty() => {
                let line = lines[at];
                let end = line.char_indices().nth(line.chars().count() / 2).map_or(0, |(end, _)| end);
                lines[at] = &line[..end];
            }
            What::Write(line) => lines.insert(at, line),
            What::AddFile => {
                let name = format!("more{}/more.slo", edit.line % 4);
                if !self.own.iter().any(|(path, _)| *path == name) {
                    let at = edit.line % (self.own.len() + 1);
                    self.own.insert(at, (name, "package more\n\nattribute more.key: yard.tier\n".to_owned()));
                }
                return;
            }
            What::DropFile if self.own.len() > 1 && number < self.own.len() => {
                self.own.remove(number);
                return;
            }
            _ => return,
        }
        file.1 = lines.iter().map(|line| format!("{line}\n")).collect();
    }
}

fn slo_files(folder: &Path) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder.join("slo"))
        .or_else(|_| fs::read_dir(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "slo"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no contract in {}", folder.display());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// A change of one file.
#[derive(Clone, Debug)]
struct Edit {
    file: usize,
    line: usize,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Remove,
    Twice,
    Cut,
    Write(&'static str),
    AddFile,
    DropFile,
}

/// Lines that change what other files mean, or nothing at all.
const LINES: [&str; 10] = [
    "// nothing",
    "attribute house.tier: string",
    "attribute yard.extra: enum { x, y }, open",
    "use std.otel",
    "}",
    "event Odd in Yard {",
    "    extra: yard.tier",
    "    log yard.odd: warn",
    "refine house.region, max=4",
    "group Common { yard.note: optional }",
];

fn edit() -> impl Strategy<Value = Edit> {
    let what = prop_oneof![
        2 => Just(What::Remove),
        2 => Just(What::Twice),
        1 => Just(What::Cut),
        4 => proptest::sample::select(LINES.to_vec()).prop_map(What::Write),
        1 => Just(What::AddFile),
        1 => Just(What::DropFile),
    ];
    (any::<usize>(), any::<usize>(), what).prop_map(|(file, line, what)| Edit { file, line, what })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_session_says_after_each_edit_what_a_cold_run_says(edits in proptest::collection::vec(edit(), 1..12)) {
        let mut files = Files::begun();
        let mut session = Session::default();
        let _ = session.compile(&files.input());
        for edit in edits {
            files.apply(&edit);
            let (warm, cold) = (session.compile(&files.input()), compile(&files.input()));
            prop_assert_eq!(rendered(&warm), rendered(&cold));
            let json = |contract: &Option<std::sync::Arc<slo_compiler::ir::Contract>>| {
                contract.as_ref().map(|contract| contract.to_json())
            };
            prop_assert_eq!(json(&warm.contract), json(&cold.contract));
            prop_assert_eq!(warm.checked.is_some(), cold.checked.is_some());
        }
    }
}

#[test]
fn edits_are_seen() {
    let mut files = Files::begun();
    let mut session = Session::default();
    assert_eq!(rendered(&session.compile(&files.input())), "");
    files.apply(&Edit { file: files.own.len(), line: 2, what: What::Remove });
    let seen = rendered(&session.compile(&files.input()));
    assert!(seen.contains("house.tier"), "{seen}");
}
