//! `slo fmt`

use std::io;
use std::path::{Path, PathBuf};

use slo_compiler::format::format;
use slo_compiler::{InputFile, load, save};

use super::{Failure, folder_of};
use crate::Outcome;
use crate::arguments::Fmt;
use crate::output::{self, Stream};

pub(crate) fn run(fmt: &Fmt) -> Result<Outcome, Failure> {
    let from_stream = fmt.paths.iter().any(|path| path == Path::new("-"));
    let files = match fmt.paths.as_slice() {
        [_] if from_stream => vec![load::stream("standard input", io::stdin().lock())],
        _ if from_stream => return Err("`-` stands by itself: standard input is one text".into()),
        [] => contract_files(&[load::find_root(Path::new("."))?])?,
        paths => contract_files(paths)?,
    };
    let formatting = format(files);
    let (diagnostics, sources) = (&formatting.diagnostics, &formatting.sources);
    output::aside(&output::rendered(diagnostics, sources, &fmt.shown, false, Stream::Error));
    output::more(&formatting.diagnostics, &fmt.shown);
    let mut unread = 0;
    let mut changed = 0;
    for ((_, file), text) in formatting.sources.files().zip(&formatting.texts) {
        let Some(text) = text else {
            unread += 1;
            continue;
        };
        if **text != *file.text {
            changed += 1;
            match (fmt.check, from_stream) {
                (true, _) => output::result(&format!("{}:{}\n", file.name, differs(&file.text, text)))?,
                (false, true) => {}
                (false, false) => save::rewrite(Path::new(&file.name), text)?,
            }
        }
        if from_stream && !fmt.check {
            output::result(text)?;
        }
    }
    let count = formatting.texts.len();
    if !from_stream {
        let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let verb = if fmt.check { "not in the style" } else { "written" };
        eprintln!("slo: {files}, {changed} {verb}");
    }
    if unread > 0 {
        eprintln!("slo: what can't be read is left as it is");
    }
    if fmt.check && changed > 0 {
        eprintln!("slo: run `slo fmt` without `--check` to put it into the style");
    }
    let sound = unread == 0 && !(fmt.check && changed > 0);
    Ok(if sound { Outcome::Sound } else { Outcome::Findings })
}

/// The contract files of these paths, in their order.
fn contract_files(paths: &[PathBuf]) -> Result<Vec<InputFile>, Failure> {
    let files = paths.iter().map(|path| load::contract_files(&folder_of(path)));
    Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
}

/// The number of the first line that is not in the style.
fn differs(text: &str, formatted: &str) -> usize {
    let equal = text.lines().zip(formatted.lines()).take_while(|(left, right)| left == right);
    equal.count() + 1
}
