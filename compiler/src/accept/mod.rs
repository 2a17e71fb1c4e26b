//! Findings that are accepted: as a decision, by a policy's `allow`, or as a debt, by a line of the baseline. Either names
//! everything that a finding is about, and its number, so that a finding about one thing more, or of a greater number, is a
//! new one.

pub mod baseline;

use slo_grammar::Place;

use crate::diagnostic::{Class, Code, Diagnostic, Severity};
use crate::hash::{HashMap, HashSet};
use crate::text::{grouped, list};

/// What accepts findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    /// Where it stands.
    pub place: Place,
    /// The findings' code.
    pub code: Code,
    /// All that the findings are about.
    pub names: Vec<String>,
    /// How many there may be of what they count.
    pub number: Option<u64>,
    /// Why they are accepted; empty where nobody said.
    pub reason: String,
    /// What kind it is.
    pub kind: AcceptanceKind,
}

/// What kind of acceptance it is.
#[derive(Clone, Debug, PartialEq)]
pub enum AcceptanceKind {
    /// `allow` in a policy: a decision.
    Allow,
    /// A line of the baseline: a debt.
    Baseline {
        /// Whose debt it is.
        owner: Option<String>,
        /// The day until which it is to be paid, such as `2027-06-30`.
        until: Option<String>,
    },
}

/// A finding that is accepted, with what accepts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The finding.
    pub finding: Diagnostic,
    /// What accepts it.
    pub acceptance: Acceptance,
}

impl Acceptance {
    fn names(&self, name: &str) -> bool {
        self.names.iter().any(|own| is_name(name, own))
    }

    /// Whether it names all that a finding is about.
    fn names_all(&self, finding: &Diagnostic) -> bool {
        finding.names.iter().all(|name| self.names(name)) && finding.names.is_empty() == self.names.is_empty()
    }

    /// Whether a finding counts no more than it accepts.
    fn counts(&self, finding: &Diagnostic) -> bool {
        finding.number.is_none_or(|number| self.number.is_some_and(|most| number <= most))
    }

    fn accepts(&self, finding: &Diagnostic) -> bool {
        finding.code == self.code
            && finding.class() != Class::Invalid
            && finding.more == 0
            && self.names_all(finding)
            && self.counts(finding)
    }

    /// What it is, as a message begins with it.
    fn shown(&self) -> String {
        match self.kind {
            AcceptanceKind::Allow => format!("`allow {}`", self.code),
            AcceptanceKind::Baseline { .. } => format!("the baseline's line of {}", self.code),
        }
    }
}

/// Acceptances, found by the last part of each of their names.
struct Index<'a> {
    list: &'a [Acceptance],
    by_name: HashMap<(Code, &'a str), Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(list: &'a [Acceptance]) -> Index<'a> {
        let mut by_name: HashMap<(Code, &str), Vec<usize>> = HashMap::default();
        for (number, acceptance) in list.iter().enumerate() {
            let mut lasts: Vec<&str> = acceptance.names.iter().map(|name| last_part(name)).collect();
            lasts.sort_unstable();
            lasts.dedup();
            if lasts.is_empty() {
                lasts.push("");
            }
            for last in lasts {
                by_name.entry((acceptance.code, last)).or_default().push(number);
            }
        }
        Index { list, by_name }
    }

    /// Those of a finding's code that share a name with it: the name that the fewest have, as one that accepts it has all.
    fn near(&self, finding: &Diagnostic) -> Vec<(usize, &'a Acceptance)> {
        // What has no names is found by none.
        let lasts = finding.names.iter().map(|name| last_part(name));
        let lasts = lasts.chain(finding.names.is_empty().then_some(""));
        let buckets = lasts.filter_map(|last| self.by_name.get(&(finding.code, last)));
        let fewest = buckets.min_by_key(|numbers| numbers.len()).map_or(&[][..], Vec::as_slice);
        fewest.iter().filter_map(|number| Some((*number, self.list.get(*number)?))).collect()
    }
}

/// Takes out the findings that are accepted among those that are meant, and gives them with the number of what accepts each.
fn take(
    index: &Index<'_>,
    is_meant: &dyn Fn(&Diagnostic) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(usize, Accepted)> {
    let mut accepted = Vec::new();
    diagnostics.retain(|finding| {
        let near = if is_meant(finding) { index.near(finding) } else { Vec::new() };
        // Of several the one that says the least more than this.
        let accepting = near.into_iter().filter(|(_, acceptance)| acceptance.accepts(finding));
        let Some((number, acceptance)) = accepting.min_by_key(|(_, one)| (one.names.len(), one.number))
        else {
            return true;
        };
        accepted.push((number, Accepted { finding: finding.clone(), acceptance: acceptance.clone() }));
        false
    });
    accepted
}

/// Takes out the findings that a vocabulary has accepted of itself, where it is taken in.
pub(crate) fn of_vocabulary(
    acceptances: &[Acceptance],
    is_in_vocabulary: &dyn Fn(&Diagnostic) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Accepted> {
    if acceptances.is_empty() {
        return Vec::new();
    }
    take(&Index::of(acceptances), is_in_vocabulary, diagnostics).into_iter().map(|(_, one)| one).collect()
}

/// What became of what a root accepts.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    /// The findings that are accepted.
    pub(crate) accepted: Vec<Accepted>,
    /// What accepts nothing here and stays: its finding has grown, or is one of readers, which are read later or not at all.
    pub(crate) outgrown: Vec<Acceptance>,
}

/// Takes out the findings that a root accepts, says of the others what is new about them, and reports what accepts nothing, but for what is
/// found elsewhere.
pub(crate) fn apply(
    acceptances: &[Acceptance],
    diagnostics: &mut Vec<Diagnostic>,
    is_elsewhere: fn(Code) -> bool,
) -> Applied {
    if acceptances.is_empty() {
        return Applied::default();
    }
    let index = Index::of(acceptances);
    let accepted = take(&index, &|_| true, diagnostics);
    let mut used: HashMap<usize, Vec<&Diagnostic>> = HashMap::default();
    for (number, one) in &accepted {
        used.entry(*number).or_default().push(&one.finding);
    }
    // Those of which a finding is left that has grown.
    let mut grown: HashSet<usize> = HashSet::default();
    let (mut reports, mut outgrown) = (Vec::new(), Vec::new());
    for finding in diagnostics.iter_mut() {
        // What accepts another finding isn't less than this one.
        let near = index.near(finding).into_iter().filter(|(number, _)| !used.contains_key(number));
        let near = near
            .max_by_key(|(_, acceptance)| finding.names.iter().filter(|name| acceptance.names(name)).count());
        let Some((number, acceptance)) = near else { continue };
        if grown.insert(number) {
            reports.extend(new_about(acceptance, finding));
        }
    }
    // Where something can't be read, checks may have passed over what is accepted.
    let is_whole = !diagnostics
        .iter()
        .any(|finding| finding.class() == Class::Invalid && finding.severity == Severity::Error);
    for (number, acceptance) in acceptances.iter().enumerate() {
        match used.get(&number) {
            None if grown.contains(&number) || is_elsewhere(acceptance.code) => {
                outgrown.push(acceptance.clone())
            }
            None if is_whole => reports.push(finds_nothing(acceptance, diagnostics)),
            Some(findings) if is_whole => reports.extend(names_too_much(acceptance, findings)),
            _ => {}
        }
    }
    diagnostics.append(&mut reports);
    Applied { accepted: accepted.into_iter().map(|(_, one)| one).collect(), outgrown }
}

/// Takes out what the one contract that is held to others accepts of what they contradict each other in, and reports what of that accepts
/// nothing.
#[cfg(feature = "fleet")]
pub(crate) fn of_fleet(outgrown: &mut Vec<Acceptance>, found: &mut Vec<Diagnostic>) -> Vec<Accepted> {
    let of_fleet: Vec<Acceptance> = outgrown.extract_if(.., |one| one.code.is_of_fleet()).collect();
    let applied = apply(&of_fleet, found, Code::is_asked_for);
    outgrown.extend(applied.outgrown);
    applied.accepted
}

/// Takes out the findings that a root accepts of those that are made only where they are asked for.
#[cfg(feature = "fleet")]
pub(crate) fn of_asked(acceptances: &[Acceptance], diagnostics: &mut Vec<Diagnostic>) -> Vec<Accepted> {
    if acceptances.is_empty() {
        return Vec::new();
    }
    let is_meant = |finding: &Diagnostic| finding.code.is_asked_for();
    take(&Index::of(acceptances), &is_meant, diagnostics).into_iter().map(|(_, one)| one).collect()
}

/// Says of a finding what is new about it, next to what accepts less than that.
fn new_about(acceptance: &Acceptance, finding: &mut Diagnostic) -> Option<Diagnostic> {
    if finding.class() == Class::Invalid {
        let message = format!("{} is of what leaves a part of the contract unknown", acceptance.shown());
        return Some(
            Diagnostic::new(Code::AllowedError, acceptance.place, message)
                .about(acceptance.code.id())
                .help("mend what it reports: nobody can say what a program would write"),
        );
    }
    let missing: Vec<&str> =
        finding.names.iter().map(String::as_str).filter(|name| !acceptance.names(name)).collect();
    let new = match (missing.as_slice(), finding.number, acceptance.number) {
        ([], Some(number), Some(most)) => {
            format!(
                "{} accepts {} of it, and there are {}",
                acceptance.shown(),
                grouped(most),
                grouped(number)
            )
        }
        ([], Some(number), None) => {
            format!("{} doesn't say the number that it accepts: {}", acceptance.shown(), grouped(number))
        }
        (missing, ..) => {
            format!("{} doesn't name {}, which it is about too", acceptance.shown(), list(missing))
        }
    };
    let place = acceptance.place;
    let too = match acceptance.kind {
        AcceptanceKind::Allow => finding.acceptance(),
        AcceptanceKind::Baseline { .. } => {
            let names: Vec<String> = finding.names.iter().map(|name| shell_word(name)).collect();
            format!("slo baseline add {} {} --reason \"why\"", finding.code, names.join(" "))
        }
    };
    finding.notes.push(format!("{new}; if that is accepted too: `{too}`"));
    finding.labels.push(crate::diagnostic::Label { place, text: "less than this is accepted".to_owned() });
    None
}

/// What is accepted until a day that is past on the day `today`, such as `2027-06-30`. It changes no verdict.
pub(crate) fn past<'a>(accepted: impl Iterator<Item = &'a Accepted>, today: &str) -> Vec<Diagnostic> {
    let mut told: HashSet<Place> = HashSet::default();
    let of_baseline = accepted.filter_map(|Accepted { finding, acceptance }| match &acceptance.kind {
        AcceptanceKind::Baseline { owner, until: Some(until) } => Some((finding, acceptance, owner, until)),
        _ => None,
    });
    let past = of_baseline
        .filter(|(_, acceptance, _, until)| until.as_str() < today && told.insert(acceptance.place));
    let reports = past.map(|(finding, acceptance, owner, until)| {
        let message = format!("a finding of {} was accepted until {until}", acceptance.code);
        let help = match owner {
            Some(owner) => format!("mend it, or agree on another day with {owner}: no run fails for this"),
            None => "mend it, or agree on another day: no run fails for this".to_owned(),
        };
        let report = Diagnostic::new(Code::DayPast, acceptance.place, message).about_all(&finding.names);
        report.and_maybe(finding.place(), finding.message.clone()).help(help)
    });
    reports.collect()
}

/// A name as a shell takes it for one word.
fn shell_word(name: &str) -> String {
    let is_plain = |one: char| one.is_alphanumeric() || "._-/:".contains(one);
    match !name.is_empty() && name.chars().all(is_plain) {
        true => name.to_owned(),
        false => format!("'{}'", name.replace('\'', "'\\''")),
    }
}

/// That nothing is found of what is accepted.
fn finds_nothing(acceptance: &Acceptance, diagnostics: &[Diagnostic]) -> Diagnostic {
    let message = format!("nothing is found of what {} accepts", acceptance.shown());
    let finding = diagnostics.iter().find(|finding| finding.code == acceptance.code && finding.more == 0);
    let finding_there = finding.filter(|finding| finding.class() != Class::Invalid);
    about(Diagnostic::new(Code::AllowFindsNothing, acceptance.place, message), acceptance).help(
        match (finding_there, &acceptance.kind) {
            (Some(finding), AcceptanceKind::Allow) => {
                format!(
                    "what is found is accepted by `{}`: write that, or take this out",
                    finding.acceptance()
                )
            }
            (_, AcceptanceKind::Allow) => "take it out".to_owned(),
            (_, AcceptanceKind::Baseline { .. }) => "`slo check --write-baseline` takes it out".to_owned(),
        },
    )
}

/// That something is named about which nothing is found.
fn names_too_much(acceptance: &Acceptance, findings: &[&Diagnostic]) -> Option<Diagnostic> {
    let is_found =
        |own: &&String| findings.iter().flat_map(|finding| &finding.names).any(|name| is_name(name, own));
    let more: Vec<&str> = acceptance.names.iter().filter(|own| !is_found(own)).map(String::as_str).collect();
    let counts = findings.iter().any(|finding| finding.number.is_some());
    let message = match (more.is_empty(), acceptance.number) {
        (false, _) => {
            format!("{} names {}, and nothing is found about that", acceptance.shown(), list(&more))
        }
        (true, Some(number)) if !counts => {
            format!("{} says {}, and what it accepts counts nothing", acceptance.shown(), grouped(number))
        }
        _ => return None,
    };
    Some(about(Diagnostic::new(Code::AllowFindsNothing, acceptance.place, message), acceptance).help(
        match acceptance.kind {
            AcceptanceKind::Allow if more.is_empty() => "take the number out of it".to_owned(),
            AcceptanceKind::Allow => format!("take {} out of it", list(&more)),
            AcceptanceKind::Baseline { .. } => "`slo check --write-baseline` takes that out".to_owned(),
        },
    ))
}

fn about(finding: Diagnostic, acceptance: &Acceptance) -> Diagnostic {
    acceptance.names.iter().fold(finding, |finding, name| finding.about(name))
}

/// The last part of a dotted name.
fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether an acceptance names this: as it is, or a declaration without its package.
fn is_name(name: &str, accepted: &str) -> bool {
    name == accepted
        || (accepted.split('.').any(|part| part.starts_with(char::is_uppercase))
            && name.strip_suffix(accepted).is_some_and(|package| package.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use slo_grammar::FileId;

    use super::*;

    const HERE: Place = Place::new(FileId(0), 0, 0);

    fn finding(names: &[&str], number: Option<u64>) -> Diagnostic {
        let finding = Diagnostic::new(Code::PointsExceeded, HERE, "found");
        let finding = names.iter().fold(finding, |finding, name| finding.about(*name));
        Diagnostic { number, ..finding }
    }

    fn acceptance(names: &[&str], number: Option<u64>) -> Acceptance {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let kind = AcceptanceKind::Allow;
        Acceptance { place: HERE, code: Code::PointsExceeded, names, number, reason: String::new(), kind }
    }

    /// How many are accepted, and the codes of those that are left.
    #[track_caller]
    fn left(accepts: &[Acceptance], findings: &[Diagnostic], accepted: usize, codes: &[Code]) {
        let mut diagnostics = findings.to_vec();
        assert_eq!(apply(accepts, &mut diagnostics, Code::is_asked_for).accepted.len(), accepted);
        assert_eq!(diagnostics.iter().map(|one| one.code).collect::<Vec<_>>(), codes);
    }

    #[test]
    fn a_finding_is_accepted_with_all_its_names_and_its_number() {
        let found = finding(&["shop.orders", "shop.Order"], Some(500));
        left(&[acceptance(&["Order", "shop.orders"], Some(500))], std::slice::from_ref(&found), 1, &[]);
        left(&[acceptance(&["Order", "shop.orders"], Some(900))], &[found], 1, &[]);
    }

    #[test]
    fn one_name_more_or_a_greater_number_is_new() {
        let found = [finding(&["shop.orders", "shop.Order"], Some(500))];
        left(&[acceptance(&["shop.orders"], Some(500))], &found, 0, &[Code::PointsExceeded]);
        left(&[acceptance(&["shop.orders", "Order"], Some(499))], &found, 0, &[Code::PointsExceeded]);
        left(&[acceptance(&["shop.orders", "Order"], None)], &found, 0, &[Code::PointsExceeded]);
    }

    #[test]
    fn what_accepts_nothing_is_reported() {
        left(&[acceptance(&["shop.orders"], None)], &[], 0, &[Code::AllowFindsNothing]);
        let found = [finding(&["shop.orders"], None)];
        left(&[acceptance(&["shop.orders", "shop.gone"], None)], &found, 1, &[Code::AllowFindsNothing]);
        left(
            &[acceptance(&["shop.other"], None)],
            &found,
            0,
            &[Code::PointsExceeded, Code::AllowFindsNothing],
        );
    }

    #[test]
    fn what_leaves_something_unknown_is_never_accepted() {
        let found = [Diagnostic { is_invalid: true, ..finding(&["shop.orders"], None) }];
        left(&[acceptance(&["shop.orders"], None)], &found, 0, &[Code::PointsExceeded, Code::AllowedError]);
    }
}
