//! A table before it is written: as Rust, for people and for whoever debugs, or packed into a text (`packed`).

use super::code::{Paths, double, list, text};

/// A part of a table.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Text(String),
    Int(i64),
    Double(f64),
    Bool(bool),
    /// A struct with all of its fields, in the order of its declaration.
    Struct(Kind, Vec<(&'static str, Tree)>),
    /// A key that nobody but an event writes, so that it has no source, no default and no pattern.
    Key(Box<KeyTree>),
    /// A variant of an enum, by its number in the list, with what it holds.
    Variant(&'static Enum, usize, Vec<Tree>),
    /// A variant whose fields have names.
    Named(&'static Enum, usize, Vec<(&'static str, Tree)>),
    List(Vec<Tree>),
    Option(Option<Box<Tree>>),
    /// The table of a meaning or a view, as an expression of type `&'static Meaning<'static>`.
    Meaning(String),
    /// The table of a scope, as an expression of type `&'static Container<'static>`.
    Scope(String),
}

#[derive(Clone, Debug)]
pub(super) struct KeyTree {
    pub(super) name: Tree,
    pub(super) value_type: Tree,
    pub(super) place: Tree,
    pub(super) open: bool,
    pub(super) range: Option<Tree>,
    /// A list, which may be empty.
    pub(super) except: Tree,
    pub(super) max_length: Option<Tree>,
    pub(super) members: Option<Tree>,
}

/// The structs of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bounded,
    Elapsed,
    Event,
    Field,
    Log,
    Lossy,
    Meaning,
    Member,
    Metric,
    Observed,
    Pair,
    Slot,
    Span,
    Test,
    Variant,
    Writer,
}

/// An enum of tables: its name, and its variants in the order in which it declares them.
#[derive(Debug)]
pub(super) struct Enum {
    name: &'static str,
    /// Whether it is one of the tables', rather than of keys and values.
    of_tables: bool,
    variants: &'static [&'static str],
}

macro_rules! enums {
    ($($constant:ident = $name:literal, $of_tables:literal, [$($variant:literal),*];)*) => {
        $(pub(super) static $constant: Enum =
            Enum { name: $name, of_tables: $of_tables, variants: &[$($variant),*] };)*
    };
}

enums! {
    BUCKETS = "Buckets", true, ["None", "Explicit", "Exponential"];
    FIELD_KIND = "FieldKind", true, ["Plain", "Meaning", "Contexts"];
    INSTRUMENT_KIND = "InstrumentKind", true, ["Counter", "UpDownCounter", "Gauge", "Histogram"];
    LITERAL = "Literal", false,
        ["String", "Int", "Double", "Bool", "StringArray", "IntArray", "DoubleArray", "BoolArray"];
    NUMBER_TYPE = "NumberType", true, ["Int", "Double"];
    PAIR_VALUE = "PairValue", true, ["Constant", "Payload", "Text"];
    PASSES = "Passes", true, ["In", "NotIn", "Present"];
    RANGE = "Range", false, ["Int", "Double"];
    SEVERITY = "Severity", true, ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"];
    SHOWN = "Shown", true, ["Unsaid", "None", "Pairs"];
    SIGNAL = "Signal", true, ["Metric", "Log", "Span"];
    SPAN_KIND = "SpanKind", true, ["Internal", "Server", "Client", "Producer", "Consumer"];
    STATUS = "Status", true, ["Unset", "Ok", "Error"];
    TEXT_PART = "TextPart", true, ["Text", "Field"];
    VALUE_TYPE = "ValueType", false,
        ["String", "Int", "Double", "Bool", "StringArray", "IntArray", "DoubleArray", "BoolArray", "Any"];
    WRITER_VALUE = "WriterValue", true, ["Field", "Meaning", "Constant"];
}

impl Tree {
    pub(super) fn text(text: impl Into<String>) -> Tree {
        Tree::Text(text.into())
    }

    /// A number of a field, a variant, or anything else that there are few of.
    pub(super) fn number(number: usize) -> Tree {
        Tree::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }

    pub(super) fn list<T>(values: &[T], each: impl FnMut(&T) -> Tree) -> Tree {
        Tree::List(values.iter().map(each).collect())
    }

    pub(super) fn option(value: Option<Tree>) -> Tree {
        Tree::Option(value.map(Box::new))
    }

    /// A variant that holds nothing.
    pub(super) fn unit(of: &'static Enum, number: usize) -> Tree {
        Tree::Variant(of, number, Vec::new())
    }

    /// The expression.
    pub(super) fn source(&self, paths: Paths<'_>) -> String {
        let fields = |fields: &[(&'static str, Tree)]| {
            let written: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name}: {}", value.source(paths))).collect();
            written.join(", ")
        };
        match self {
            Tree::Text(value) => text(value),
            Tree::Int(number) => number.to_string(),
            Tree::Double(number) => double(*number),
            Tree::Bool(truth) => truth.to_string(),
            Tree::Struct(kind, all) => format!("{} {{ {} }}", kind.path(paths), fields(all)),
            Tree::Key(key) => key.source(paths),
            Tree::Variant(of, number, held) => {
                let path = of.path(*number, paths);
                let held: Vec<String> = held.iter().map(|one| one.source(paths)).collect();
                if held.is_empty() { path } else { format!("{path}({})", held.join(", ")) }
            }
            Tree::Named(of, number, all) => format!("{} {{ {} }}", of.path(*number, paths), fields(all)),
            Tree::List(values) => list(values, |value| value.source(paths)),
            Tree::Option(value) => paths.option(value.as_ref().map(|value| value.source(paths))),
            Tree::Meaning(expression) | Tree::Scope(expression) => expression.clone(),
        }
    }
}

impl KeyTree {
    /// Whether it leaves numbers out.
    fn excepted(&self) -> bool {
        matches!(&self.except, Tree::List(list) if !list.is_empty())
    }

    fn source(&self, paths: Paths<'_>) -> String {
        let some = |value: &Option<Tree>| value.as_ref().map(|value| paths.option(Some(value.source(paths))));
        let none = || paths.option(None);
        let fields = vec![
            ("source", None, format!("{}::Optional", paths.item("Source"))),
            ("default", None, none()),
            ("open", self.open.then(|| "true".to_owned()), "false".to_owned()),
            ("range", some(&self.range), none()),
            ("except", self.excepted().then(|| self.except.source(paths)), "&[]".to_owned()),
            ("max_length", some(&self.max_length), none()),
            ("matches", None, none()),
            ("members", some(&self.members), none()),
        ];
        paths.key_of([&self.name, &self.value_type, &self.place].map(|one| one.source(paths)), fields)
    }
}

impl Kind {
    fn path(self, paths: Paths<'_>) -> String {
        match self {
            Kind::Member => paths.item("Member"),
            kind => paths.table(&format!("{kind:?}")),
        }
    }
}

impl Enum {
    fn path(&self, number: usize, paths: Paths<'_>) -> String {
        let of = if self.of_tables { paths.table(self.name) } else { paths.item(self.name) };
        format!("{of}::{}", self.variants.get(number).unwrap_or(&""))
    }
}
