//! Whether a value is one of a domain's, as the runtime asks it.

use slo_model::{Key, Member, Unfit, Value, ValueType};

use super::{Domain, Literal};

impl Domain {
    /// Whether a value keeps the domain's constraints.
    pub(crate) fn fit(&self, value: &Value<'_>) -> Result<(), Unfit> {
        let members: Option<Vec<Member<'_>>> = self.members.as_ref().map(|members| {
            let wires = members.iter().filter_map(|member| match &member.wire {
                Literal::String(text) => Some(slo_model::Literal::String(text)),
                Literal::Int(number) => Some(slo_model::Literal::Int(*number)),
                _ => None,
            });
            wires.map(|wire| Member { name: "", wire }).collect()
        });
        let except: Vec<slo_model::Literal<'_>> = self
            .except
            .iter()
            .filter_map(|number| match number {
                Literal::Int(number) => Some(slo_model::Literal::Int(*number)),
                Literal::Double(number) => Some(slo_model::Literal::Double(*number)),
                _ => None,
            })
            .collect();
        let key = Key {
            except: &except,
            members: members.as_deref(),
            open: self.open,
            range: self.range.map(Into::into),
            max_length: self.max_length,
            ..Key::new("", self.value.value_type().unwrap_or(ValueType::Any), "")
        };
        key.check(value)
    }
}
