//! What an error says that could have stood where something else did, as people call it.

use crate::around::{Around, Construct};
use crate::rules::Rule;

/// What could stand there, without what could and is hardly ever meant. `positives` are the rules that were tried there;
/// `first` says that nothing of an entry stands before it.
pub(crate) fn expected(positives: &[Rule], found: &str, around: &Around, first: bool) -> Vec<&'static str> {
    let value = positives.iter().any(|rule| matches!(rule, Rule::path | Rule::raw));
    let told =
        |rule: &&Rule| !(value && matches!(rule, Rule::string | Rule::number | Rule::list | Rule::word));
    let names = positives.iter().filter(told).flat_map(|rule| called(*rule, around.construct)).copied();
    let mut expected: Vec<&'static str> = match entry(around.construct).filter(|_| first) {
        Some(entry) => entry.to_vec(),
        None => names.map(|name| renamed(name, around)).collect(),
    };
    // A line's end is blank to the grammar, and ends what a `}` may follow.
    if expected.contains(&"`}`") && !around.before.is_empty() && !is_line_end(found) {
        expected.push("the end of the line");
    }
    // The grammar doesn't tell a field from a key there.
    if expected.contains(&"a key") && around.construct == Construct::List && around.before.is_empty() {
        expected.push("a field");
    }
    expected.sort_unstable();
    expected.dedup();
    let meant: Vec<&'static str> =
        expected.iter().copied().filter(|name| is_meant(name, positives, found, around)).collect();
    if meant.is_empty() { expected } else { meant }
}

pub(crate) fn is_line_end(token: &str) -> bool {
    matches!(token, "\n" | "\r" | "\r\n")
}

/// What an entry may be, where a block has some of its own.
fn entry(construct: Construct) -> Option<&'static [&'static str]> {
    match construct {
        Construct::Entries | Construct::Group => Some(&["an entry", "`...`", "`}`"]),
        Construct::Policy => Some(&["a rule", "`allow`", "`}`"]),
        Construct::Fields => Some(&["a field", "`metric`", "`log`", "`span`", "`...`", "`}`"]),
        Construct::Variants => Some(&["a variant", "`}`"]),
        _ => None,
    }
}

/// What a rule is called in an error; nothing where another rule says it.
fn called(rule: Rule, construct: Construct) -> &'static [&'static str] {
    match rule {
        Rule::doc => &["a doc comment"],
        Rule::open_brace
        | Rule::list_block
        | Rule::members
        | Rule::object_members
        | Rule::names
        | Rule::projections
        | Rule::pairs => &["`{`"],
        Rule::close_brace => &["`}`"],
        Rule::open_list | Rule::list | Rule::array => &["`[`"],
        Rule::close_list => &["`]`"],
        Rule::open_paren | Rule::payload | Rule::conditions => &["`(`"],
        Rule::close_paren => &["`)`"],
        Rule::open_angle => &["`<`"],
        Rule::close_angle => &["`>`"],
        Rule::colon => &["`:`"],
        Rule::comma => &["`,`"],
        Rule::equals => &["`=`"],
        Rule::ellipsis => &["`...`"],
        Rule::dots => &["`..=`"],
        Rule::same => &["`==`"],
        Rule::question => &["`?`"],
        Rule::of_keyword => &["`of`"],
        Rule::in_keyword => &["`in`"],
        Rule::via_keyword => &["`via`"],
        Rule::as_keyword => &["`as`"],
        Rule::and_keyword => &["`and`"],
        Rule::not_keyword => &["`not in`"],
        Rule::present_keyword => &["`present`"],
        Rule::current_keyword => &["`current`"],
        Rule::every_keyword => &["`every`"],
        Rule::event_keyword => &["`event`"],
        Rule::span_entry => &["`current`", "`event`", "`every`", "a text in quotes"],
        Rule::payload_field => &["a payload"],
        Rule::projection => &["`metric`, `log`, `span` or `all`"],
        Rule::pair => &["a key"],
        Rule::call | Rule::combination => &[],
        Rule::test => &["a field"],
        Rule::nameless => &["`_`"],
        Rule::word => &["a name"],
        Rule::member | Rule::object_member => &["a member"],
        Rule::list_item => &["a field", "a key"],
        Rule::string => &["a text in quotes"],
        Rule::number => &["a number"],
        Rule::key | Rule::tag | Rule::type_name => &["a key"],
        Rule::option | Rule::tag_option => &["an option"],
        // Only a value is tried as one: what else it may be is tried with it.
        Rule::path | Rule::raw | Rule::only_value => &["a value"],
        Rule::type_of
        | Rule::enum_type
        | Rule::map_type
        | Rule::timestamp_type
        | Rule::duration_type
        | Rule::object_type
        | Rule::object_keyword
        | Rule::enum_keyword
        | Rule::map_keyword
        | Rule::timestamp_keyword
        | Rule::duration_keyword => &["a type"],
        Rule::level | Rule::if_keyword => &["a requirement level"],
        // What is read by itself ends where the next one begins.
        Rule::end | Rule::EOI => match construct {
            Construct::Entries | Construct::Group | Construct::Policy | Construct::Fields => {
                &["`}`", "the end of the line"]
            }
            Construct::Variants => &["`,`", "`}`", "the end of the line"],
            _ => &["the end of the line"],
        },
        _ => &["a declaration"],
    }
}

/// What a rule's name stands for where it was expected.
fn renamed(name: &'static str, around: &Around) -> &'static str {
    match (name, around.construct) {
        ("a key", Construct::Tests) => "a field",
        ("a name", Construct::Call) => "a payload",
        ("a name", Construct::Names) => "a variant",
        ("a name", Construct::Projections) => "a word",
        _ => name,
    }
}

/// Whether it helps to hear that this could stand there.
fn is_meant(name: &str, positives: &[Rule], found: &str, around: &Around) -> bool {
    let Around { construct, before, .. } = around;
    match name {
        // Behind every number, and behind every type.
        "`..=`" => found.starts_with(".."),
        "`[`" => positives.contains(&Rule::list),
        // Behind every name of a variant, and every word that is a value.
        "`(`" if matches!(construct, Construct::Variants | Construct::Pairs) => false,
        // Names are put together by two words.
        "`(`" if before.iter().rev().nth(1).is_some_and(|token| token == "=") => {
            before.last().is_some_and(|word| matches!(word.as_str(), "one_of" | "all_of"))
        }
        "a name" => *construct != Construct::Pairs,
        // Only `when` has tests.
        "`(`" if before.last().is_some_and(|last| last == "=") => {
            before.iter().rev().nth(1).is_some_and(|option| option == "when")
        }
        "`,`" => !before.is_empty(),
        // Any word is the one, and any line of docs the other.
        "a requirement level" | "a doc comment" => false,
        _ => true,
    }
}
