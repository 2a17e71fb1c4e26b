//! Writes a contract down.

use std::fmt::{self, Display, Write};

use slo_model::names::MetricKind;

use crate::proofs::model::{
    ATTRIBUTES, Attribute, Block, CONVENTION, CONVENTION_LABELS, CONVENTION_UNIT, Change, Contract, Domain,
    Event, Face, Field, Holds, Instrument, Item, LINES, Literal, Log, Lossy, Meaning, Member, Metric, OTHER,
    Pair, PairValue, Passes, Promise, SCOPES, Scalar, Signal, Span, Test, Variant, View,
};

/// Shown as the text that is compiled, so that a failure shows what to compile.
pub(crate) struct Shown(pub Contract);

impl fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.text())
    }
}

/// What of a contract stands in vocabularies.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    /// So many of the attributes, from the first.
    pub(crate) attributes: usize,
    pub(crate) convention: bool,
    pub(crate) scopes: bool,
    /// So many of the meanings, from the first, where all attributes are moved.
    pub(crate) meanings: usize,
    /// Whether the views of these go with them.
    pub(crate) views: bool,
}

impl Contract {
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text).expect("a String takes everything");
        text
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        self.root(out, "shop", &[])?;
        attributes(out, ATTRIBUTES)?;
        convention(out)?;
        scopes(out)?;
        self.faces(out, &self.meanings, &self.views)?;
        self.rest(out)
    }

    /// The same contract over several roots: what of it stands in vocabularies, and the rest.
    pub(crate) fn text_over_roots(&self, moved: &Moved) -> String {
        let mut text = String::new();
        self.write_over_roots(&mut text, moved).expect("a String takes everything");
        text
    }

    fn write_over_roots(&self, out: &mut String, moved: &Moved) -> fmt::Result {
        // What can't be seen from a vocabulary can't be used there.
        let (moved_attributes, left_attributes) = ATTRIBUTES.split_at(moved.attributes.min(ATTRIBUTES.len()));
        let whole = left_attributes.is_empty();
        let meanings = if whole { moved.meanings.min(self.meanings.len()) } else { 0 };
        let (moved_meanings, left_meanings) = self.meanings.split_at(meanings);
        let (moved_views, left_views): (Vec<View>, Vec<View>) =
            self.views.iter().cloned().partition(|view| moved.views && view.of < meanings);
        self.root(out, "keys", &[])?;
        attributes(out, moved_attributes)?;
        if whole && moved.convention {
            convention(out)?;
        }
        if moved.scopes {
            scopes(out)?;
        }
        self.root(out, "house", &["keys"])?;
        self.faces(out, moved_meanings, &moved_views)?;
        self.root(out, "shop", &["keys", "house"])?;
        attributes(out, left_attributes)?;
        if !(whole && moved.convention) {
            convention(out)?;
        }
        if !moved.scopes {
            scopes(out)?;
        }
        self.faces(out, left_meanings, &left_views)?;
        self.rest(out)
    }

    /// How a root begins, and what it stands on.
    fn root(&self, out: &mut String, name: &str, on: &[&str]) -> fmt::Result {
        let folder = if name == "shop" { String::new() } else { format!("{name}/") };
        writeln!(out, "=== {folder}slo.toml ===")?;
        self.manifest(out, name, on)?;
        writeln!(out, "=== {folder}lines.txt ===\n{}", LINES.join("\n"))?;
        writeln!(out, "=== {folder}{name}.slo ===\npackage {name}\n")?;
        on.iter().try_for_each(|other| writeln!(out, "use {other}"))
    }

    fn faces(&self, out: &mut String, meanings: &[Meaning], views: &[View]) -> fmt::Result {
        for meaning in meanings {
            self.meaning(out, meaning)?;
        }
        for view in views {
            self.view(out, view)?;
        }
        Ok(())
    }

    fn rest(&self, out: &mut String) -> fmt::Result {
        for event in &self.events {
            self.event(out, event)?;
        }
        for observed in &self.observed {
            let points = observed.points.map_or(String::new(), |points| format!(", points={points}"));
            let list = list_block(observed.keys.iter().map(|key| (*key).to_owned()));
            writeln!(out, "metric {} in {}: gauge, observed{points}{list}", observed.name, SCOPES[0])?;
        }
        for running in &self.running {
            let event = &self.events[running.event];
            let list = list_block(running.fields.iter().map(|field| event.fields[*field].name.clone()));
            writeln!(out, "metric {}: updowncounter, while={}{list}", running.name, event.name)?;
        }
        Ok(())
    }

    fn manifest(&self, out: &mut String, name: &str, on: &[&str]) -> fmt::Result {
        let mut targets = vec!["\"otlp\""];
        targets.extend(self.prometheus.then_some("\"prometheus\""));
        targets.extend(self.logs.then_some("\"logs\""));
        writeln!(out, "name = \"{name}\"\nversion = \"1.0.0\"\nslo = \"0.1\"")?;
        writeln!(out, "targets = [{}]\n", targets.join(", "))?;
        writeln!(out, "[prometheus]\ntranslation_strategy = \"{}\"", self.strategy)?;
        writeln!(out, "promote_resource_attributes = {:?}", self.promoted)?;
        if self.prometheus {
            writeln!(out, "ways = {{ default = {:?} }}", self.way.name())?;
        }
        writeln!(out, "\n[logs]\nseparate_stores = {}\n", self.separate_stores)?;
        writeln!(out, "[vocabularies]")?;
        on.iter().try_for_each(|other| writeln!(out, "{other} = {{ path = \"../{other}\" }}"))
    }

    fn meaning(&self, out: &mut String, meaning: &Meaning) -> fmt::Result {
        writeln!(out, "meaning {} {{", meaning.name)?;
        if let Some(spread) = meaning.spread {
            writeln!(out, "    ...{}", self.meanings[spread].name)?;
        }
        for variant in &meaning.variants {
            let payload = variant.payload.iter().map(|payload| match payload.attribute {
                Some(key) => format!("{}: {key}", payload.name),
                None => format!("{}: {}", payload.name, Type(payload.domain)),
            });
            let payload: Vec<String> = payload.collect();
            let payload =
                if payload.is_empty() { String::new() } else { format!("({})", payload.join(", ")) };
            let mut items = Vec::new();
            if let Some(pairs) = &variant.all {
                items.push(format!("all {{ {} }}", pairs_text(pairs, variant)));
            }
            items.extend(signals(&variant.blocks, variant.severity, variant.status, variant));
            writeln!(out, "    {}{payload} \"it happened\"{}", variant.name, block(&items))?;
        }
        self.lossy(out, &meaning.lossy, Face::Own(self.number(meaning)))?;
        writeln!(out, "}}\n")
    }

    fn number(&self, meaning: &Meaning) -> usize {
        self.meanings.iter().position(|other| other.name == meaning.name).unwrap_or_default()
    }

    fn view(&self, out: &mut String, view: &View) -> fmt::Result {
        writeln!(out, "view {} of {} {{", view.name, self.meanings[view.of].name)?;
        let variants = self.variants(view.of);
        for Change { variant, blocks, severity, status } in &view.changes {
            let variant = variants[*variant];
            let items = signals(blocks, *severity, *status, variant);
            writeln!(out, "    {}{}", variant.name, block(&items))?;
        }
        self.lossy(out, &view.lossy, Face::Own(view.of))?;
        writeln!(out, "}}\n")
    }

    fn lossy(&self, out: &mut String, lossy: &[Lossy], face: Face) -> fmt::Result {
        let variants = self.variants(self.meaning_of(face));
        for Lossy { signal, variants: merged } in lossy {
            let names: Vec<&str> = merged.iter().map(|variant| variants[*variant].name.as_str()).collect();
            writeln!(out, "    lossy {} {{ {} }} \"one is enough\"", signal.name(), names.join(", "))?;
        }
        Ok(())
    }

    pub(crate) fn meaning_of(&self, face: Face) -> usize {
        match face {
            Face::Own(meaning) => meaning,
            Face::View(view) => self.views[view].of,
        }
    }

    /// The variants of a meaning, those first that it takes in.
    pub(crate) fn variants(&self, meaning: usize) -> Vec<&Variant> {
        let meaning = &self.meanings[meaning];
        let spread = meaning.spread.map(|other| self.variants(other)).unwrap_or_default();
        spread.into_iter().chain(&meaning.variants).collect()
    }

    fn event(&self, out: &mut String, event: &Event) -> fmt::Result {
        if let Some(promise) = event.span.as_ref().and_then(|span| span.of.as_ref()) {
            writeln!(out, "{}\n", promised(event, promise))?;
        }
        writeln!(out, "event {} in {} {{", event.name, event.scope)?;
        for field in &event.fields {
            writeln!(out, "    {}", self.field(field))?;
        }
        for metric in &event.metrics {
            writeln!(out, "    {}", self.metric(event, metric))?;
        }
        for (number, log) in event.logs.iter().enumerate() {
            writeln!(out, "    {}", self.log(event, number, log))?;
        }
        if let Some(span) = &event.span {
            writeln!(out, "    {}", self.span(event, span))?;
        }
        for one in &event.span_events {
            let when = self.when(event, &one.when);
            let options = when.strip_prefix(", ").map_or(String::new(), |when| format!(": {when}"));
            writeln!(out, "    span event \"step\"{options}{}", self.list(event, one.items.as_ref()))?;
        }
        writeln!(out, "}}\n")
    }

    fn field(&self, field: &Field) -> String {
        let mut type_of = match field.holds {
            Holds::Meaning { meaning, .. } => self.meanings[meaning].name.clone(),
            Holds::Attribute(attribute) => attribute.key.to_owned(),
            Holds::Plain(domain) => Type(domain).to_string(),
        };
        if field.optional {
            let at = type_of.find(',').unwrap_or(type_of.len());
            type_of.insert(at, '?');
        }
        if let Holds::Meaning { face: Face::View(view), .. } = field.holds {
            let _ = write!(type_of, " via {}", self.views[view].name);
        }
        if let Some(constant) = field.constant {
            let _ = write!(type_of, " = {}", Source(constant));
        }
        let narrowed = field.narrowed.map(options).unwrap_or_default();
        let clear = if field.clear { ", clear" } else { "" };
        format!("{}: {type_of}{narrowed}{clear}", field.name)
    }

    fn metric(&self, event: &Event, metric: &Metric) -> String {
        let Instrument { kind, unit, measures, buckets } = &metric.instrument;
        let mut text = format!("metric {}: {}", metric.name, keyword(*kind));
        if !unit.is_empty() {
            let _ = write!(text, ", unit=\"{unit}\"");
        }
        if *measures {
            text.push_str(", value=elapsed");
        }
        match kind {
            MetricKind::Histogram => {
                let _ = write!(text, ", buckets={buckets:?}");
            }
            MetricKind::ExponentialHistogram => text.push_str(", exponential"),
            _ => {}
        }
        for (name, bound) in [("points", metric.points), ("limit", metric.limit)] {
            if let Some(bound) = bound {
                let _ = write!(text, ", {name}={bound}");
            }
        }
        text + &self.when(event, &metric.when) + &self.list(event, Some(&metric.items))
    }

    fn log(&self, event: &Event, number: usize, log: &Log) -> String {
        let severity = log.severity.map_or(String::new(), |severity| format!("{severity}, "));
        let max = if log.max { ", severity=max" } else { "" };
        let hole = hole(event, log.hole);
        let (when, list) = (self.when(event, &log.when), self.list(event, log.items.as_ref()));
        format!(
            "log {}.done{number}: {severity}body=\"done{hole}\"{max}{when}{list}",
            event.name.to_lowercase()
        )
    }

    fn span(&self, event: &Event, span: &Span) -> String {
        let hole = hole(event, span.hole);
        let max = if span.max { ", status=max" } else { "" };
        let (when, list) = (self.when(event, &span.when), self.list(event, span.items.as_ref()));
        let of = span.of.as_ref().map_or(String::new(), |_| format!(" of {}", promised_name(event)));
        format!("span \"work{hole}\"{of}: internal{max}{when}{list}")
    }

    fn when(&self, event: &Event, tests: &[Test]) -> String {
        let tests: Vec<String> = tests.iter().map(|test| self.test(event, test)).collect();
        if tests.is_empty() { String::new() } else { format!(", when=({})", tests.join(" and ")) }
    }

    fn test(&self, event: &Event, test: &Test) -> String {
        let field = &event.fields[test.field];
        let names: Vec<String> = match (field.holds, field.domain()) {
            (Holds::Meaning { meaning, .. }, _) => {
                self.variants(meaning).iter().map(|variant| variant.name.clone()).collect()
            }
            (_, domain) => domain.map(member_names).unwrap_or_default(),
        };
        let words = |passing: &[usize]| {
            let words: Vec<&str> = passing.iter().map(|member| names[*member].as_str()).collect();
            words.join(", ")
        };
        match &test.passes {
            Passes::Is(member) => format!("{} == {}", field.name, names[*member]),
            Passes::In(passing) => format!("{} in [{}]", field.name, words(passing)),
            Passes::NotIn(failing) => format!("{} not in [{}]", field.name, words(failing)),
            Passes::Present => format!("{} present", field.name),
        }
    }

    fn list(&self, event: &Event, items: Option<&Vec<Item>>) -> String {
        let Some(items) = items else { return String::new() };
        list_block(items.iter().map(|item| match item {
            Item::Constant { key, value } => format!("{key} = {}", Source(*value)),
            Item::Field { field, key, face } => {
                let key = key.map_or(String::new(), |key| format!(" as {key}"));
                let via = match face {
                    Some(Face::View(view)) => format!(" via {}", self.views[*view].name),
                    Some(Face::Own(meaning)) => format!(" via {}", self.meanings[*meaning].name),
                    None => String::new(),
                };
                format!("{}{via}{key}", event.fields[*field].name)
            }
        }))
    }
}

fn attributes(out: &mut String, attributes: &[Attribute]) -> fmt::Result {
    attributes.iter().try_for_each(|attribute| {
        let sensitive = if attribute.sensitive { ", sensitive" } else { "" };
        writeln!(out, "attribute {}: {}{sensitive}", attribute.key, Type(attribute.domain))
    })
}

fn convention(out: &mut String) -> fmt::Result {
    let labels: Vec<String> =
        CONVENTION_LABELS.iter().map(|key| format!("    {key} recommended\n")).collect();
    writeln!(out, "metric {CONVENTION}: counter, unit=\"{CONVENTION_UNIT}\" {{\n{}}}", labels.concat())
}

fn scopes(out: &mut String) -> fmt::Result {
    SCOPES.iter().try_for_each(|scope| writeln!(out, "scope {scope} {{}}"))?;
    writeln!(out)
}

fn list_block(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { " {}".to_owned() } else { format!(" {{ {} }}", items.join(", ")) }
}

fn hole(event: &Event, field: Option<usize>) -> String {
    field.map_or(String::new(), |field| format!(" {{{}}}", event.fields[field].name))
}

fn block(items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = items.iter().map(|item| format!("        {item}\n")).collect();
    format!(" {{\n{}    }}", lines.concat())
}

fn signals(
    blocks: &[Block; 3],
    severity: Option<&str>,
    status: Option<&str>,
    variant: &Variant,
) -> Vec<String> {
    let headers = [None, severity, status];
    let mut items = Vec::new();
    for (signal, (block, header)) in Signal::ALL.into_iter().zip(blocks.iter().zip(headers)) {
        let name = signal.name();
        let header = header.map_or(String::new(), |header| format!(" {header}"));
        match block {
            Block::Unsaid if header.is_empty() => {}
            Block::Unsaid => items.push(format!("{name}{header}")),
            Block::None => items.push(format!("{name} none")),
            Block::Pairs(pairs) if pairs.is_empty() => items.push(format!("{name}{header} {{}}")),
            Block::Pairs(pairs) => items.push(format!("{name}{header} {{ {} }}", pairs_text(pairs, variant))),
        }
    }
    items
}

fn pairs_text(pairs: &[Pair], variant: &Variant) -> String {
    let texts = pairs.iter().map(|Pair { key, value }| match value {
        PairValue::Constant(literal) => format!("{key} = {}", Source(*literal)),
        PairValue::Payload(payload) => format!("{key} = {}", variant.payload[*payload].name),
        PairValue::PayloadText(payload) => format!("{key} = to_string({})", variant.payload[*payload].name),
    });
    texts.collect::<Vec<_>>().join(", ")
}

fn keyword(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "counter",
        MetricKind::UpDownCounter => "updowncounter",
        MetricKind::Gauge => "gauge",
        MetricKind::Histogram | MetricKind::ExponentialHistogram => "histogram",
    }
}

fn member_names(domain: Domain) -> Vec<String> {
    match domain {
        Domain::Bool => vec!["false".to_owned(), "true".to_owned()],
        Domain::Enum(members) | Domain::Open(members) => {
            members.iter().map(|member| member.name.to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// A domain as a type with its options.
struct Type(Domain);

impl Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = |members: &[Member]| {
            let texts = members.iter().map(|Member { name, wire }| format!("{name} = {wire:?}"));
            texts.collect::<Vec<_>>().join(", ")
        };
        match self.0 {
            Domain::Enum(list) => write!(out, "enum {{ {} }}", members(list)),
            Domain::Open(list) => write!(out, "enum {{ {} }}, open", members(list)),
            Domain::Duration => write!(out, "duration(s)"),
            Domain::Bool => write!(out, "bool"),
            domain if domain.scalar() == Scalar::Int => write!(out, "int{}", options(domain)),
            domain => write!(out, "string{}", options(domain)),
        }
    }
}

/// What narrows a type to a domain.
fn options(domain: Domain) -> String {
    match domain {
        Domain::Ints(low, high) => format!(", range={low}..={high}"),
        Domain::Holes(low, high, except) => format!(", range={low}..={high}, except={except:?}"),
        Domain::OnlyInts(only) => format!(", only={only:?}"),
        Domain::Only(only) => format!(", only={only:?}"),
        Domain::Bounded(values) => format!(", bounded={values}, other={OTHER:?}"),
        Domain::Lines => ", values=\"lines.txt\"".to_owned(),
        Domain::Enum(_) => format!(", only=[{}]", member_names(domain).join(", ")),
        _ => String::new(),
    }
}

struct Source(Literal);

impl Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Literal::Text(text) => write!(out, "{text:?}"),
            Literal::Int(number) => write!(out, "{number}"),
            Literal::Bool(truth) => write!(out, "{truth}"),
            Literal::Member(member) => write!(out, "{}", member.name),
        }
    }
}

/// The name of the declared span that an event's is one of.
fn promised_name(event: &Event) -> String {
    format!("{}.span", event.name.to_lowercase())
}

fn promised(event: &Event, promise: &Promise) -> String {
    let kind = (!promise.kind.is_empty()).then_some(promise.kind);
    let options: Vec<&str> = kind.into_iter().chain(promise.closed.then_some("closed")).collect();
    let options = if options.is_empty() { String::new() } else { format!(": {}", options.join(", ")) };
    let required = promise.required.iter().map(|key| format!("{key} required"));
    let listed = promise.listed.iter().map(|key| (*key).to_owned());
    let keys: Vec<String> = required.chain(listed).collect();
    format!("span {}{options} {{ {} }}", promised_name(event), keys.join(", "))
}
