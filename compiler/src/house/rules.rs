//! What vocabularies ask of whoever takes them in: their rules hold there too. It decides what `slo check` says, and never what is
//! generated.

use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Asks, Policies, Rule};
use crate::roots::Roots;

/// The rules that a root is held to: its own, and those of all that it stands on.
pub(crate) fn rules(
    policies: &[Policies],
    roots: &Roots,
    root: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Rule> {
    let own = policies.get(root).map_or(&[][..], |policies| &policies.rules);
    let mut rules = own.to_vec();
    let of = |root: usize| policies.get(root).into_iter().flat_map(|policies| &policies.rules);
    for (other, _) in roots.reached(root).filter(|(other, _)| *other != root) {
        for rule in of(other) {
            let mut same = own.iter().filter(|own| is_of_one_kind(own, rule)).peekable();
            // A vocabulary between the two may have replaced it as well.
            let mut between = roots
                .reached(root)
                .filter(|(middle, _)| ![root, other].contains(middle) && roots.reaches(*middle, other));
            let is_replaced = same.peek().is_some()
                || between.any(|(middle, _)| of(middle).any(|own| is_of_one_kind(own, rule)));
            if rule.is_overridable && is_replaced {
                continue;
            }
            diagnostics.extend(same.find(|own| loosens(own, rule)).map(|own| loosened(own, rule)));
            rules.push(Rule { is_of_house: true, ..rule.clone() });
        }
    }
    rules
}

/// Whether two rules ask for the same, more or less of it, of the same metrics.
fn is_of_one_kind(one: &Rule, other: &Rule) -> bool {
    one.name == other.name && one.option == other.option && one.of == other.of
}

/// Whether a rule asks for less than that of a house: it is less severe, or lets something pass.
fn loosens(own: &Rule, house: &Rule) -> bool {
    own.severity < house.severity
        || match (&own.asks, &house.asks) {
            (Asks::Points(own), Asks::Points(house)) | (Asks::Series(own), Asks::Series(house)) => {
                own > house
            }
            (Asks::Keys(own), Asks::Keys(house))
            | (Asks::NoPrefix(own), Asks::NoPrefix(house))
            | (Asks::NoLabel(own), Asks::NoLabel(house))
            | (Asks::Labels(own), Asks::Labels(house))
            | (Asks::NoUnit(own), Asks::NoUnit(house)) => {
                house.iter().any(|name| !own.iter().any(|own| own.value == name.value))
            }
            (Asks::Signals(own), Asks::Signals(house)) => house.iter().any(|signal| !own.contains(signal)),
            (Asks::Name(_, own), Asks::Name(_, house)) => own != house,
            (Asks::Levels(own), Asks::Levels(house)) => house.iter().any(|(status, allowed)| {
                let own = own.iter().find(|(other, _)| other == status);
                own.is_none_or(|(_, own)| own.iter().any(|severity| !allowed.contains(severity)))
            }),
            _ => false,
        }
}

fn loosened(own: &Rule, house: &Rule) -> Diagnostic {
    let message =
        format!("`{}` asks for less here than in a vocabulary that the contract stands on", own.name);
    Diagnostic::new(Code::Loosened, own.place, message)
        .about(&own.name)
        .about_all((!own.option.is_empty()).then_some(own.option))
        .about_all((own.severity < house.severity).then(|| own.severity.name()))
        .counting_maybe(match own.asks {
            Asks::Points(most) | Asks::Series(most) => Some(most),
            _ => None,
        })
        .and(house.place, "the vocabulary's rule, which isn't `overridable`")
        .help("take this rule out, or ask for as much; who keeps the vocabulary may write `overridable` behind its rule")
        .of_house()
}
