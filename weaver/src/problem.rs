//! What is wrong with a registry.

use std::fmt;
use std::path::Path;

use crate::place::Place;

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A file or a folder can't be read.
    File,
    /// A file is no YAML.
    Syntax,
    /// Something is larger than is read.
    Limit,
    /// A field is missing, or its value is not of its form.
    Field,
    /// Something is declared twice.
    Duplicate,
    /// Something is named that nothing declares.
    Unknown,
    /// Groups that stand on each other in a circle.
    Circle,
    /// Something is used that its registry keeps for itself.
    Private,
    /// A registry that this one depends on isn't there.
    Dependency,
    /// Two parties say what can't hold together.
    Conflict,
}

impl Kind {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Syntax => "syntax",
            Kind::Limit => "limit",
            Kind::Field => "field",
            Kind::Duplicate => "duplicate",
            Kind::Unknown => "unknown",
            Kind::Circle => "circle",
            Kind::Private => "private",
            Kind::Dependency => "dependency",
            Kind::Conflict => "conflict",
        }
    }
}

/// Something that is wrong, with the places of all who take part in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind it is.
    pub kind: Kind,
    /// What is wrong, in a line.
    pub message: String,
    /// Where.
    pub place: Place,
    /// The others who take part in it, with what each has to do with it.
    pub others: Vec<(Place, String)>,
    /// What to do.
    pub help: String,
}

impl Problem {
    pub(crate) fn new(
        kind: Kind,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        Problem { kind, message: message.into(), place, others: Vec::new(), help: help.into() }
    }

    /// The same problem, its files named by the way to them through the registry's folder.
    #[must_use]
    pub fn below(&self, folder: &Path) -> Problem {
        let others = self.others.iter().map(|(place, what)| (place.below(folder), what.clone())).collect();
        Problem { place: self.place.below(folder), others, ..self.clone() }
    }

    pub(crate) fn with(mut self, place: Place, what: impl Into<String>) -> Problem {
        self.others.push((place, what.into()));
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}: {}", self.place, self.kind.name(), self.message)?;
        for (place, what) in &self.others {
            write!(formatter, "\n  {place}: {what}")?;
        }
        write!(formatter, "\n  help: {}", self.help)
    }
}

impl std::error::Error for Problem {}
