//! `slo lookup`

use std::path::Path;

use slo_compiler::derive::crates;
use slo_compiler::load::{self, LoadError};
use slo_compiler::show::lookup::{Ground, MOST_LETTERS, lookup};
use slo_compiler::{Compilation, Written, compile};

use super::show::width;
use super::{Failure, folder_of};
use crate::Outcome;
use crate::arguments::{Lookup, LookupFormat};
use crate::output;

pub(crate) fn run(asked: &Lookup) -> Result<Outcome, Failure> {
    let text = asked.text.join(" ");
    let letters = text.trim().chars().count();
    if letters == 0 {
        return Err("say what to look up: a name, a part of one, a unit, or words of a description".into());
    }
    if letters > MOST_LETTERS {
        return Err(format!(
            "a text of {letters} characters is no name: at most {MOST_LETTERS} are looked up"
        )
        .into());
    }
    let contract = contract(asked)?;
    let ground = match &contract {
        Some((compilation, structs)) => Ground::of(compilation, structs),
        None => Ground::default(),
    };
    if contract.as_ref().is_some_and(|(compilation, _)| compilation.contract.is_none()) {
        output::aside(
            "slo: too little is known of the contract to look into it; `slo check` shows why. This is what is built in:\n",
        );
    }
    let found = lookup(&ground, &text, usize::from(asked.limit));
    output::result(&match asked.format {
        LookupFormat::Terminal => {
            found.terminal(output::is_colored(asked.color, output::Stream::Out), width())
        }
        LookupFormat::Json => found.json(),
    })?;
    if found.matches.is_empty() {
        output::aside("slo: nothing has a name, a unit or a description like this\n");
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Sound)
}

/// The contract that was named, or the one of this folder, if it is in one. What is wrong with structs is not asked: they are read
/// for their keys.
fn contract(asked: &Lookup) -> Result<Option<(Compilation, Vec<Written>)>, Failure> {
    let root = match &asked.root {
        Some(root) => folder_of(root),
        None => match load::find_root(Path::new(".")) {
            Ok(root) => root,
            Err(LoadError::NoRoot(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        },
    };
    let compilation = compile(&load::load(&root)?);
    let structs = compilation.manifest.as_ref().map(|manifest| crates::written(&root, manifest));
    Ok(Some((compilation, structs.unwrap_or_default())))
}
