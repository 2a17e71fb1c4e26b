//! What the compiler has to say about a contract.

mod code;
mod limit;
pub mod render;
mod reported;

pub use code::{Class, Code};
pub(crate) use limit::Limit;
pub use limit::MOST_SHOWN;
pub(crate) use reported::Reported;
use slo_grammar::{FileId, Place};

use crate::measure::Count;
use crate::source::SourceMap;
use crate::text::in_sight;

/// How much weight a finding has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something worth knowing.
    Note,
    /// Something that should be changed, or allowed with a reason.
    Warning,
    /// Something that makes the contract unsound.
    Error,
}

impl Severity {
    /// The severity's name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Which check found it.
    pub code: Code,
    /// Its weight.
    pub severity: Severity,
    /// All keys and names that it is about: by these, the code and the number it is accepted, whatever its text and place.
    pub names: Vec<String>,
    /// How many there are of what it counts.
    pub number: Option<u64>,
    /// Whether it leaves a part of the contract unknown, whatever its code.
    pub(crate) is_invalid: bool,
    /// Whether a rule of a vocabulary finds it, which changes nothing that is made.
    pub(crate) is_of_house: bool,
    /// The finding behind which it stands, by its code and place: it is told where that one is accepted, for what would be done
    /// about that mends this, too.
    pub(crate) behind: Option<Box<(Code, Place)>>,
    /// The rule of a vocabulary that finds it: its name and its place.
    pub(crate) rule: Option<(String, Place)>,
    /// What is wrong, in one line.
    pub message: String,
    /// Where, the primary place first.
    pub labels: Vec<Label>,
    /// What else to know.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// Changes that are certain to be right.
    pub fixes: Vec<Fix>,
    /// Whose file to change, where the finding spans packages of several owners.
    pub owner: Option<String>,
    /// Of how many others it stands in the place, past what is shown; 0 for a finding of its own.
    pub more: usize,
}

/// A place with what there is to say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The place.
    pub place: Place,
    /// What there is to say of it; may be empty.
    pub text: String,
}

/// A change of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What is replaced.
    pub place: Place,
    /// By what.
    pub replacement: String,
}

impl Diagnostic {
    /// A finding at `place`, with the severity that its code has.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            names: Vec::new(),
            number: None,
            is_invalid: false,
            is_of_house: false,
            behind: None,
            rule: None,
            message: in_sight(message),
            labels: vec![Label { place, text: String::new() }],
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
            owner: None,
            more: 0,
        }
    }

    /// Says what there is to say of the primary place.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Diagnostic {
        if let Some(label) = self.labels.first_mut() {
            label.text = in_sight(text);
        }
        self
    }

    /// Whether it is told only where another finding is accepted, and that one isn't.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.behind.is_some()
    }

    /// Adds another place.
    #[must_use]
    pub fn and(mut self, place: Place, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { place, text: in_sight(text) });
        self
    }

    /// Adds another place, if there is one.
    #[must_use]
    pub fn and_maybe(self, place: Option<Place>, text: impl Into<String>) -> Diagnostic {
        match place {
            Some(place) => self.and(place, text),
            None => self,
        }
    }

    /// Adds a name that the finding is about.
    #[must_use]
    pub fn about(mut self, name: impl Into<String>) -> Diagnostic {
        let name = name.into();
        if !self.names.contains(&name) {
            self.names.push(name);
        }
        self
    }

    /// Adds names that the finding is about, but for empty ones.
    #[must_use]
    pub(crate) fn about_all<N: AsRef<str>>(self, names: impl IntoIterator<Item = N>) -> Diagnostic {
        let names = names.into_iter().filter(|name| !name.as_ref().is_empty());
        names.fold(self, |finding, name| finding.about(name.as_ref()))
    }

    /// Says how many there are of what the finding counts. What can't be counted is another thing than any number.
    #[must_use]
    pub(crate) fn counting(mut self, count: Count) -> Diagnostic {
        match count {
            Count::Finite(number) => self.number = Some(number),
            Count::Unlimited => self.names.push("unlimited".to_owned()),
        }
        self
    }

    /// Says how many there are, if that is a number.
    #[must_use]
    pub(crate) fn counting_maybe(mut self, number: Option<u64>) -> Diagnostic {
        self.number = number.or(self.number);
        self
    }

    /// Marks a finding that leaves a part of the contract unknown.
    #[must_use]
    pub(crate) fn invalid(mut self) -> Diagnostic {
        self.is_invalid = true;
        self
    }

    /// Marks a finding of a vocabulary's rule.
    #[must_use]
    pub(crate) fn of_house(mut self) -> Diagnostic {
        self.is_of_house = true;
        self
    }

    /// What it says of the contract.
    #[must_use]
    pub const fn class(&self) -> Class {
        if self.is_invalid { Class::Invalid } else { self.code.class() }
    }

    /// How a policy accepts it.
    #[must_use]
    pub fn acceptance(&self) -> String {
        let names = self.names.iter().map(|name| crate::text::spelled(name));
        let parts = names.chain(self.number.map(|number| number.to_string()));
        format!("allow {}: {}, \"why\"", self.code, parts.collect::<Vec<_>>().join(", "))
    }

    /// Says what to do, and how the finding is accepted where it is meant: after all that it is about.
    #[must_use]
    pub(crate) fn help_or_allow(self, help: &str) -> Diagnostic {
        let help = format!("{help}: `{}`", self.acceptance());
        self.help(help)
    }

    /// Says how the finding is accepted, too, where that isn't said.
    #[must_use]
    pub(crate) fn or_allow(self) -> Diagnostic {
        match self.help.clone() {
            Some(help) if help.contains("`allow ") => self,
            Some(help) => self.help_or_allow(&format!("{help}; if that is how it is")),
            None => self.help_or_allow("if that is how it is"),
        }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(in_sight(help));
        self
    }

    /// Says what else to know.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(in_sight(note));
        self
    }

    /// Adds a change that is certain to be right.
    #[must_use]
    pub fn fix(mut self, place: Place, replacement: impl Into<String>) -> Diagnostic {
        self.fixes.push(Fix { place, replacement: replacement.into() });
        self
    }

    /// Gives the finding another weight than its code has.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Diagnostic {
        self.severity = severity;
        self
    }

    /// Where the finding is, first of all.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.labels.first().map(|label| label.place)
    }
}

/// Puts findings into the order of the text, takes repeated ones out, and says whose file to change where labels
/// stand in roots of several owners; `own` is the manifest of the contract that was judged.
pub(crate) fn arrange(diagnostics: &mut Vec<Diagnostic>, sources: &SourceMap, own: FileId) {
    let sort = |diagnostics: &mut Vec<Diagnostic>| {
        crate::sort::by(diagnostics, |left, right| {
            let key = |one: &Diagnostic| (one.place(), one.code);
            key(left).cmp(&key(right)).then_with(|| left.message.cmp(&right.message))
        });
    };
    sort(diagnostics);
    diagnostics.dedup();
    limit::show(diagnostics);
    sort(diagnostics);
    for diagnostic in diagnostics {
        let owner = |label: &Label| sources.file(label.place.file).and_then(|file| file.owner.clone());
        let primary = diagnostic.labels.first().and_then(owner);
        if diagnostic.owner.is_none() && diagnostic.labels.iter().any(|label| owner(label) != primary) {
            diagnostic.owner = primary.or_else(|| sources.file(own).and_then(|file| file.owner.clone()));
        }
    }
}
