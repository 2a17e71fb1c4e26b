//! What the program understands.

#[cfg(feature = "verify")]
mod verify;
#[cfg(feature = "verify")]
mod ways;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use slo_compiler::show::lookup::MOST_MATCHES;

#[cfg(feature = "verify")]
pub(crate) use verify::Verify;
#[cfg(feature = "verify")]
pub(crate) use ways::Ways;

/// Checks telemetry contracts and generates code from them.
#[derive(Debug, Parser)]
#[command(name = "slo", version, about, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The folder to make.
    #[arg(default_value = "slo")]
    pub(crate) path: PathBuf,
    /// Draft the contract from the telemetry in these files, and folders of them; `-` is standard input. Names, types, units and kinds are what was
    /// seen; domains are guesses, and marked, and what can't be told is a question. Several services become a root each, in a workspace.
    #[cfg(feature = "verify")]
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) from: Vec<PathBuf>,
    #[cfg(feature = "verify")]
    #[command(flatten)]
    pub(crate) ways: Ways,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a contract root: `slo.toml`, a first contract, and `.gitattributes`.
    New(New),
    /// Check contracts, the structs of the crates that their `slo.toml` names, and whether contracts contradict each other.
    Check(Check),
    /// Keep the findings that are accepted as a debt, in `slo-baseline.toml`.
    Baseline {
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// Generate files from a contract.
    Build(Build),
    /// Bring the vocabularies and the fleet that `slo.toml` names in repositories and archives, and lock their revisions.
    #[cfg(feature = "fetch")]
    Fetch(Fetch),
    /// Make a contract root of what is written in another format.
    #[cfg(feature = "weaver")]
    Import {
        #[command(subcommand)]
        command: ImportCommand,
    },
    /// Write what a contract declares in another format.
    #[cfg(feature = "weaver")]
    Export {
        #[command(subcommand)]
        command: ExportCommand,
    },
    /// Put contract files into the one style of the language.
    Fmt(Fmt),
    /// Say what a change of a contract breaks, and for whom.
    Diff(Diff),
    /// Hold telemetry in any language to a contract: what is recorded in files, comes over OTLP, or stands at an endpoint.
    #[cfg(feature = "verify")]
    Verify(Box<Verify>),
    /// Show what a contract says of a name, signal by signal.
    Show(Show),
    /// Look up what a name may be: keys, metrics, spans, logs, entities, meanings and events, of the contract and of what is built in.
    Lookup(Lookup),
    /// Explain the code of a finding: what it means, what becomes of it in operation, a wrong and a right example.
    Explain(Explain),
    /// Print a shell's completions.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Contract roots, or a workspace: folders with `slo.toml`, or folders that have it as `slo`; or indexes of contracts.
    /// Looked for from here upwards if not given. Of a workspace of which these are members, all members are known, and these
    /// findings are said.
    #[arg(value_name = "ROOT")]
    pub(crate) roots: Vec<PathBuf>,
    /// Say findings of those members alone that changed since this revision of git.
    #[arg(long, value_name = "REV", conflicts_with = "roots")]
    pub(crate) changed_since: Option<String>,
    /// Accept all errors and warnings of today in `slo-baseline.toml`, where there is no such file yet; else take out of it what
    /// is gone, and add nothing.
    #[arg(long)]
    pub(crate) write_baseline: bool,
    /// With `--format sarif`, list what is accepted too, as suppressed by `allow` or by the baseline.
    #[arg(long)]
    pub(crate) with_accepted: bool,
    /// The day that it is, for what is accepted until a day; this machine's, in UTC, if not given.
    #[arg(long, value_name = "DAY")]
    pub(crate) today: Option<String>,
    /// Say too what the Prometheus rules and Grafana dashboards below this folder ask for and no member writes.
    #[cfg(feature = "readers")]
    #[arg(long, value_name = "DIR", conflicts_with_all = ["write_baseline", "changed_since"])]
    pub(crate) readers: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) findings: Findings,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Accept one finding of `slo check` more.
    Add(AddToBaseline),
}

#[derive(Debug, Args)]
pub(crate) struct AddToBaseline {
    /// The finding's code, such as `SLO0402`.
    pub(crate) code: String,
    /// Names that the finding is about: as many as tell it from the others of its code.
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
    /// Why it is accepted.
    #[arg(long)]
    pub(crate) reason: String,
    /// The day until which it is to be mended, such as `2027-06-30`.
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
    /// The day that it is, which `--until` must not be before; this machine's, in UTC, if not given.
    #[arg(long, value_name = "DAY")]
    pub(crate) today: Option<String>,
    /// The folder of rules and dashboards of which it is found, for what `slo check --readers` finds.
    #[cfg(feature = "readers")]
    #[arg(long, value_name = "DIR")]
    pub(crate) readers: Option<PathBuf>,
    /// The run of which it is found, for what `slo verify --save` kept.
    #[cfg(feature = "verify")]
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<PathBuf>,
    /// The contract root. Looked for from here upwards if not given.
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    #[command(flatten)]
    pub(crate) root: Root,
    /// What to generate.
    #[arg(long, value_enum, required_unless_present = "template", conflicts_with = "template")]
    pub(crate) target: Option<BuildTarget>,
    /// A folder of templates to make files with, for languages without a target of their own.
    #[arg(long, value_name = "DIR", requires = "out")]
    pub(crate) template: Option<PathBuf>,
    /// The folder to write into. IR, plan and index go to standard output without it.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing; say whether what is on disk is up to date.
    #[arg(long, requires = "out")]
    pub(crate) check: bool,
    /// Write over files that slo did not generate.
    #[arg(long, requires = "out", conflicts_with = "check")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) findings: Findings,
}

/// Checks and builds never fetch. Git is the system's own, with your credentials, and asks for nothing.
#[cfg(feature = "fetch")]
#[derive(Debug, Args)]
pub(crate) struct Fetch {
    /// Contract roots, or workspaces: folders with `slo.toml`, or folders that have it as `slo`. Looked for from here upwards if
    /// not given. A member stands for its workspace, whose members have one lock.
    #[arg(value_name = "ROOT")]
    pub(crate) roots: Vec<PathBuf>,
    /// Move to what tags name today, and tell which findings that brings: of all that is named, or of these names in `slo.toml` or `slo.lock`.
    #[arg(long, value_name = "NAME", num_args = 0..)]
    pub(crate) update: Option<Vec<String>>,
    /// Put the files into the repository, into `slo-vendor` beside `slo.lock`, so that nobody who has it needs to fetch.
    #[arg(long)]
    pub(crate) vendor: bool,
    /// Write nothing; tell what would be locked, and which findings that would bring.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long a request to a repository or an archive may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,
}

#[cfg(feature = "weaver")]
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// A registry in the format of OpenTelemetry Weaver. What a contract can't say is listed, with its file and line.
    Weaver(ImportWeaver),
}

#[cfg(feature = "weaver")]
#[derive(Debug, Args)]
pub(crate) struct ImportWeaver {
    /// The folder with the registry's files.
    #[arg(value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// The folder to write the contract root to.
    #[arg(long, value_name = "ROOT")]
    pub(crate) out: PathBuf,
    /// What the packages' names begin with; made of the registry's name if not given.
    #[arg(long, value_name = "PREFIX")]
    pub(crate) name: Option<String>,
    /// Where a registry is that this one depends on: its name, or the last part of it, and a folder. Holds over what the
    /// manifest says.
    #[arg(long = "dependency", value_name = "NAME=DIR")]
    pub(crate) dependencies: Vec<String>,
    /// Write no sentence of the registry: no docs, no examples, no words of conditions and reasons.
    #[arg(long)]
    pub(crate) no_docs: bool,
    /// Write over files that are there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Write nothing; tell what would be written, and what can't be.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[cfg(feature = "weaver")]
#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// A registry in the newer form of OpenTelemetry Weaver: attributes, and the metrics, spans, logs and entities that are declared
    /// for others. What a registry can't say is listed, with its file and line.
    Weaver(ExportWeaver),
}

#[cfg(feature = "weaver")]
#[derive(Debug, Args)]
pub(crate) struct ExportWeaver {
    #[command(flatten)]
    pub(crate) root: Root,
    /// The folder to write the registry's files to.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Write over files that are there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Write nothing; tell what would be written, and what can't be.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Files, and folders with all contract files in them; `-` is standard input, whose text goes to standard output. The
    /// contract root of this folder if none is given.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing; name the files that are not in the style, and the first line of each that differs.
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// Ends with 0 where nothing is broken, 1 where something is, 2 where the request could not be carried out.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The contract before: a contract root, an index of one, a workspace, or `REV:PATH`, one of these in a revision of the git repository of this
    /// folder, with the path from the repository's top, or from here where it begins with `./`.
    pub(crate) old: String,
    /// The contract after, in the same way.
    pub(crate) new: String,
    /// The day that it is, for what goes by `until=`; this machine's, in UTC, if not given.
    #[arg(long, value_name = "DAY")]
    pub(crate) today: Option<String>,
    /// Write the renames that the new contract says by `deprecated=` into this file, as an OpenTelemetry schema file.
    #[arg(long, value_name = "FILE")]
    pub(crate) schema_file: Option<PathBuf>,
    /// Say too which of the Prometheus rules and Grafana dashboards below this folder the change breaks.
    #[cfg(feature = "readers")]
    #[arg(long, value_name = "DIR")]
    pub(crate) readers: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A meaning, a view, an event, a resource or a scope, by its full name or by its own where that is unique; a metric, also
    /// by the name of one of its series; a log or a key. `*` stands for any text: `'payment.*'`.
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) root: Root,
    /// How it is shown.
    #[arg(long, value_enum, default_value_t = ShowFormat::Terminal)]
    pub(crate) format: ShowFormat,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Lookup {
    /// A name, a part of one, one with letters wrong, the name of a series under Prometheus, a unit, or words of a description.
    #[arg(required = true, num_args = 1..=32)]
    pub(crate) text: Vec<String>,
    /// The contract root, the folder with `slo.toml`, or the folder that has it as `slo`. Looked for from here upwards
    /// if not given; where there is none, what is built in is looked up alone.
    #[arg(long, value_name = "ROOT")]
    pub(crate) root: Option<PathBuf>,
    /// How many matches are shown.
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_MATCHES)))]
    pub(crate) limit: u16,
    /// How they are shown.
    #[arg(long, value_enum, default_value_t = LookupFormat::Terminal)]
    pub(crate) format: LookupFormat,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code, as `SLO0401` or `401`.
    #[arg(required_unless_present = "list")]
    pub(crate) code: Option<String>,
    /// List every code with its severity.
    #[arg(long, conflicts_with = "code")]
    pub(crate) list: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct Root {
    /// The contract root, the folder with `slo.toml`, or the folder that has it as `slo`. Looked for from here upwards
    /// if not given.
    #[arg(value_name = "ROOT")]
    pub(crate) root: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Findings {
    #[command(flatten)]
    pub(crate) shown: Shown,
    /// Let warnings fail the run as errors do.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Shown {
    /// How findings are shown.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BuildTarget {
    /// Rust builders and enums, a module per package.
    Rust,
    /// The typed IR as JSON.
    Ir,
    /// What generated code is made of, as JSON, for other languages.
    Plan,
    /// What other contracts must know of it, as one small file of JSON.
    Index,
    /// The static tables of a vocabulary, for the crate that carries it.
    Tables,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShowFormat {
    /// For people at a terminal.
    Terminal,
    /// As GitHub's Markdown.
    Markdown,
    /// As JSON.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LookupFormat {
    /// For people at a terminal.
    Terminal,
    /// As JSON.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    Human,
    /// As rustc shows its own.
    Rustc,
    /// A line for each place.
    Short,
    /// A JSON object a line.
    Json,
    /// SARIF 2.1.0, for GitHub's code scanning and other viewers.
    Sarif,
    /// Commands of a GitHub workflow, which annotate a pull request.
    Github,
    /// A report of GitLab's Code Quality.
    Gitlab,
    /// JUnit's XML, a case for each code in each file.
    Junit,
    /// Markdown, for a comment on a pull request.
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// If a person is looking, and `NO_COLOR` isn't set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
