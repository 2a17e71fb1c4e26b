//! Texts with holes: bodies, names of spans, and what variants say.

use crate::hash::HashMap;

use slo_grammar::Placed;

use super::Lowering;
use super::event::Fields;
use super::writer::{hole_places, template_of};
use crate::ir::draft::{Field, FieldValue, Leaf, TemplatePart, Text, TextPart};

/// What a hole may name.
const PLAIN: &str = "a hole names a field with a plain value";

impl Lowering<'_, '_> {
    /// A text whose holes are fields.
    pub(super) fn template(
        &mut self,
        name: &str,
        empty: &str,
        text: &slo_grammar::Name,
        event: &Fields<'_>,
    ) -> Option<Text> {
        self.text(name, empty, text, &mut |lowering, hole| {
            let found = event.named(&hole.value);
            match found.map(|(_, field)| field) {
                None => {
                    lowering.unknown_field(hole, event);
                }
                Some(Field {
                    value: Leaf::Known(FieldValue::Meaning { .. } | FieldValue::Contexts),
                    node,
                    ..
                }) => {
                    let message = format!("`{}` is no text that could stand in `{name}`", hole.value);
                    lowering.misplaced((hole, hole.place), *node, message, PLAIN);
                }
                Some(Field { value: Leaf::Known(FieldValue::Plain(domain)), node, .. })
                    if domain.value.object().is_some() =>
                {
                    let message = format!("`{}` is an object, which has no text", hole.value);
                    lowering.misplaced((hole, hole.place), *node, message, PLAIN);
                    // What is said of a value in a name is not to be said of this as well.
                    return None;
                }
                Some(_) => {}
            }
            found.map(|(id, _)| id).or_else(|| event.meant(&hole.value))
        })
    }

    /// A text with holes. `find` says what a hole names, and reports where it is nothing; it is asked of each name once.
    pub(super) fn text<I: Copy>(
        &mut self,
        name: &str,
        empty: &str,
        text: &slo_grammar::Name,
        find: &mut dyn FnMut(&mut Self, &slo_grammar::Name) -> Option<I>,
    ) -> Option<Text<I>> {
        let template = template_of(name, text, empty, self.diagnostics)?;
        let mut places = hole_places(text.place, self.sources.text(text.place)).into_iter();
        let mut found: HashMap<String, Option<I>> = HashMap::default();
        let mut parts = Vec::new();
        for part in template.parts {
            let hole = match part {
                TemplatePart::Text(text) => {
                    parts.push(TextPart::Known(text));
                    continue;
                }
                TemplatePart::Hole(hole) | TemplatePart::Key(hole) => hole,
            };
            let place = places.next().unwrap_or(text.place);
            let id = match found.get(&hole) {
                Some(id) => *id,
                None => {
                    let id = find(self, &Placed::new(hole.as_str().into(), place));
                    found.insert(hole, id);
                    id
                }
            };
            parts.extend(id.map(TextPart::Value));
        }
        Some(Text { parts })
    }
}
