//! The codes of the checks. A code keeps its number and its meaning for good.

use super::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal, $severity:ident, $title:literal;)*) => {
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
        }
    };
}

codes! {
    UnreadableFile = "0001", Error, "a file can't be read";
    NotUtf8 = "0002", Error, "a file is not UTF-8";
    BidirectionalControl = "0003", Error, "a character makes text read otherwise than it is stored";
    ControlCharacter = "0004", Error, "a control character";
    TooLarge = "0005", Error, "something is larger than the language allows";
    OutsideRoot = "0006", Error, "a path leads out of the contract root";

    Unexpected = "0101", Error, "something else was expected";
    NotClosed = "0102", Error, "a bracket or a text is not closed";
    NotOpened = "0103", Error, "a bracket closes nothing";
    UnknownEscape = "0104", Error, "an escape that the language doesn't have";
    TooDeep = "0105", Error, "brackets nest too deep";
    UnknownDeclaration = "0106", Error, "a word that begins no declaration";
    NotInThisRelease = "0107", Error, "a part of the language that this release does not compile";
    DocWithoutItem = "0108", Error, "a doc comment that describes nothing";
    EmptyPart = "0109", Error, "a name with an empty part";

    Manifest = "0201", Error, "`slo.toml` is not as it should be";
    OtherVersion = "0202", Error, "the contract is written for another version of slo";
    UnknownVocabulary = "0203", Error, "a vocabulary that is not there";
    NoPackage = "0204", Error, "a file does not say its package";
    PackageTwice = "0205", Error, "a file says its package twice, or not first";
    MixedPackages = "0206", Error, "a package is not one folder";
    EmptyRoot = "0207", Warning, "the contract root holds no contract";
    UnsoundVocabulary = "0208", Error, "a vocabulary that is not sound";
    OtherSchema = "0209", Note, "the schema URL is of another version than the vocabulary";

    UnknownName = "0301", Error, "an unknown name";
    AmbiguousName = "0302", Error, "a name from two packages";
    Circular = "0303", Error, "something is made of itself";
    DeclaredTwice = "0304", Error, "one name is declared twice";
    UnusedUse = "0305", Warning, "a `use` from which nothing is taken";
    UnknownOption = "0306", Error, "an option that does not exist here";
    OptionTwice = "0307", Error, "an option is given twice";
    OptionValue = "0308", Error, "an option's value is not of its kind";
    AmbiguousWord = "0309", Error, "a word means two things";
    OtherKind = "0310", Error, "a name of something else than is wanted here";
    NearMiss = "0311", Warning, "two names of one meaning differ by a letter";
    LocalName = "0312", Note, "a local name that an attribute has too";
    OldSpelling = "0313", Warning, "an option by a name that it had before";

    TypeConflict = "0401", Error, "one key has two types";
    Collision = "0402", Error, "two keys become one under a target";
    Reserved = "0403", Error, "a key takes a name that the target reserves";
    NestedPrefix = "0404", Error, "a key is both a value and a parent of others under a target that nests";
    Unnameable = "0405", Error, "a target has no name for a key";
    KeyTwice = "0406", Error, "a key stands twice in one container";
    MetricsJoin = "0407", Error, "two metrics become one under a target";
    MetricDiffers = "0408", Error, "one metric has two kinds, units, types of number, sets of buckets or of labels";
    PointsJoin = "0409", Error, "one metric counts twice in an event, and nothing keeps the points apart";
    Unwritable = "0410", Error, "a target has no form for a metric";
    MetricNames = "0411", Error, "one metric has two names under a target";

    Type = "0501", Error, "a value has another type than its key";
    OutOfRange = "0502", Error, "a number is outside its key's range";
    NotAMember = "0503", Error, "a value is no member of its key";
    TooLong = "0504", Error, "a text is longer than its key allows";
    DoesNotMatch = "0505", Error, "a text does not match its key's template";
    RequiredStatic = "0506", Error, "a key is required and static at once";
    TwoSources = "0507", Error, "a key has two sources";
    NoSource = "0508", Error, "a key has no source";
    Widens = "0509", Error, "a key is widened where it may only be narrowed";
    BadTemplate = "0510", Error, "a template is not well formed";
    DefaultWithoutSource = "0511", Error, "a default that nothing asks for";
    Constraint = "0512", Error, "a constraint that does not fit its type";
    BadEnum = "0513", Error, "an enum's members are not told apart";
    NotAnAttribute = "0514", Error, "a type that a resource or scope can't hold";
    OtherMissing = "0515", Error, "a bound without a value for the rest";
    Unit = "0516", Error, "a value has another unit than its metric";
    Convention = "0517", Error, "a metric is not what its declaration says";
    RequiredLabel = "0518", Error, "a metric lacks a label that its declaration requires";
    Measure = "0519", Error, "a metric can't measure this";
    Buckets = "0520", Error, "a histogram's buckets are not as they should be";

    DeprecatedKey = "0601", Warning, "a key is deprecated";
    ConventionNamespace = "0602", Note, "a key is declared in a namespace of the conventions";
    AllowFindsNothing = "0603", Warning, "an `allow` that finds nothing";
    AllowedError = "0604", Error, "an `allow` of something that can't be allowed";
    Placement = "0605", Warning, "a key stands where the conventions don't have it";

    UnusedMetric = "0606", Warning, "a metric that nothing records";
    UnusedField = "0607", Warning, "a field that nothing shows";
    TwoNames = "0608", Note, "a field has two names on two signals, and neither is its own";
    TwoVocabularies = "0609", Note, "a local label has other values on another metric";
    NearlyDeclared = "0610", Note, "a metric's name is nearly that of a declared one";
    NameUnit = "0611", Note, "a metric's name ends in another unit than it has";
    UnfitBuckets = "0612", Note, "a histogram's buckets don't suit what it measures";
    UnitMissing = "0613", Warning, "a number without a unit feeds a metric in a unit of time, size or temperature";
    UnitLeftOut = "0614", Warning, "a metric has no unit, and its declaration has one";

    MissingKey = "0701", Error, "a resource lacks a key that a policy requires";
    DeniedPrefix = "0702", Error, "a key has a prefix that a policy denies";
    UnknownRule = "0703", Error, "a rule that policies don't have";
    TooManyPoints = "0704", Error, "a metric has more points or series than a policy allows";
    DeniedLabel = "0705", Error, "a metric has a label that a policy denies";
    NamePattern = "0706", Error, "a name is not as a policy wants it";
    MissingSignal = "0707", Error, "an event lacks a signal that a policy requires";
    MissingLabel = "0708", Error, "a metric lacks a label that a policy requires";
    DeniedUnit = "0709", Error, "a metric has a unit that a policy denies";
    Undeclared = "0710", Error, "no vocabulary declares a metric or a key, and a policy wants that";
    Levels = "0711", Error, "a severity stands beside a status that a policy keeps apart";

    BadTag = "0801", Error, "a derive attribute is not as it should be";
    UnknownContainer = "0802", Error, "a struct is held to something that the contract doesn't declare";
    MissingField = "0803", Error, "a required key has no field";
    FieldType = "0804", Error, "a field's type can't hold its key's values";
    NotEqual = "0805", Error, "a tag repeats the contract, and differs";
    NoContract = "0806", Error, "there is no contract to hold a struct to";
    StructsCollide = "0807", Error, "two structs of one crate disagree about a key";
    NotTheProgram = "0808", Error, "a field gives what is not the program's to say";

    Ambiguous = "0901", Error, "two variants can't be told apart on a signal";
    TwoBlank = "0902", Error, "two variants show nothing on a signal";
    BlankOptional = "0903", Error, "what is absent and what shows nothing can't be told apart";
    PayloadLost = "0904", Error, "a payload that no signal writes";
    TwoLevels = "0905", Error, "two meanings of one event both set the severity or the status";
    MergesNothing = "0906", Warning, "a `lossy` whose variants are told apart";
    TextsAlike = "0907", Error, "two logs without a name and without keys whose texts may be the same";
    TextAlone = "0908", Note, "logs that only their texts tell apart";

    Incomplete = "1001", Error, "a variant does not say how it shows on a signal";

    PointsExceeded = "1101", Error, "a metric has more points than it says";
    Unbounded = "1102", Error, "a label, or a part of a span's name, without a bound";
    NeedsBound = "1103", Error, "a metric with many points does not say how many it may have";
    ConventionUnbounded = "1104", Warning, "a label that the convention lists has no bound";
    Sensitive = "1105", Error, "something sensitive is shown";
    TellsNothing = "1106", Warning, "a label that shows the same for every value";

    NotCarried = "1201", Error, "a metric carries what the event's span or log does not";
    LeftOut = "1202", Note, "a metric counts records that the logs or the span leave out";
    TwoLogs = "1203", Note, "two logs of an event write one record";

    ConstantCondition = "1301", Error, "a `when` that every record passes, or none";
    NoSeverity = "1302", Error, "a log record may have no severity";
    Misplaced = "1303", Error, "something that has no place here";
    Empty = "1304", Error, "a meaning, a view or an event with nothing in it";
    BadDate = "1305", Error, "a date that is none";
    Unset = "1306", Error, "an `unset` that can't hold";
    BadName = "1307", Error, "a name that begins with a small letter";

    RefusedName = "1401", Error, "OpenTelemetry's SDK refuses a metric's name";
    RefusedUnit = "1402", Error, "OpenTelemetry's SDK refuses a metric's unit";
    SameButForCase = "1403", Error, "two metrics of one scope differ in capitals only";
    BelowZero = "1404", Error, "a metric takes nothing below zero, and what it measures may be";
    NeverRuns = "1405", Error, "a metric counts what generated code can't begin, or begins in another scope";
    TooManyForRust = "1406", Error, "something has more parts than generated Rust can number";
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.id())
    }
}

impl Code {
    /// The code that is shown as `id`.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.id() == id)
    }
}
