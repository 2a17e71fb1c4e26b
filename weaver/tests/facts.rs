//! A registry as facts: the name of each thing, and of each of them what is said, as text.

use std::collections::BTreeMap;

use slo_weaver::{
    About, Association, Attribute, Deprecated, Level, Registry, Role, Signal, SignalLevel, Type, Value,
};

/// The facts of each thing, by `KIND NAME`.
pub(crate) type Facts = BTreeMap<String, BTreeMap<String, String>>;

pub(crate) fn of(registry: &Registry) -> Facts {
    let mut facts = Facts::new();
    for attribute in &registry.attributes {
        facts.insert(format!("attribute {}", attribute.key.value), of_attribute(attribute));
    }
    for group in &registry.groups {
        let mut all = of_signal(&group.signal);
        all.insert("visibility".to_owned(), format!("{:?}", group.visibility).to_lowercase());
        put(&mut all, "display_name", group.display_name.as_ref().map(|name| text(&name.value)));
        facts.insert(format!("group {}", group.signal.id), all);
    }
    for metric in &registry.metrics {
        let mut all = of_signal(&metric.signal);
        all.insert("name".to_owned(), text(&metric.metric));
        all.insert("instrument".to_owned(), text(metric.instrument.value.word()));
        all.insert("unit".to_owned(), text(&metric.unit.value));
        put(&mut all, "value type", metric.value_type().map(text));
        facts.insert(format!("metric {}", metric.signal.id), all);
    }
    for span in &registry.spans {
        let mut all = of_signal(&span.signal);
        all.insert("kind".to_owned(), text(span.kind.value.word()));
        put(&mut all, "name note", span.name_note.as_ref().map(|note| text(&note.value)));
        facts.insert(format!("span {}", span.signal.id), all);
    }
    for event in &registry.events {
        let mut all = of_signal(&event.signal);
        all.insert("name".to_owned(), text(&event.event));
        put(&mut all, "body", event.body.as_ref().map(|body| value(&body.value)));
        facts.insert(format!("event {}", event.signal.id), all);
    }
    for entity in &registry.entities {
        let mut all = of_signal(&entity.signal);
        all.insert("name".to_owned(), text(&entity.signal.name.value));
        facts.insert(format!("entity {}", entity.signal.id), all);
    }
    facts
}

pub(crate) fn put(facts: &mut BTreeMap<String, String>, name: &str, value: Option<String>) {
    if let Some(value) = value {
        facts.insert(name.to_owned(), value);
    }
}

pub(crate) fn text(text: &str) -> String {
    format!("{text:?}")
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Number(value) => format!("{value:?}"),
        Value::Text(value) => text(value),
        Value::List(values) => format!("[{}]", values.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let mut entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key:?}: {}", self::value(value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn of_about(facts: &mut BTreeMap<String, String>, before: &str, about: &About) {
    put(facts, &format!("{before}brief"), about.brief.as_ref().map(|brief| text(&brief.value)));
    put(facts, &format!("{before}note"), about.note.as_ref().map(|note| text(&note.value)));
    put(facts, &format!("{before}stability"), about.stability.as_ref().map(|one| text(one.value.word())));
    put(
        facts,
        &format!("{before}deprecated"),
        about.deprecated.as_ref().map(|one| of_deprecated(&one.value)),
    );
    put(facts, &format!("{before}annotations"), about.annotations.as_ref().map(|one| value(&one.value)));
}

fn of_deprecated(deprecated: &Deprecated) -> String {
    match deprecated {
        Deprecated::Renamed { to, .. } => format!("renamed to {to}: {:?}", deprecated.note()),
        Deprecated::Obsoleted { .. } => format!("obsoleted: {:?}", deprecated.note()),
        Deprecated::Uncategorized { .. } => format!("uncategorized: {:?}", deprecated.note()),
        Deprecated::Unspecified { .. } => format!("unspecified: {:?}", deprecated.note()),
    }
}

fn of_attribute(attribute: &Attribute) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    of_about(&mut facts, "", &attribute.about);
    put(&mut facts, "examples", attribute.examples.as_ref().map(|examples| value(&examples.value)));
    let name = match &attribute.value.value {
        Type::Basic(basic) => basic.name().to_owned(),
        Type::Template(basic) => format!("template[{}]", basic.name()),
        Type::Enum(members) => {
            for (number, member) in members.iter().enumerate() {
                let before = format!("member {} ", member.id);
                facts.insert(format!("{before}value"), value(&member.value));
                facts.insert(format!("{before}number"), number.to_string());
                of_about(&mut facts, &before, &member.about);
            }
            "enum".to_owned()
        }
    };
    facts.insert("type".to_owned(), name);
    facts
}

fn of_signal(signal: &Signal) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    of_about(&mut facts, "", &signal.about);
    put(&mut facts, "refines", signal.refines.as_ref().map(|refines| text(&refines.value)));
    let level = signal.level.as_ref().map(|level| match level.value {
        SignalLevel::Recommended => text("recommended"),
        SignalLevel::OptIn => text("opt_in"),
    });
    put(&mut facts, "level", level);
    put(&mut facts, "entities", signal.associations.as_ref().map(of_association));
    for usage in &signal.uses {
        let before = format!("use {} ", usage.key);
        let level = match &usage.level {
            Level::Required => "required".to_owned(),
            Level::ConditionallyRequired(condition) => format!("conditionally_required {condition:?}"),
            Level::Recommended(None) => "recommended".to_owned(),
            Level::Recommended(Some(condition)) => format!("recommended {condition:?}"),
            Level::OptIn(None) => "opt_in".to_owned(),
            Level::OptIn(Some(condition)) => format!("opt_in {condition:?}"),
        };
        facts.insert(format!("{before}level"), level);
        of_about(&mut facts, &before, &usage.about);
        put(&mut facts, &format!("{before}examples"), usage.examples.as_ref().map(|one| value(&one.value)));
        put(
            &mut facts,
            &format!("{before}sampling"),
            usage.sampling_relevant.as_ref().map(|one| one.value.to_string()),
        );
        put(&mut facts, &format!("{before}tag"), usage.tag.as_ref().map(|one| text(&one.value)));
        let role = usage.role.as_ref().map(|role| match role.value {
            Role::Identifying => text("identifying"),
            Role::Descriptive => text("descriptive"),
        });
        put(&mut facts, &format!("{before}role"), role);
    }
    facts
}

fn of_association(association: &Association) -> String {
    let list = |all: &[Association]| all.iter().map(of_association).collect::<Vec<_>>().join(", ");
    match association {
        Association::Entity(name) => name.value.clone(),
        Association::OneOf(all) | Association::AllOf(all) if all.len() == 1 => of_association(&all[0]),
        Association::OneOf(all) => format!("one_of({})", list(all)),
        Association::AllOf(all) => format!("all_of({})", list(all)),
    }
}
