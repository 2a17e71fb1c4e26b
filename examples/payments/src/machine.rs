//! The machine that figures are from.

use std::fmt;

/// The machine that figures are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// How many cores the program may use.
    pub cores: usize,
    /// The processor, where the system says it.
    pub processor: Option<String>,
    /// The operating system and the architecture.
    pub system: String,
}

impl Machine {
    /// This one.
    #[must_use]
    pub fn this() -> Machine {
        Machine {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: std::fs::read_to_string("/proc/cpuinfo").ok().as_deref().and_then(processor),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        }
    }
}

/// The first processor's model, as Linux has it in `/proc/cpuinfo`.
fn processor(text: &str) -> Option<String> {
    let (_, model) =
        text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == "model name")?;
    let model = model.trim();
    (!model.is_empty()).then(|| model.to_owned())
}

impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = if self.cores == 1 { "core" } else { "cores" };
        write!(formatter, "{} {cores}", self.cores)?;
        if let Some(processor) = &self.processor {
            write!(formatter, ", {processor}")?;
        }
        write!(formatter, ", {}", self.system)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_one_line() {
        let text = "processor\t: 0\nmodel name\t: AMD EPYC 9554P\nflags\t\t: fpu\n\nprocessor\t: 1\nmodel name\t: other\n";
        let mut machine = Machine { cores: 2, processor: processor(text), system: "linux x86_64".to_owned() };
        assert_eq!(machine.to_string(), "2 cores, AMD EPYC 9554P, linux x86_64");
        machine.processor = processor("model name :\n");
        assert_eq!(machine.to_string(), "2 cores, linux x86_64");
    }
}
