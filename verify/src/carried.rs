//! A run whose contracts were changed while it went on.

use crate::coverage::EventSeen;
use crate::report::Report;
use slo_compiler::diagnostic::Severity;

impl Report {
    /// What was seen and found until now, for contracts that took the place of those that judged it: `empty` is the report of a run of these that has seen
    /// nothing. Contracts and events are known by their names. What the former contracts found is a note from now on: whether it still holds,
    /// the next records show.
    #[must_use]
    pub fn carried(self, former: &[String], empty: &Report, names: &[String], when: &str) -> Report {
        let mut carried = Report {
            coverage: empty.coverage.clone(),
            current: empty.current,
            resources: empty.resources.clone(),
            causes: Vec::new(),
            joined: empty.joined.clone(),
            ..self
        };
        let former_of = |contract: usize| {
            let name = names.get(contract)?;
            former.iter().position(|one| one == name)
        };
        let note = format!("found by the contract as it was until {when}");
        for (contract, events) in carried.coverage.iter_mut().enumerate() {
            let Some(was) = former_of(contract) else { continue };
            for (number, event) in events.iter_mut().enumerate() {
                let of_former = self.coverage.get(was).into_iter().flatten().enumerate();
                let same = of_former.into_iter().find(|(_, one)| one.name == event.name);
                let Some((before, seen)) = same else { continue };
                event.take_counts(seen);
                if let Some(joined) = self.joined.get(&(was, before)) {
                    carried.joined.insert((contract, number), *joined);
                }
            }
        }
        for mut cause in self.causes {
            let name = former.get(cause.contract);
            cause.contract = names.iter().position(|one| Some(one) == name).unwrap_or(0);
            cause.node = None;
            cause.severity = Severity::Note;
            if !cause.words.notes.iter().any(|note| note.starts_with("found by the contract as it was")) {
                cause.words.notes.push(note.clone());
            }
            carried.causes.push(cause);
        }
        carried
    }
}

impl EventSeen {
    /// Takes the counts of what has the same name.
    fn take_counts(&mut self, seen: &EventSeen) {
        for record in &mut self.records {
            let same = seen.records.iter().find(|one| one.name == record.name);
            record.count = same.map_or(0, |same| same.count);
        }
        for variant in &mut self.variants {
            let is_same = |one: &&crate::coverage::VariantSeen| {
                (&one.meaning, &one.name) == (&variant.meaning, &variant.name)
            };
            variant.counts = seen.variants.iter().find(is_same).map_or([0; 3], |same| same.counts);
        }
    }
}
