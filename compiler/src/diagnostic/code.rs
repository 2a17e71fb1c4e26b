//! The codes of the checks. A code keeps its number and its meaning for good.

use super::Severity;

/// What a finding says of a contract, and so whether it can be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// No plan can be made of it: nobody can say what a program would write.
    Invalid,
    /// A plan can be made, and something that slo proves does not hold. It can be accepted.
    Unproved,
    /// A plan can be made, all proofs hold, and a rule or a habit is broken. It can be accepted.
    Rule,
}

impl Class {
    /// The class's name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Class::Invalid => "invalid",
            Class::Unproved => "unproved",
            Class::Rule => "rule",
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal, $severity:ident, $class:ident, $title:literal;)*) => {
        /// Which check found something.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $(#[doc = $doc])* $name,)*
        }

        impl Code {
            /// Every code, by its number.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as it is shown, such as `SLO0301`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Code::$name => concat!("SLO", $number),)* }
            }

            /// What the check is about, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// Its page in `docs/codes`, as Markdown: what it means, and what becomes of it that is not mended.
            #[cfg(feature = "human")]
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("../../codes/SLO", $number, ".md")),)* }
            }

            /// The weight of its findings, unless a policy gives them another.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// What its findings say of a contract.
            #[must_use]
            pub const fn class(self) -> Class {
                match self { $(Code::$name => Class::$class,)* }
            }
        }
    };
}

codes! {
    UnreadableFile = "0001", Error, Invalid, "a file can't be read";
    NotUtf8 = "0002", Error, Invalid, "a file is not UTF-8";
    BidirectionalControl = "0003", Error, Invalid, "a character makes text read otherwise than it is stored";
    ControlCharacter = "0004", Error, Invalid, "a control character";
    TooLarge = "0005", Error, Invalid, "something is larger than the language allows";
    OutsideRoot = "0006", Error, Invalid, "a path leads out of the contract root";

    Unexpected = "0101", Error, Invalid, "something else was expected";
    NotClosed = "0102", Error, Invalid, "a bracket or a text is not closed";
    NotOpened = "0103", Error, Invalid, "a bracket closes nothing";
    UnknownEscape = "0104", Error, Invalid, "an escape that the language doesn't have";
    TooDeep = "0105", Error, Invalid, "brackets nest too deep";
    UnknownDeclaration = "0106", Error, Invalid, "a word that begins no declaration";
    NotInThisRelease = "0107", Error, Invalid, "a part of the language that this release does not compile";
    DocWithoutItem = "0108", Error, Invalid, "a doc comment that describes nothing";
    EmptyPart = "0109", Error, Invalid, "a name with an empty part";

    Manifest = "0201", Error, Invalid, "`slo.toml` is not as it should be";
    OtherVersion = "0202", Error, Invalid, "the contract is written for another version of slo";
    UnknownVocabulary = "0203", Error, Invalid, "a vocabulary that is not there";
    NoPackage = "0204", Error, Invalid, "a file does not say its package";
    PackageTwice = "0205", Error, Invalid, "a file says its package twice, or not first";
    MixedPackages = "0206", Error, Invalid, "a package is not one folder";
    EmptyRoot = "0207", Warning, Rule, "the contract root holds no contract";
    UnsoundVocabulary = "0208", Error, Invalid, "a vocabulary that is not sound";
    OtherSchema = "0209", Note, Rule, "the schema URL is of another version than the vocabulary";
    StaleLock = "0210", Error, Invalid, "`slo.lock` or what is vendored doesn't fit `slo.toml`";
    TwoRevisions = "0211", Error, Invalid, "a contract stands on two revisions of one vocabulary";
    Baseline = "0212", Error, Invalid, "the baseline is not as it should be";

    UnknownName = "0301", Error, Invalid, "an unknown name";
    AmbiguousName = "0302", Error, Invalid, "a name from two packages";
    Circular = "0303", Error, Invalid, "something is made of itself";
    DeclaredTwice = "0304", Error, Invalid, "one name is declared twice";
    UnusedUse = "0305", Warning, Rule, "a `use` from which nothing is taken";
    UnknownOption = "0306", Error, Invalid, "an option that does not exist here";
    OptionTwice = "0307", Error, Invalid, "an option is given twice";
    OptionValue = "0308", Error, Invalid, "an option's value is not of its kind";
    AmbiguousWord = "0309", Error, Invalid, "a word means two things";
    OtherKind = "0310", Error, Invalid, "a name of something else than is wanted here";
    NearMiss = "0311", Warning, Rule, "two names of one meaning differ by a letter";
    LocalName = "0312", Note, Rule, "a local name that an attribute has too";
    OldSpelling = "0313", Warning, Rule, "an option by a name that it had before";

    TypeConflict = "0401", Error, Unproved, "one key has two types";
    Collision = "0402", Error, Unproved, "two keys become one under a target";
    Reserved = "0403", Error, Unproved, "a key takes a name that the target reserves";
    NestedPrefix = "0404", Error, Unproved, "a key is both a value and a parent of others under a target that nests";
    Unnameable = "0405", Error, Unproved, "a target has no name for a key";
    KeyTwice = "0406", Error, Invalid, "a key stands twice in one container";
    MetricsJoin = "0407", Error, Unproved, "two metrics become one under a target";
    MetricDiffers = "0408", Error, Unproved, "one metric has two kinds, units, types of number, sets of buckets or of labels";
    PointsJoin = "0409", Error, Unproved, "one metric counts twice in an event, and nothing keeps the points apart";
    Unwritable = "0410", Error, Unproved, "a target has no form for a metric";
    MetricNames = "0411", Error, Unproved, "one metric has two names under a target";

    Type = "0501", Error, Invalid, "a value has another type than its key";
    OutOfRange = "0502", Error, Unproved, "a number is outside its key's range";
    NotAMember = "0503", Error, Invalid, "a value is no member of its key";
    TooLong = "0504", Error, Unproved, "a text is longer than its key allows";
    DoesNotMatch = "0505", Error, Unproved, "a text does not match its key's template";
    RequiredStatic = "0506", Error, Invalid, "a key is required and static at once";
    TwoSources = "0507", Error, Invalid, "a key has two sources";
    NoSource = "0508", Error, Invalid, "a key has no source";
    Widens = "0509", Error, Invalid, "a key is widened where it may only be narrowed";
    BadTemplate = "0510", Error, Invalid, "a template is not well formed";
    DefaultWithoutSource = "0511", Error, Invalid, "a default that nothing asks for";
    Constraint = "0512", Error, Invalid, "a constraint that does not fit its type";
    BadEnum = "0513", Error, Invalid, "an enum's members are not told apart";
    NotAnAttribute = "0514", Error, Invalid, "a type that a resource or scope can't hold";
    OtherMissing = "0515", Error, Invalid, "a bound without a value for the rest";
    Unit = "0516", Error, Unproved, "a value has another unit than its metric";
    Convention = "0517", Error, Unproved, "a metric, a span or a log is not what its declaration says";
    RequiredLabel = "0518", Error, Unproved, "a metric, a span or a log lacks a key that its declaration requires";
    Measure = "0519", Error, Invalid, "a metric can't measure this";
    Buckets = "0520", Error, Invalid, "a histogram's buckets are not as they should be";
    NoIdentity = "0521", Error, Invalid, "nothing tells one entity from another";
    OtherThanDeclared = "0522", Error, Unproved, "another program writes what a key doesn't allow";

    DeprecatedKey = "0601", Warning, Rule, "a key is deprecated";
    ConventionNamespace = "0602", Note, Rule, "a key is declared in a namespace of the conventions";
    AllowFindsNothing = "0603", Warning, Rule, "what is accepted is not found";
    AllowedError = "0604", Error, Invalid, "something is accepted that can't be";
    Placement = "0605", Warning, Rule, "a key stands where the conventions don't have it";

    UnusedMetric = "0606", Warning, Rule, "a metric that nothing records";
    UnusedField = "0607", Warning, Rule, "a field that nothing shows";
    TwoNames = "0608", Note, Rule, "a field has two names on two signals, and neither is its own";
    TwoVocabularies = "0609", Note, Rule, "a local label has other values on another metric";
    NearlyDeclared = "0610", Note, Rule, "a metric's name is nearly that of a declared one";
    NameUnit = "0611", Note, Rule, "a metric's name ends in another unit than it has";
    UnfitBuckets = "0612", Note, Rule, "a histogram's buckets don't suit what it measures";
    UnitMissing = "0613", Warning, Rule, "a number without a unit feeds a metric in a unit of time, size or temperature";
    UnitLeftOut = "0614", Warning, Rule, "a metric has no unit, and its declaration has one";
    DayPast = "0615", Warning, Rule, "the day is past until which something is accepted";
    NotYet = "0616", Warning, Rule, "a name is later than the version of the conventions that is taken in";
    EarlierConventions = "0617", Note, Rule, "of an earlier version of the conventions only the names are known";

    MissingKey = "0701", Error, Rule, "a resource lacks a key that a policy requires";
    DeniedPrefix = "0702", Error, Rule, "a key has a prefix that a policy denies";
    UnknownRule = "0703", Error, Invalid, "a rule that policies don't have";
    TooManyPoints = "0704", Error, Rule, "a metric has more points or series than a policy allows";
    DeniedLabel = "0705", Error, Rule, "a metric has a label that a policy denies";
    NamePattern = "0706", Error, Rule, "a name is not as a policy wants it";
    MissingSignal = "0707", Error, Rule, "an event lacks a signal that a policy requires";
    MissingLabel = "0708", Error, Rule, "a metric lacks a label that a policy requires";
    DeniedUnit = "0709", Error, Rule, "a metric has a unit that a policy denies";
    Undeclared = "0710", Error, Rule, "no vocabulary declares a metric or a key, and a policy wants that";
    Levels = "0711", Error, Rule, "a severity stands beside a status that a policy keeps apart";
    Loosened = "0712", Error, Rule, "a rule or a setting of a vocabulary is loosened";

    BadTag = "0801", Error, Invalid, "a derive attribute is not as it should be";
    UnknownContainer = "0802", Error, Invalid, "a struct is held to something that the contract doesn't declare";
    MissingField = "0803", Error, Invalid, "a required key has no field";
    FieldType = "0804", Error, Invalid, "a field's type can't hold its key's values";
    NotEqual = "0805", Error, Invalid, "a tag repeats the contract, and differs";
    NoContract = "0806", Error, Invalid, "there is no contract to hold a struct to";
    StructsCollide = "0807", Error, Invalid, "two structs of one crate disagree about a key";
    NotTheProgram = "0808", Error, Invalid, "a field gives what is not the program's to say";

    Ambiguous = "0901", Error, Unproved, "two variants can't be told apart on a signal";
    TwoBlank = "0902", Error, Unproved, "two variants show nothing on a signal";
    BlankOptional = "0903", Error, Unproved, "what is absent and what shows nothing can't be told apart";
    PayloadLost = "0904", Error, Unproved, "a payload that no signal writes";
    TwoLevels = "0905", Error, Invalid, "two meanings of one event both set the severity or the status";
    MergesNothing = "0906", Warning, Rule, "a `lossy` whose variants are told apart";
    TextsAlike = "0907", Error, Unproved, "two logs without a name and without keys whose texts may be the same";
    TextAlone = "0908", Note, Rule, "logs that only their texts tell apart";

    Incomplete = "1001", Error, Unproved, "a variant does not say how it shows on a signal";

    PointsExceeded = "1101", Error, Unproved, "a metric has more points than it says";
    Unbounded = "1102", Error, Unproved, "a label, or a part of a span's name, without a bound";
    NeedsBound = "1103", Error, Unproved, "a metric with many points does not say how many it may have";
    ConventionUnbounded = "1104", Warning, Unproved, "a label that the convention lists has no bound";
    Sensitive = "1105", Error, Unproved, "something sensitive is shown";
    TellsNothing = "1106", Warning, Rule, "a label that shows the same for every value";
    Unkept = "1107", Note, Unproved, "a bound that only another program can keep";

    NotCarried = "1201", Error, Unproved, "a metric carries what the event's span or log does not";
    LeftOut = "1202", Note, Unproved, "a metric counts records that the logs or the span leave out";
    TwoLogs = "1203", Note, Rule, "two logs of an event write one record";

    ConstantCondition = "1301", Error, Unproved, "a `when` that every record passes, or none";
    NoSeverity = "1302", Error, Unproved, "a log record may have no severity";
    Misplaced = "1303", Error, Invalid, "something that has no place here";
    Empty = "1304", Error, Invalid, "a meaning, a view or an event with nothing in it";
    BadDate = "1305", Error, Invalid, "a date that is none";
    Unset = "1306", Error, Invalid, "an `unset` that can't hold";
    BadName = "1307", Error, Invalid, "a name that begins with a small letter";

    RefusedName = "1401", Error, Invalid, "OpenTelemetry's SDK refuses a metric's name";
    RefusedUnit = "1402", Error, Invalid, "OpenTelemetry's SDK refuses a metric's unit";
    SameButForCase = "1403", Error, Invalid, "two metrics of one scope differ in capitals only";
    BelowZero = "1404", Error, Invalid, "a metric takes nothing below zero, and what it measures may be";
    NeverRuns = "1405", Error, Invalid, "a metric counts what generated code can't begin, or begins in another scope";
    TooManyForRust = "1406", Error, Invalid, "something has more parts than generated Rust can number";

    FleetMetric = "1501", Error, Unproved, "a metric is not the same in two contracts that meet in a server";
    FleetLabelValues = "1502", Error, Unproved, "a label has other values in two contracts that meet in a server";
    FleetType = "1503", Error, Unproved, "a key has two types in a store in which two contracts meet";
    FleetNested = "1504", Error, Unproved, "a key of one contract is a parent of another's, in a store in which they meet";
    FleetService = "1505", Error, Unproved, "two contracts are one service to every backend";
    BadIndex = "1506", Error, Invalid, "an index of a contract can't be read";
    OtherFleet = "1507", Error, Invalid, "the indexes of the others are not the ones that `slo.toml` names";

    ChangeGone = "1601", Error, Rule, "something that readers of a signal know is gone";
    ChangeType = "1602", Error, Rule, "something that readers of a signal know has another type, unit or kind";
    ChangeUnmet = "1603", Error, Rule, "something is written that readers of a signal could not meet";
    ChangeEmitters = "1604", Error, Rule, "a change breaks programs that record events";
    ChangeSeries = "1605", Error, Rule, "a change breaks rules over series of Prometheus";
    ChangeHarmless = "1606", Note, Rule, "a change that breaks nothing";
    ShortNotice = "1607", Error, Rule, "something goes sooner than a policy allows";

    BadTemplates = "1701", Error, Invalid, "a folder of templates can't be read, or says what can't be done";
    Template = "1702", Error, Invalid, "a template can't be rendered";

    ReaderSeries = "1801", Warning, Rule, "a rule or a panel asks for a series that nobody writes";
    ReaderLabel = "1802", Warning, Rule, "a rule or a panel asks for a label that its series don't have";
    ReaderValue = "1803", Warning, Rule, "a rule or a panel asks for a value that its label never has";
    ReaderBroken = "1804", Error, Rule, "a change takes away what a rule or a panel asks for";
    ReaderUnread = "1805", Note, Rule, "a part of a rule file or a dashboard can't be read";

    TelemetryKeyMissing = "1901", Error, Rule, "telemetry lacks a key that the contract asks for";
    TelemetryType = "1902", Error, Rule, "a key came with a value of another type";
    TelemetryValue = "1903", Error, Rule, "a key came with a value that it can't have";
    TelemetryKey = "1904", Note, Rule, "a key came that the contract doesn't have";
    TelemetryKeyTwice = "1905", Error, Rule, "a key came twice in one record";
    TelemetryEmpty = "1906", Note, Rule, "a key came without a value";
    TelemetryResource = "1911", Error, Rule, "telemetry of the contract's scope comes from a resource that the contract doesn't have";
    TelemetryResources = "1912", Error, Rule, "the signals of one program come from different resources";
    TelemetryProcesses = "1913", Note, Rule, "two processes have one resource";
    TelemetryKind = "1921", Error, Rule, "a metric came with another kind";
    TelemetryUnit = "1922", Error, Rule, "a metric came with another unit";
    TelemetryTemporality = "1923", Error, Rule, "a metric came with another temporality than before, or with none";
    TelemetryNumber = "1924", Error, Rule, "a metric came with numbers of another type";
    TelemetryBuckets = "1925", Error, Rule, "a histogram came with other buckets";
    TelemetryPoints = "1926", Error, Rule, "a metric came with more points than it may have";
    TelemetryOverflow = "1927", Warning, Rule, "points of a metric were folded into the one for the rest";
    TelemetryMetricName = "1928", Error, Rule, "a metric came under another name";
    TelemetryPoint = "1929", Error, Rule, "a point holds what a metric of its kind can't";
    TelemetrySeverity = "1931", Error, Rule, "a log record came with another severity";
    TelemetryStatus = "1932", Error, Rule, "a span came with another status";
    TelemetrySpanKind = "1933", Error, Rule, "a span came with another kind";
    TelemetryTime = "1934", Error, Rule, "a time that can't be";
    TelemetryText = "1935", Error, Rule, "a record came with another text";
    TelemetryEventName = "1936", Error, Rule, "a log record came with another event name, or without one";
    TelemetryCondition = "1937", Error, Rule, "a record came that a `when` rules out";
    TelemetryIdentity = "1938", Error, Rule, "an identifier that can't be";
    TelemetryNoVariant = "1941", Error, Rule, "a record shows no variant of a meaning";
    TelemetryVariants = "1942", Error, Rule, "a record shows several variants of a meaning";
    TelemetryContradiction = "1943", Error, Rule, "the signals of one event say different things";
    TelemetryCut = "1944", Error, Rule, "a value was cut on one signal of an event";
    TelemetryCounts = "1945", Error, Rule, "a metric counted another number of events than came on the other signals";
    TelemetrySecret = "1951", Note, Rule, "values look like secrets";
    TelemetryGuess = "1952", Note, Rule, "a value looks as if it had another unit";
    TelemetryConventions = "1953", Note, Rule, "telemetry does not follow the conventions that its schema URL names";
    TelemetryUncovered = "1961", Error, Rule, "less of the contract was seen than was asked for";
    TelemetryUnread = "1962", Warning, Rule, "a part of the telemetry can't be read";
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.id())
    }
}

impl Code {
    /// Whether it is found of those who read telemetry, who are read only where that is asked for.
    #[must_use]
    pub const fn is_of_readers(self) -> bool {
        use Code::{ReaderBroken, ReaderLabel, ReaderSeries, ReaderUnread, ReaderValue};
        matches!(self, ReaderSeries | ReaderLabel | ReaderValue | ReaderBroken | ReaderUnread)
    }

    /// Whether it is found of telemetry, which is judged only where that is asked for.
    #[must_use]
    pub fn is_of_telemetry(self) -> bool {
        (Code::TelemetryKeyMissing..=Code::TelemetryUnread).contains(&self)
    }

    /// Whether it is found of two contracts that meet, which a contract by itself shows nothing of.
    #[must_use]
    pub fn is_of_fleet(self) -> bool {
        (Code::FleetMetric..=Code::FleetService).contains(&self)
    }

    /// Whether it is found only where that is asked for: of readers, or of telemetry.
    pub(crate) fn is_asked_for(self) -> bool {
        self.is_of_readers() || self.is_of_telemetry()
    }

    /// The code that is shown as `id`.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.id() == id)
    }
}
