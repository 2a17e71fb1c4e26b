//! Why a pipeline could not be set up.

use std::fmt;

/// The error that a pipeline can't be set up, with everything that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineError {
    problems: Vec<PipelineProblem>,
}

/// One thing that is wrong with the set-up of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PipelineProblem {
    /// No exporter was asked for.
    NoExporter,
    /// Two exporters of a signal have one name, under which counts could not tell them apart.
    SameName {
        /// `log`, `span` or `metric`.
        signal: &'static str,
        /// The name.
        name: &'static str,
    },
    /// A setting of OTLP can't be used.
    Otlp {
        /// A variable of the environment, or a function of [`Otlp`](crate::Otlp).
        setting: &'static str,
        /// What is wrong with it, with the setting as its subject.
        why: String,
    },
    /// The Prometheus endpoint can't listen.
    Endpoint {
        /// Where it was to listen.
        address: String,
        /// What the system says.
        why: String,
    },
    /// A histogram has exponential buckets, which the text that Prometheus scrapes can't hold.
    ExponentialBuckets {
        /// The metric.
        metric: &'static str,
    },
    /// Histograms that the contract doesn't declare are to be exponential, and Prometheus is to scrape them.
    ExponentialDefault,
    /// A thread can't be started.
    Thread {
        /// What the system says.
        why: String,
    },
    /// A telemetry was installed before, and stays.
    AlreadyInstalled,
}

impl PipelineError {
    pub(crate) fn new(problems: Vec<PipelineProblem>) -> PipelineError {
        PipelineError { problems }
    }

    /// What is wrong, in the order in which it was found.
    #[must_use]
    pub fn problems(&self) -> &[PipelineProblem] {
        &self.problems
    }
}

impl From<PipelineProblem> for PipelineError {
    fn from(problem: PipelineProblem) -> PipelineError {
        PipelineError::new(vec![problem])
    }
}

impl fmt::Display for PipelineProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PipelineProblem::NoExporter => {
                formatter.write_str("no exporter was asked for; ask for one, such as `.otlp(Otlp::grpc())`")
            }
            PipelineProblem::SameName { signal, name } => write!(
                formatter,
                "two exporters of signal `{signal}` are called `{name}`, and counts could not tell them apart; give one another name"
            ),
            PipelineProblem::Otlp { setting, why } => write!(formatter, "`{setting}` {why}"),
            PipelineProblem::Endpoint { address, why } => {
                write!(formatter, "nobody can scrape at `{address}`: {why}")
            }
            PipelineProblem::ExponentialBuckets { metric } => write!(
                formatter,
                "`{metric}` has exponential buckets, which the text that Prometheus scrapes can't hold; give it buckets, or send metrics by OTLP alone"
            ),
            PipelineProblem::ExponentialDefault => formatter.write_str(
                "OTLP asks for exponential histograms, which the text that Prometheus scrapes can't hold; leave one of both away",
            ),
            PipelineProblem::Thread { why } => write!(formatter, "a thread can't be started: {why}"),
            PipelineProblem::AlreadyInstalled => slo::AlreadyInstalled.fmt(formatter),
        }
    }
}

impl fmt::Display for PipelineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.problems {
            [one] => write!(formatter, "the pipeline can't be set up: {one}"),
            many => {
                write!(formatter, "the pipeline can't be set up:")?;
                many.iter().try_for_each(|problem| write!(formatter, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for PipelineError {}
