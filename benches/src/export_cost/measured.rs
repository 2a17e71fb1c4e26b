//! What was measured of a set-up, in all of its turns.

use super::turn::KINDS;

/// What was measured of a set-up, in all of its turns.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Nanoseconds an event, of groups that were timed as a whole.
    whole: [Vec<f64>; KINDS.len()],
    /// Nanoseconds of events that were timed one by one.
    single: [Vec<f64>; KINDS.len()],
    pub(crate) recorded: u64,
    /// How many the receiver has.
    pub(crate) arrived: u64,
}

impl Measured {
    /// Nothing is measured yet of so many events.
    pub(crate) fn of(recorded: u64) -> Measured {
        Measured { recorded, ..Measured::default() }
    }

    /// Takes what one thread measured.
    pub(crate) fn add(&mut self, other: Measured) {
        for kind in 0..KINDS.len() {
            self.whole[kind].extend(&other.whole[kind]);
            self.single[kind].extend(&other.single[kind]);
        }
        self.recorded += other.recorded;
    }

    pub(crate) fn whole(&mut self, kind: usize, nanoseconds: f64) {
        self.whole[kind].push(nanoseconds);
    }

    pub(crate) fn single(&mut self, kind: usize, nanoseconds: f64) {
        self.single[kind].push(nanoseconds);
    }

    /// A program hands it to the one that started it.
    pub(crate) fn write(&self) -> String {
        let mut text = format!("{}\n", self.recorded);
        for figures in self.whole.iter().chain(&self.single) {
            let figures: Vec<String> = figures.iter().map(|figure| format!("{figure:.0}")).collect();
            text.push_str(&figures.join(" "));
            text.push('\n');
        }
        text
    }

    /// Takes what a program wrote.
    pub(crate) fn read(&mut self, text: &str) {
        let mut lines = text.lines();
        self.recorded += lines.next().unwrap().parse::<u64>().unwrap();
        for (figures, line) in self.whole.iter_mut().chain(&mut self.single).zip(lines) {
            figures.extend(line.split(' ').map(|figure| figure.parse::<f64>().unwrap()));
        }
    }

    /// The median of the nanoseconds an event.
    pub(crate) fn median(&self, kind: usize) -> f64 {
        quantile(&self.whole[kind], 0.5)
    }

    /// The 99.9th percentile of single events.
    pub(crate) fn tail(&self, kind: usize) -> f64 {
        quantile(&self.single[kind], 0.999)
    }
}

fn quantile(figures: &[f64], share: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
