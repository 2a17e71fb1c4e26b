//! Why exporters could not be set up.

use std::fmt;

/// Why the exporters could not be set up: everything that is wrong, at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineError {
    problems: Vec<String>,
}

impl PipelineError {
    pub(crate) fn new(problems: Vec<String>) -> PipelineError {
        PipelineError { problems }
    }

    /// What is wrong, a sentence each.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
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
