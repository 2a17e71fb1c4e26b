//! Whether a value is one of a domain's, as the runtime asks it.

use slo_model::{Key, Member, Unfit, Value, ValueType};

use super::{Domain, Literal, Members};

impl Domain {
    /// Whether a value keeps the domain's constraints.
    pub(crate) fn fit(&self, value: &Value<'_>) -> Result<(), Unfit> {
        self.fit_of(value, self.members.as_ref())
    }

    /// The same, whatever members are listed.
    #[cfg(feature = "compare")]
    pub(crate) fn fit_unlisted(&self, value: &Value<'_>) -> Result<(), Unfit> {
        self.fit_of(value, None)
    }

    fn fit_of(&self, value: &Value<'_>, members: Option<&Members>) -> Result<(), Unfit> {
        let members: Option<Vec<Member<'_>>> = members.map(|members| {
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
