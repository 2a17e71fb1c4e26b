//! The texts of a contract root in one: what the build script leaves for the derive, and what tells one state of a root from
//! another.
//!
//! Each text stands after its length in bytes, so that nothing in it needs an escape. What can't be read is left out: it is
//! an error, with which nothing is left. What the build script leaves says first which compiler found no error in it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::input::{Input, InputFile, Root};

/// A file of `values=` that was asked for: the number of its root, its path from there, and its text.
pub(crate) type List = (usize, String, String);

/// Notes the files of `values=`: which there are is known only when they are asked for.
pub(crate) fn noted(input: &mut Input<'static>) -> Arc<Mutex<Vec<List>>> {
    let lists: Arc<Mutex<Vec<List>>> = Arc::default();
    if let Some(data) = input.data.take() {
        let noted = Arc::clone(&lists);
        input.data = Some(Box::new(move |root, path| {
            let read = data(root, path);
            let text = read.clone().unwrap_or_default();
            listed(&noted).push((root, path.to_owned(), text));
            read
        }));
    }
    lists
}

/// What was noted so far.
pub(crate) fn listed(lists: &Mutex<Vec<List>>) -> MutexGuard<'_, Vec<List>> {
    lists.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a bundle begins with that the build script leaves: the version of the compiler that has found no error in it.
const CHECKED_BY: &str = "checked by slo ";

/// The version of this compiler.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The same, with the word of this compiler that it is sound.
#[cfg(any(feature = "rust", test))]
pub(crate) fn checked(bundle: &str) -> String {
    format!("{CHECKED_BY}{VERSION}\n{bundle}")
}

/// A bundle without that word, and whether it is this compiler's: another's may not have had all checks.
pub(crate) fn unchecked(bundle: &str) -> (&str, bool) {
    let said = bundle.strip_prefix(CHECKED_BY).and_then(|rest| rest.split_once('\n'));
    said.map_or((bundle, false), |(version, bundle)| (bundle, version == VERSION))
}

/// All texts in one.
pub(crate) fn write(input: &Input<'_>, lists: &[List]) -> String {
    let mut bundle = Writer(String::new());
    bundle.number(input.roots.len());
    for root in &input.roots {
        bundle.text(&root.folder.display().to_string());
        bundle.file(&root.manifest);
        bundle.number(root.files.len());
        root.files.iter().for_each(|file| bundle.file(file));
        bundle.number(root.baseline.iter().count());
        root.baseline.iter().for_each(|file| bundle.file(file));
        let there = || root.vocabularies.iter().filter_map(|(name, root)| Some((name, root.as_ref().ok()?)));
        bundle.number(there().count());
        for (name, root) in there() {
            bundle.text(name);
            bundle.number(*root);
        }
    }
    bundle.number(lists.len());
    for (root, path, text) in lists {
        bundle.number(*root);
        bundle.text(path);
        bundle.text(text);
    }
    bundle.0
}

/// What [`write`] made one; none of another text.
pub(crate) fn read(bundle: &str) -> Option<Input<'static>> {
    let mut bundle = Reader(bundle);
    let mut roots = Vec::new();
    for _ in 0..bundle.number()? {
        let folder = PathBuf::from(bundle.text()?);
        let manifest = bundle.file()?;
        let mut files = Vec::new();
        for _ in 0..bundle.number()? {
            files.push(bundle.file()?);
        }
        let mut root = Root::new(manifest, files);
        root.folder = folder;
        for _ in 0..bundle.number()? {
            root.baseline = Some(bundle.file()?);
        }
        for _ in 0..bundle.number()? {
            root.vocabularies.push((bundle.text()?.to_owned(), Ok(bundle.number()?)));
        }
        roots.push(root);
    }
    let mut lists: Vec<List> = Vec::new();
    for _ in 0..bundle.number()? {
        lists.push((bundle.number()?, bundle.text()?.to_owned(), bundle.text()?.to_owned()));
    }
    let data = move |root: usize, path: &str| {
        let list = lists.iter().find(|(of, list, _)| (*of, list.as_str()) == (root, path));
        list.map(|(.., text)| text.clone()).ok_or_else(|| "the build script did not read it".to_owned())
    };
    bundle.0.is_empty().then(|| Input { roots, data: Some(Box::new(data)) })
}

struct Writer(String);

impl Writer {
    fn number(&mut self, number: usize) {
        self.0.push_str(&number.to_string());
        self.0.push('\n');
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn file(&mut self, file: &InputFile) {
        [&file.name, &file.path, &*file.text].into_iter().for_each(|part| self.text(part));
    }
}

struct Reader<'b>(&'b str);

impl<'b> Reader<'b> {
    fn number(&mut self) -> Option<usize> {
        let (number, rest) = self.0.split_once('\n')?;
        self.0 = rest;
        number.parse().ok()
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = self.number()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest.strip_prefix('\n')?;
        Some(text)
    }

    fn file(&mut self) -> Option<InputFile> {
        let name = self.text()?.to_owned();
        Some(InputFile { name, ..InputFile::new(self.text()?, self.text()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::NotThere;

    #[test]
    fn a_bundle_holds_what_it_was_made_of() {
        let mut root = Root::new(InputFile::new("slo.toml", "name = \"a\""), Vec::new());
        root.folder = PathBuf::from("slo");
        root.files = vec![InputFile::new("a.slo", "package a\n7\n\u{e9}"), InputFile::new("b/b.slo", "")];
        root.baseline = Some(InputFile::new("slo-baseline.toml", "format = 1\n"));
        root.vocabularies = vec![("other".to_owned(), Ok(1)), ("gone".to_owned(), Err(NotThere::BadLock))];
        let other = Root::new(InputFile::new("../other/slo.toml", ""), Vec::new());
        let mut input =
            Input { roots: vec![root, other], data: Some(Box::new(|_, path| Ok(format!("{path}\n")))) };
        let lists = noted(&mut input);
        let asked = input.data.as_ref().map(|data| data(1, "list.txt"));
        assert_eq!(asked, Some(Ok("list.txt\n".to_owned())));
        let bundle = write(&input, &listed(&lists));
        let Some(back) = read(&bundle) else { panic!("{bundle}") };
        assert_eq!(write(&back, &listed(&lists)), bundle);
        let data = back.data.as_ref().map(|data| (data(1, "list.txt"), data(0, "list.txt").is_err()));
        assert_eq!(data, Some((Ok("list.txt\n".to_owned()), true)));
        // Half of one is none, and neither is one with more behind it.
        assert!(bundle.char_indices().all(|(end, _)| read(&bundle[..end]).is_none()));
        assert!(read(&format!("{bundle}0\n")).is_none());
    }

    #[test]
    fn a_bundle_says_which_compiler_checked_it() {
        assert_eq!(unchecked("1\n"), ("1\n", false));
        assert_eq!(unchecked(&checked("1\n")), ("1\n", true));
        assert_eq!(unchecked("checked by slo 0.0.0\n1\n"), ("1\n", false));
        assert_eq!(unchecked("checked by slo"), ("checked by slo", false));
    }
}
