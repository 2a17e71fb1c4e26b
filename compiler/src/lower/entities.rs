//! What a metric, a span or a log is about: `entities=`.

use slo_grammar::{Expression, Placed, limits};

use super::Lowering;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Entities;
use crate::options::{Options, without_quotes, wrong_kind};

const EXPECTED: &str = "an entity, a list of them, `one_of(…)` or `all_of(…)`";
const EXAMPLE: &str = "such as `entities=k8s.pod`, or `entities=all_of(k8s.pod, host)`";

impl Lowering<'_, '_> {
    /// What `entities=` says of something.
    pub(super) fn entities(&mut self, of: &str, options: &Options<'_>) -> Option<Entities> {
        let value = options.value("entities")?;
        let mut left = limits::ENTITIES;
        match self.combined(value, limits::ENTITY_DEPTH, &mut left) {
            Ok(entities) => Some(entities),
            Err(Some(finding)) => {
                self.diagnostics.push(finding.about(of));
                None
            }
            // The name was reported.
            Err(None) => None,
        }
    }

    fn combined(
        &self,
        value: &Placed<Expression>,
        deep: usize,
        left: &mut usize,
    ) -> Result<Entities, Option<Diagnostic>> {
        let parts = match &value.value {
            Expression::Key(_) => {
                let Some(rest) = left.checked_sub(1) else {
                    let message = format!("`entities` names more than {} entities", limits::ENTITIES);
                    return Err(Some(
                        Diagnostic::new(Code::TooLarge, value.place, message)
                            .help("name those that tell where it comes from"),
                    ));
                };
                *left = rest;
                let declared = self.resolved.declared(value.place).ok_or(None)?;
                return Ok(Entities::Entity(declared.name().to_owned()));
            }
            Expression::List(parts) | Expression::Combination(_, parts) => parts,
            _ => {
                return Err(Some(without_quotes(
                    wrong_kind("entities", value.place, EXPECTED),
                    value,
                    EXAMPLE,
                )));
            }
        };
        let of = match &value.value {
            Expression::Combination(word, _) if word.value == "all_of" => Entities::AllOf,
            Expression::Combination(word, _) if word.value != "one_of" => {
                let message = format!("entities are put together by no `{}`", word.value);
                return Err(Some(
                    Diagnostic::new(Code::OptionValue, word.place, message)
                        .help("write `one_of(…)` or `all_of(…)`"),
                ));
            }
            _ => Entities::OneOf,
        };
        let Some(deep) = deep.checked_sub(1) else {
            let message = format!("`one_of` and `all_of` stand more than {} deep", limits::ENTITY_DEPTH);
            return Err(Some(
                Diagnostic::new(Code::TooDeep, value.place, message)
                    .help("write it by fewer of them: `one_of(a, one_of(b, c))` is `one_of(a, b, c)`"),
            ));
        };
        if parts.is_empty() {
            return Err(Some(wrong_kind("entities", value.place, "at least one entity").help(EXAMPLE)));
        }
        let mut made = Vec::with_capacity(parts.len());
        let mut unknown = false;
        for part in parts {
            match self.combined(part, deep, left) {
                Ok(part) => made.push(part),
                Err(None) => unknown = true,
                Err(finding) => return Err(finding),
            }
        }
        if unknown { Err(None) } else { Ok(of(made)) }
    }
}
