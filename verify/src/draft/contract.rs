//! Writes the contract of a service.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use slo_compiler::accept::baseline;
use slo_compiler::target::File;
use slo_compiler::{Input, InputFile, Root};

use super::guess::{self, Said};
use super::names::{self, Names};
use super::seen::{Scope, Service};
use super::spans::OfScope;
use super::values::{Keys, Values};
use super::{Draft, Drafted};
use crate::judge::habits;

/// What the service's resource is called.
const RESOURCE: &str = "Service";

pub(super) struct Writer<'d> {
    pub(super) draft: &'d Draft,
    pub(super) service: &'d Service,
    /// How each key is said.
    pub(super) said: BTreeMap<&'d str, Said>,
    pub(super) declarations: Names,
    /// The declarations of the scopes, by their names; none of one whose name can't be written.
    pub(super) scopes: BTreeMap<&'d str, String>,
    /// The logs and the metrics that stand in the events of spans.
    pub(super) attached_logs: BTreeSet<usize>,
    pub(super) attached_metrics: BTreeSet<(&'d str, &'d str)>,
    pub(super) left_out: Vec<String>,
}

/// Writes the contract of a service.
pub(super) fn write(draft: &Draft, name: &str, service: &Service, folders: &mut Names) -> Drafted {
    let package = names::package(name);
    let folder = folders.new_name(&package);
    let mut writer = Writer {
        draft,
        service,
        said: BTreeMap::new(),
        declarations: Names::default(),
        scopes: BTreeMap::new(),
        attached_logs: BTreeSet::new(),
        attached_metrics: BTreeSet::new(),
        left_out: Vec::new(),
    };
    writer.learn();
    let (own, libraries): (Vec<_>, Vec<_>) =
        service.scopes.iter().partition(|(name, _)| !habits::is_instrumentation(name));
    let mut used = BTreeSet::new();
    let own_events = writer.events(&own, &mut used);
    let head = writer.head(name, &package, &used);
    let mut used = BTreeSet::new();
    let library_events = writer.events(&libraries, &mut used);
    let mut files = vec![
        File { path: "slo.toml".to_owned(), text: writer.manifest(&package) },
        File { path: format!("{package}.slo"), text: format!("{head}{own_events}") },
    ];
    if !libraries.is_empty() {
        let uses = if writer.uses_conventions(&used) { "use std.otel\n\n" } else { "" };
        let text = format!(
            "//! What libraries and agents send beside the service's own telemetry. It says what was seen: what nobody here answers for may go.\npackage {package}\n\n{uses}{library_events}"
        );
        files.push(File { path: "libraries.slo".to_owned(), text });
    }
    let beyond = service.beyond + service.scopes.values().map(|scope| scope.beyond).sum::<u64>();
    if beyond > 0 {
        writer.left_out.push(format!("{beyond} records of scopes and kinds past those that are told apart"));
    }
    let mut files = formatted(files);
    files.extend(baseline(&files));
    Drafted { folder, files, left_out: writer.left_out }
}

/// What a proof finds of what was seen, taken in as a debt: a draft says what is there.
fn baseline(files: &[File]) -> Option<File> {
    let input = |file: &File| InputFile::new(file.path.as_str(), file.text.as_str());
    let (manifest, contracts) = files.split_first()?;
    let root = Root::new(input(manifest), contracts.iter().map(input).collect());
    let compilation = slo_compiler::compile(&Input { roots: vec![root], ..Input::default() });
    let mut lines = baseline::first(compilation.to_accept(), None);
    for line in &mut lines {
        "it is so in what was recorded".clone_into(&mut line.reason);
    }
    (!lines.is_empty()).then(|| File { path: baseline::FILE_NAME.to_owned(), text: baseline::print(&lines) })
}

/// The files in the style.
fn formatted(files: Vec<File>) -> Vec<File> {
    files
        .into_iter()
        .map(|file| {
            if !file.path.ends_with(".slo") {
                return file;
            }
            let input = InputFile::new(file.path.as_str(), file.text.as_str());
            let texts = slo_compiler::format::format(vec![input]).texts;
            match texts.into_iter().next().flatten() {
                Some(text) => File { path: file.path, text: text.to_string() },
                None => file,
            }
        })
        .collect()
}

impl<'d> Writer<'d> {
    /// Learns how each key is said, from all records that have it.
    fn learn(&mut self) {
        let mut all: BTreeMap<&'d str, Values> = BTreeMap::new();
        let mut take = |keys: &'d Keys| {
            for (key, values) in &keys.keys {
                all.entry(key).or_default().merge(values);
            }
        };
        take(&self.service.resource);
        for scope in self.service.scopes.values() {
            for spans in scope.spans.values().filter_map(|number| self.draft.spans.get(*number)) {
                take(&spans.keys);
                spans.events.values().for_each(|event| take(&event.keys));
            }
            for logs in scope.logs.values().filter_map(|number| self.draft.logs.get(*number)) {
                take(&logs.keys);
            }
            scope.metrics.values().for_each(|metric| take(&metric.labels));
        }
        self.said = all.into_iter().map(|(key, values)| (key, guess::said(key, &values))).collect();
        self.declarations.new_name(RESOURCE);
        for name in self.service.scopes.keys() {
            if !names::is_plain(name) {
                self.left_out
                    .push(format!("the scope `{}`, whose name can't be written", names::comment(name)));
                continue;
            }
            self.attach(self.service.scopes.get(name));
            let last = name.rsplit(['/', ':']).next().unwrap_or(name);
            let wanted = if name.is_empty() { "Unnamed".to_owned() } else { names::declaration(last) };
            let declaration = self.declarations.new_name(&wanted);
            self.scopes.insert(name, declaration);
        }
    }

    /// Gives logs to the spans that they belong to: nine of ten of a kind, or more, name spans of one kind, and none of another.
    fn attach(&mut self, scope: Option<&'d Scope>) {
        let of_spans: BTreeSet<usize> = self
            .service
            .scopes
            .iter()
            .filter(|(name, _)| names::is_plain(name))
            .flat_map(|(_, scope)| scope.spans.values().copied())
            .collect();
        for number in scope.into_iter().flat_map(|scope| scope.logs.values()) {
            let Some(logs) = self.draft.logs.get(*number) else { continue };
            let mut spans = logs.spans.iter();
            if let (Some((span, named)), None) = (spans.next(), spans.next())
                && named * 10 >= logs.records * 9
                && of_spans.contains(span)
            {
                self.attached_logs.insert(*number);
            }
        }
    }

    pub(super) fn said(&self, key: &str) -> Said {
        self.said.get(key).cloned().unwrap_or(Said::Nothing("it wasn't seen"))
    }

    fn uses_conventions(&self, keys: &BTreeSet<String>) -> bool {
        let is_known = |key: &String| {
            matches!(self.said.get(key.as_str()), Some(Said::Conventions(_) | Said::Otherwise { .. }))
        };
        keys.iter().any(is_known)
    }

    fn manifest(&self, package: &str) -> String {
        let language = self.service.language.only();
        let way = match language {
            Some("go") => "go",
            Some("java") => "java",
            Some("python") => "python",
            Some("nodejs" | "webjs") => "javascript",
            Some("rust") => "rust",
            _ => "otlp",
        };
        format!(
            "name = {}\nversion = \"0.1.0\"\n# Who keeps this contract: findings that span packages say whose file to change.\n# owner = \"team-{package}\"\n# The version of the language that it is written for.\nslo = \"0.1\"\ntargets = [\"otlp\", \"prometheus\", \"logs\"]\n\n[vocabularies]\n\"std.otel\" = \"1.44.0\"\n\n[prometheus]\n# By which way points reach the server: \"otlp\", or the text of an exporter.\nways = {{ default = \"{way}\" }}\n\n[logs]\n# Whether each log goes to a store of its own: where it doesn't, a key has one type over all logs.\nseparate_stores = true\n",
            names::string(package)
        )
    }

    /// The beginning of the service's own file: the keys that are declared, and the resource.
    fn head(&mut self, name: &str, package: &str, used: &BTreeSet<String>) -> String {
        let mut text = format!(
            "//! What {} sends, as it was seen: a draft. Guesses and questions are marked: make them what is meant, and take them out.\npackage {package}\n\n",
            if name.is_empty() {
                "a service without a name".to_owned()
            } else {
                format!("`{}`", names::comment(name))
            }
        );
        let mut in_file: BTreeSet<String> = used.clone();
        in_file.extend(self.service.resource.keys.keys().cloned());
        in_file.insert("service.name".to_owned());
        if self.uses_conventions(&in_file) || !self.said.contains_key("service.name") {
            text.push_str("use std.otel\n\n");
        }
        for (key, said) in &self.said {
            match said {
                Said::Declared { text: kind, guess, .. } => {
                    if !guess.is_empty() {
                        let _ = writeln!(text, "// {guess}");
                    }
                    let _ = writeln!(text, "attribute {}: {kind}", names::key(key));
                }
                Said::Nothing(why) => {
                    let _ =
                        writeln!(text, "// question: `{}` came and isn't here: {why}.", names::comment(key));
                    self.left_out.push(format!("`{}`: {why}", names::comment(key)));
                }
                Said::Conventions(_) | Said::Otherwise { .. } | Said::Object(_) => {}
            }
        }
        text.push('\n');
        let resource = &self.service.resource;
        let _ = writeln!(text, "/// The service, as its resource names it.\nresource {RESOURCE} {{");
        let is_named = !name.is_empty() && !name.starts_with("unknown_service") && names::is_plain(name);
        let source = if is_named { format!("static={}", names::string(name)) } else { "required".to_owned() };
        let _ = writeln!(text, "    service.name: {source}");
        for (key, values) in resource.keys.iter().filter(|(key, _)| *key != "service.name") {
            if !matches!(self.said(key), Said::Conventions(_) | Said::Declared { .. }) {
                continue;
            }
            let is_detected =
                ["telemetry.", "host.", "os.", "process.", "container.", "k8s.", "cloud.", "faas."]
                    .iter()
                    .any(|begin| key.starts_with(begin));
            let source = match () {
                () if is_detected => "auto",
                () if values.records == resource.records => "required",
                () => "optional",
            };
            let _ = writeln!(text, "    {}: {source}", names::key(key));
        }
        text.push_str("}\n\n");
        text
    }

    /// Whether a metric that came as text came over OTLP as well, under the name that the text's was made of.
    fn is_of_otlp(&self, scraped: &str) -> bool {
        let folded = |name: &str| -> String {
            name.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '_' }).collect()
        };
        let mut others = self.service.scopes.values().flat_map(|scope| &scope.metrics);
        others.any(|(name, metric)| {
            let name = folded(name);
            !metric.is_scraped
                && scraped
                    .strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })
    }

    /// The scopes with all that was seen of each. `used` are the keys.
    fn events(&mut self, scopes: &[(&'d String, &'d Scope)], used: &mut BTreeSet<String>) -> String {
        let mut text = String::new();
        for (name, scope) in scopes {
            let Some(declaration) = self.scopes.get(name.as_str()).cloned() else { continue };
            if let Some(version) = scope.versions.only() {
                let _ = writeln!(text, "// It came in the version {}.", names::comment(version));
            }
            let _ =
                writeln!(text, "scope {declaration} {{ otel.scope.name: static={} }}\n", names::string(name));
            for ((parts, kind), number) in &scope.spans {
                if let Some(spans) = self.draft.spans.get(*number) {
                    let of = OfScope { name, number: *number };
                    let event = self.spans((of, &declaration), (parts, *kind), spans, used);
                    text.push_str(&event);
                    text.push('\n');
                }
            }
            // Spans of other scopes may have taken them.
            for ((log, _, severity), number) in &scope.logs {
                let logs = self.draft.logs.get(*number).filter(|_| !self.attached_logs.contains(number));
                if let Some(logs) = logs {
                    let event = self.log_alone(&declaration, (log, *severity), logs, used);
                    text.push_str(&event);
                    text.push('\n');
                }
            }
            for (metric, seen) in &scope.metrics {
                let is_there = self.attached_metrics.contains(&(name.as_str(), metric.as_str()))
                    || seen.is_scraped && self.is_of_otlp(metric);
                if !is_there {
                    let event = self.metric_alone(&declaration, metric, seen, used);
                    text.push_str(&event);
                    text.push('\n');
                }
            }
        }
        text
    }
}
