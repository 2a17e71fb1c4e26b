//! Dashboards of Grafana, as it exports them.

use std::collections::BTreeMap;

use crate::json::Value;
use crate::limits;
use crate::query::{At, Readers, shown};

type Object<'t> = BTreeMap<String, Value<'t>>;

/// Reads the dashboard of a file of JSON. Whether it holds one is the answer.
pub(crate) fn read(text: &str, file: usize, readers: &mut Readers) -> bool {
    let whole = match Value::of(text) {
        Ok(whole) => whole,
        Err((start, why)) => {
            readers.unread(At { file, range: start..start }, why);
            return false;
        }
    };
    let top = whole.object();
    // The API wraps it, and so do those who keep dashboards as resources of Kubernetes; a library panel is a `model`.
    let inner = ["dashboard", "spec", "model"].into_iter().find_map(|key| {
        let inner = top.get(key).filter(|inner| inner.is_object())?.object();
        is_dashboard(&inner).then_some(inner)
    });
    let Some(dashboard) = (if is_dashboard(&top) { Some(top) } else { inner }) else { return false };
    let title =
        dashboard.get("title").and_then(|title| title.text()).unwrap_or_else(|| "without a title".to_owned());
    let mut reading = Reading { file, readers, title: shown(&title), datasources: BTreeMap::new() };
    reading.dashboard(&dashboard);
    true
}

fn is_dashboard(object: &Object<'_>) -> bool {
    ["panels", "rows", "targets", "elements"].iter().any(|key| object.contains_key(*key))
}

struct Reading<'r> {
    file: usize,
    readers: &'r mut Readers,
    title: String,
    /// Variables that are data sources, with the kind of each.
    datasources: BTreeMap<String, String>,
}

/// Whether a data source is a Prometheus.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Prometheus,
    Unsaid,
    Other,
}

impl Reading<'_> {
    fn at(&self, value: Value<'_>) -> At {
        At { file: self.file, range: value.range() }
    }

    fn dashboard(&mut self, dashboard: &Object<'_>) {
        let variables = list(dashboard.get("templating"), "list");
        self.inputs(dashboard, &variables);
        for variable in &variables {
            self.variable(variable);
        }
        for annotation in list(dashboard.get("annotations"), "list") {
            let name = annotation.get("name").and_then(|name| name.text()).unwrap_or_default();
            let by = format!("the annotation `{}` of the dashboard `{}`", shown(&name), self.title);
            let source = self.source(annotation.get("datasource"), Source::Unsaid);
            if source != Source::Other {
                // Later versions of Grafana keep it in a target, as a panel does.
                let target = annotation.get("target").map(|target| target.object()).unwrap_or_default();
                self.expression(annotation.get("expr").or_else(|| target.get("expr")), &by);
            }
        }
        if let Some(elements) = dashboard.get("elements") {
            let why = format!("the dashboard `{}` is of the newer schema, which isn't read", self.title);
            self.readers.unread(self.at(*elements), why);
        }
        if dashboard.contains_key("targets") {
            self.panel(dashboard, 0);
        }
        for row in dashboard.get("rows").map(|rows| rows.list()).unwrap_or_default() {
            self.panels(row.object().get("panels").copied(), 1);
        }
        self.panels(dashboard.get("panels").copied(), 0);
    }

    /// The variables and inputs that stand for data sources.
    fn inputs(&mut self, dashboard: &Object<'_>, variables: &[Object<'_>]) {
        let word = |object: &Object<'_>, key: &str| object.get(key).and_then(|value| value.text());
        let inputs = dashboard.get("__inputs").map(|inputs| inputs.list()).unwrap_or_default();
        let inputs = inputs.into_iter().map(Value::object);
        let inputs = inputs.filter_map(|input| Some((word(&input, "name")?, word(&input, "pluginId")?)));
        let variables = variables.iter().filter(|one| word(one, "type").as_deref() == Some("datasource"));
        let variables = variables.filter_map(|one| Some((word(one, "name")?, word(one, "query")?)));
        self.datasources = inputs.chain(variables).collect();
    }

    fn source(&self, said: Option<&Value<'_>>, otherwise: Source) -> Source {
        let Some(said) = said else { return otherwise };
        let of_kind = |kind: &str| {
            let is_ours = kind.contains("prometheus") || kind.contains("victoriametrics-metrics");
            if is_ours { Source::Prometheus } else { Source::Other }
        };
        if said.is_object() {
            let object = said.object();
            let kind = object.get("type").and_then(|kind| kind.text());
            return match kind.as_deref() {
                // Of several data sources each target says its own.
                Some("datasource") | None => Source::Unsaid,
                Some(kind) => of_kind(kind),
            };
        }
        let Some(name) = said.text() else { return otherwise };
        let variable = name.trim_start_matches("${").trim_start_matches('$').trim_end_matches('}');
        match self.datasources.get(variable) {
            Some(kind) => of_kind(kind),
            None => Source::Unsaid,
        }
    }

    fn panels(&mut self, panels: Option<Value<'_>>, depth: usize) {
        let Some(panels) = panels else { return };
        if depth > limits::PANELS {
            let why = format!("panels stand in panels deeper than {}", limits::PANELS);
            return self.readers.unread(self.at(panels), why);
        }
        for panel in panels.list() {
            let object = panel.object();
            if let Some(library) = object.get("libraryPanel").filter(|_| !object.contains_key("targets")) {
                match library.object().get("model") {
                    Some(model) => self.panel(&model.object(), depth),
                    None => {
                        let why =
                            format!("a panel of the dashboard `{}` stands in Grafana's library", self.title);
                        self.readers.unread(self.at(*library), why);
                    }
                }
            }
            self.panel(&object, depth);
        }
    }

    fn panel(&mut self, panel: &Object<'_>, depth: usize) {
        let title = panel.get("title").and_then(|title| title.text()).filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| "without a title".to_owned());
        let by = format!("the panel `{}` of the dashboard `{}`", shown(&title), self.title);
        let of_panel = self.source(panel.get("datasource"), Source::Unsaid);
        for target in panel.get("targets").map(|targets| targets.list()).unwrap_or_default() {
            let target = target.object();
            if self.source(target.get("datasource"), of_panel) != Source::Other {
                self.expression(target.get("expr"), &by);
            }
        }
        self.panels(panel.get("panels").copied(), depth + 1);
    }

    fn expression(&mut self, expression: Option<&Value<'_>>, by: &str) {
        let Some(expression) = expression else { return };
        match expression.text() {
            // A target that nobody has filled in yet.
            Some(text) if text.trim().is_empty() => {}
            Some(text) => {
                self.readers.expression(&text, self.at(*expression), by.to_owned(), true);
            }
            None => self.readers.unread(self.at(*expression), format!("`expr` of {by} is no text")),
        }
    }

    fn variable(&mut self, variable: &Object<'_>) {
        let word = |key: &str| variable.get(key).and_then(|value| value.text());
        let source = self.source(variable.get("datasource"), Source::Unsaid);
        if word("type").as_deref() != Some("query") || source == Source::Other {
            return;
        }
        let Some(said) = variable.get("query") else { return };
        let query = said.object().get("query").copied().unwrap_or(*said);
        let Some(text) = query.text() else { return };
        let name = word("name").unwrap_or_default();
        let by = format!("the variable `{}` of the dashboard `{}`", shown(&name), self.title);
        let at = self.at(query);
        if let Some(inner) = call(&text, "label_values") {
            match inner.rsplit_once(',') {
                // The label is asked of what is selected.
                Some((selected, label)) if is_whole(selected) => {
                    let expression = format!("count by ({}) ({selected})", label.trim());
                    self.readers.expression(&expression, at, by, true);
                }
                // Of all series it is asked whether any has the label.
                None if is_whole(inner) => {}
                _ => {
                    self.readers.unread(at, format!("the arguments of `label_values` of {by} can't be read"))
                }
            }
        } else if let Some(inner) = call(&text, "query_result") {
            self.readers.expression(inner, at, by, true);
        } else if call(&text, "label_names").is_some_and(|inner| inner.trim().is_empty())
            || text.trim().is_empty()
        {
            // It asks for no series.
        } else if source == Source::Prometheus
            || ["metrics", "label_names"].iter().any(|function| call(&text, function).is_some())
        {
            let why =
                format!("the query of {by} is neither `label_values` nor `query_result`, and isn't read");
            self.readers.unread(at, why);
        }
    }
}

fn list<'t>(object: Option<&Value<'t>>, key: &str) -> Vec<Object<'t>> {
    let list = object.and_then(|object| object.object().get(key).copied());
    list.map(|list| list.list().into_iter().map(Value::object).collect()).unwrap_or_default()
}

/// What stands in the brackets of a call.
fn call<'t>(text: &'t str, function: &str) -> Option<&'t str> {
    text.trim().strip_prefix(function)?.trim_start().strip_prefix('(')?.trim_end().strip_suffix(')')
}

/// Whether all brackets and quotes of a text are closed in it, so that a comma after it separates arguments.
fn is_whole(text: &str) -> bool {
    let (mut open, mut quote) = (Vec::new(), None);
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some('"' | '\''), '\\') => {
                characters.next();
            }
            (Some(of), end) if of == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(character),
            (None, '{' | '(') => open.push(character),
            (None, '}') if open.pop() != Some('{') => return false,
            (None, ')') if open.pop() != Some('(') => return false,
            (None, _) => {}
        }
    }
    open.is_empty() && quote.is_none()
}
