//! Policies.

use pest::iterators::Pair;

use super::{Read, Reader, docs};
use crate::parse::Rule;
use crate::tree::{Policy, PolicyEntry};

impl Reader {
    pub(super) fn policy(&self, pair: Pair<'_, Rule>) -> Read<Policy> {
        let docs = docs(&pair);
        let place = self.place(&pair);
        let mut name = None;
        let mut entries = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::policy_entry => {
                    for inner in inner.into_inner() {
                        match inner.as_rule() {
                            Rule::house_rule => {
                                let options = self.options_in(&inner)?;
                                entries.push(PolicyEntry::Rule { name: self.only_key(inner)?, options });
                            }
                            Rule::allow => entries.push(self.allow(inner)?),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(Policy { docs, name: self.found(name, place)?, entries })
    }

    fn allow(&self, pair: Pair<'_, Rule>) -> Read<PolicyEntry> {
        let place = self.place(&pair);
        let (mut code, mut name, mut reason) = (None, None, None);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => code = Some(self.name(inner)?),
                Rule::key => name = Some(self.name(inner)?),
                Rule::string => reason = Some(self.string(inner)?),
                _ => {}
            }
        }
        Ok(PolicyEntry::Allow {
            code: self.found(code, place)?,
            name: self.found(name, place)?,
            reason: self.found(reason, place)?,
        })
    }
}
