//! The mistakes of syntax that people make, with what to do about each. The first one that fits is told; so what is
//! special stands before what is general.

use slo_grammar::Construct::{
    self, Call, Entries, Fields, Group, Header, List, Members, Names, Pairs, Payload, Policy, Projections,
    Tag, Tests, Values, Variants,
};

use super::mistake::{Mistake, mistake};

/// Blocks with an entry a line.
const LINES: &[Construct] = &[Entries, Group, Policy, Fields];
/// Blocks of declarations.
const BLOCKS: &[Construct] = &[Entries, Group, Policy, Fields, Variants];
/// Where items are separated by a comma or a line's end.
const LISTS: &[Construct] = &[Variants, Projections, Pairs, Names, List, Members];
/// Where options stand.
const WITH_OPTIONS: &[Construct] = &[Header, Entries, Group, Policy, Fields, Payload, Tag];

const NO_SCOPE: &str = "an event says its scope: `event {last} in SCOPE { … }`";
const NO_MEANING: &str = "a view says its meaning: `view NAME of MEANING { … }`";
const NO_BLOCK: &str = "what it holds stands in `{ … }`";
const OPTIONS_BEHIND: &str = "options stand behind `:`";
const SPAN_NAME: &str = "a span's name stands in quotes, `span \"post\"`, or it is `current`";
const LOSSY: &str = "write `lossy SIGNAL { A, B } \"why\"`";
const DESCRIPTION: &str = "the description stands between the name and `{`";
const ALLOW: &str = "write `allow CODE: NAME, \"why\"`";
const TESTS: &str = "tests stand in parentheses: `when=(…)`";
const ON_A_LINE: &str = "an entry stands on a line of its own";
const LINE_IS_ENOUGH: &str = "a line's end is enough: take it out";
const BY_COMMA: &str = "items are separated by `,`";
const RANGE: &str = "a range holds both its ends: `0..=5`";
const PAIR: &str = "`=` stands between a key and its value";

// A mistake a line.
#[rustfmt::skip]
pub(super) const MISTAKES: &[Mistake] = &[
    // Heads of declarations
    mistake(&[Header], "^ event", "{ :", "an event has a name: `event NAME in SCOPE { … }`"),
    mistake(&[Header], "^ event in", "NAME", "an event has a name: `event NAME in {found} { … }`"),
    mistake(&[Header], "^ event NAME", "{ : of NAME END", NO_SCOPE),
    mistake(&[Header], "^ event NAME in NAME", "NAME", OPTIONS_BEHIND),
    mistake(&[Header], "^ event NAME in NAME", "END", NO_BLOCK),
    mistake(&[Header], "^ view of", "NAME", "a view has a name: `view NAME of {found} { … }`"),
    mistake(&[Header], "^ view", "{ :", NO_MEANING),
    mistake(&[Header], "^ view NAME of", "{ : END", NO_MEANING),
    mistake(&[Header], "^ view NAME", "{ : = NAME END", "a view says its meaning: `view {last} of MEANING { … }`"),
    mistake(&[Header], "^ view NAME of NAME", ",", "a view is of one meaning"),
    mistake(&[Header], "^ view NAME of NAME", "NAME", OPTIONS_BEHIND),
    mistake(&[Header], "^ view NAME of NAME", "END", NO_BLOCK),
    mistake(&[Header], "^ meaning NAME", "of", "did you mean `view {last} of {next}`?"),
    mistake(&[Header], "^ meaning NAME", "(", "payloads stand behind a variant's name: `VARIANT(NAME: TYPE)`"),
    mistake(&[Header], "^ meaning/group/policy NAME", ":", "a {first} takes no options"),
    mistake(&[Header], "^ meaning/group/resource/scope/policy", "{ :", "a {first} has a name: `{first} NAME { … }`"),
    mistake(&[Header], "^ meaning/group/resource/scope/policy NAME", "END", NO_BLOCK),
    mistake(&[Header], "^ resource/scope NAME", "NAME", "options stand behind `:`: `{first} {last}: {found}`"),
    mistake(&[Header], "^ attribute NAME", "NAME", "the type stands behind `:`: `{last}: {found}`"),
    mistake(&[Header], "^ attribute NAME", "END", "a key has a type: `attribute {last}: TYPE`"),
    mistake(&[Header], "^ attribute/refine NAME", "=", "what is said of a key stands behind `:`"),
    mistake(&[Header], "^ refine NAME", "NAME", OPTIONS_BEHIND),
    mistake(&[Header], "^ attribute NAME : NAME", "attribute", "a declaration stands on a line of its own"),
    mistake(&[Header], "^ metric NAME", "NAME", "the scope stands behind `in`: `metric {last} in {found}`").then(":"),
    mistake(&[Header], "^ metric NAME", "{ END", "a metric has a kind: `metric {last}: counter`"),
    mistake(&[Header, Fields], "^ metric NAME", "NAME", "options stand behind `:`: `metric {last}: {found}`"),
    mistake(&[Header], "^ use NAME", ",", "each package has a `use` of its own"),

    // Signals of events, and metrics
    mistake(&[Header, Fields], "{}", ",", LINE_IS_ENOUGH).then("END"),
    mistake(&[Header, Fields], "{}", ",", "options stand before the list"),
    mistake(&[Header, Fields], "{}", "{", "there is one list: put everything into it"),
    mistake(&[Fields], "^ metrics", "{ NAME TEXT", "did you mean `metric`?"),
    mistake(&[Fields], "^ logs", "{ NAME TEXT", "did you mean `log`?"),
    mistake(&[Fields], "^ spans", "{ NAME TEXT", "did you mean `span`?"),
    mistake(&[Fields], "^ metric/log", "{", "a {last} has a name: `{last} NAME { … }`"),
    mistake(&[Fields], "^ span", "{ NAME", SPAN_NAME),
    mistake(&[Fields], "^ log/span NAME/TEXT", "NAME", "options stand behind `:`: `{first} {last}: {found}`"),

    // Fields, and what variants carry
    mistake(BLOCKS, "^ attribute/refine/group/resource/scope/policy/meaning/view/event", "NAME",
        "a declaration stands in no other one's block").then("in of { :"),
    mistake(&[Fields, Payload], "^ string/int/double/bool/any/bytes", "NAME",
        "the name stands before the type: `{found}: {last}`"),
    mistake(&[Fields], "^ when", "=", "tests belong to a signal: `log NAME: info, when=(…)`"),
    mistake(&[Fields], "^ NAME", "END { }", "a field has a type: `{last}: TYPE`"),
    mistake(&[Fields, Payload], "^ NAME", "NAME", "the type stands behind `:`: `{last}: {found}`"),
    mistake(&[Fields], "^ NAME", "?", "`?` stands behind the type: `{last}: TYPE?`"),
    mistake(&[Fields], "^ NAME", "=", "the type stands before the value: `{last}: TYPE = {next}`"),
    mistake(&[Fields], ", via", "NAME", "`via` stands behind the type, without a comma: `via {found}`"),
    mistake(&[Fields], "^ NAME : NAME", "as", "`as` stands in the list of a signal"),
    mistake(&[Fields], "NAME/[] ?", "NAME", "a view stands behind `via`: `via {found}`"),
    mistake(&[Fields], "^ NAME : NAME", "TEXT NUMBER", "a constant stands behind `=`: `= {found}`"),
    mistake(&[Fields], "^ NAME : NAME", "{", "a type is a name, or `enum { … }`; variants stand in a `meaning`"),
    mistake(&[Payload], "^ NAME", ") , =", "a payload has a type: `{last}: TYPE`"),
    mistake(&[Payload], "", "NAME", "payloads are separated by `,`").then(":"),
    mistake(&[Payload], ": NAME", "?", "what a variant carries is always there: take `?` out"),

    // Entries of resources, scopes and groups
    mistake(&[Entries, Group], "^ NAME", "END , }", "an entry says where its value comes from: `{last}: required`"),
    mistake(&[Entries, Group, Policy], "^ NAME", "=", "what is said of a key stands behind `:`"),
    mistake(&[Entries, Group, Policy], "^ NAME", "NAME", "options stand behind `:`: `{last}: {found}`"),
    mistake(&[Policy], "^ allow NAME", "NAME , =", ALLOW),
    mistake(&[Policy], "^ allow NAME : NAME", "NAME TEXT END }", ALLOW),

    // `when`
    mistake(&[], "when = NAME", "== != = > < >= <= in not is present", TESTS),
    mistake(&[], "when", "(", TESTS),
    mistake(&[Header, Fields], ",", "(", TESTS),
    mistake(&[Tests], "^ NAME", "=", "`==` compares: `{last} == {next}`"),
    mistake(&[Tests], "^ NAME", "!=", "write `{last} not in [{next}]`"),
    mistake(&[Tests], "^ NAME", "> < >= <=", "numbers are not compared, only named: `{last} in [1, 2]`"),
    mistake(&[Tests], "^ NAME", "is", "write `{last} == VALUE` or `{last} present`"),
    mistake(&[Tests], "^ NAME", ")", "say what passes: `{last} == VALUE`, `{last} in [A, B]` or `{last} present`"),
    mistake(&[Tests], "^ not", "NAME", "`not` stands behind the field: `{found} not in [A, B]`"),
    mistake(&[Tests], "^ NAME not", "present", "there is no test for what is absent"),
    mistake(&[Tests], "in", "{ ( NAME TEXT NUMBER", "values stand in `[ ]`: `in [A, B]`"),
    mistake(&[Tests], "^", ")", "write a test, or take `when` out"),
    mistake(&[Tests], "^", "(", "tests need no parentheses of their own: `A == B and C present`"),
    mistake(&[Tests], "^", "NUMBER TEXT", "a list stands in `[ ]`"),
    mistake(&[Tests], "", "or | || & && ,",
        "tests are joined by `and`; for one of several values write `FIELD in [A, B]`"),

    // Variants
    mistake(&[Variants], "^ lossy TEXT", "NAME", LOSSY),
    mistake(&[Variants], "^ lossy {}", "TEXT", LOSSY),
    mistake(&[Variants], "^ lossy NAME", "NAME TEXT END", LOSSY),
    mistake(&[Variants], "^ lossy NAME {}", "NAME", "the reason stands in quotes"),
    mistake(&[Variants], "^", "TEXT", DESCRIPTION),
    mistake(&[Variants], "{}", "TEXT", DESCRIPTION),
    mistake(&[Variants], "^ NAME", ": =", "the description follows the name directly: `{last} \"…\"`"),
    mistake(&[Variants], "^", "DOTTED", "the name of a variant is one word"),
    mistake(&[Variants], "^ NAME", "-", "the name of a variant is one word"),
    mistake(&[Variants], "^ NAME TEXT", "(", "payloads stand between the name and the description: `{first}(…) {last}`"),
    mistake(&[Variants], "^ NAME", "NAME", "variants are separated by `,` or a line's end; a description stands in quotes"),
    mistake(&[Variants], "^ NAME", "|", "variants are separated by `,` or a line's end"),
    mistake(&[Variants, Entries, Group, Fields], "^", "..", "write `...{next}`"),

    // How a variant shows
    mistake(&[Projections], "^ NAME", ":", "the word follows without `:`: `{last} {next}`"),
    mistake(&[Projections], "^ NAME", "=", "keys stand in the block of a signal: `log { {last} = … }`"),
    mistake(&[Projections], "^ NAME NAME", "=", "keys stand in the block of a signal: `{first} { {last} = … }`"),
    mistake(&[Projections], "^ NAME NAME", "NAME", "one word stands between a signal and its keys"),
    mistake(&[Pairs], "^ NAME", "TEXT NUMBER NAME : ==", PAIR),
    mistake(&[Pairs], "^ NAME", "} , END", "a key has a value: `{last} = \"…\"`"),
    mistake(&[Pairs], "=", "+ - * / |", "a value is written down, or what the variant carries: nothing is computed"),
    mistake(&[Pairs], "= NAME/NUMBER/TEXT/()", "+ - * / |",
        "a value is written down, or what the variant carries: nothing is computed"),
    mistake(&[Call], "", ", TEXT NUMBER )", "`to_string` takes the name of a payload"),

    // Lists of signals, and members of enums
    mistake(&[List], "^", "...", "a list names fields: take the group into the event"),
    mistake(&[List], "^ metric/log/span NAME", ":", "a signal stands on a line of its own, in no other's list"),
    mistake(&[List], "^ NAME", ":", PAIR),
    mistake(&[List], "^ NAME", "==", "one `=` is enough: `{last} = {next}`"),
    mistake(&[List], "as NAME via", "NAME", "`via` stands before `as`: `{first} via {found} as …`"),
    mistake(&[Members], "^ NAME/TEXT", ":", "`=` stands between a member and its value: `{last} = {next}`"),

    // Values
    mistake(&[], "= NAME/NUMBER", "/", "text is quoted: `\"{last}/{next}\"`").then("NAME NUMBER"),
    mistake(&[], "= NAME", "-", "text is quoted: `\"{last}-{next}\"`").then("NAME NUMBER"),
    mistake(&[], "NUMBER", ".", "text is quoted, a version such as \"1.4.0\" too"),
    mistake(&[], "=/NUMBER", ".. ... ..=", RANGE),
    mistake(&[Values], "", ".. ... ..=", RANGE),
    mistake(&[], "", "' “ ” ‘ ’", "text stands in double quotes, `\"`"),

    // What separates
    mistake(LINES, ", NAME", ": .", ON_A_LINE),
    mistake(LINES, "... NAME", ",", ON_A_LINE),
    mistake(LINES, "", "NAME", ON_A_LINE).then(":"),
    mistake(&[Tag], ",", "END", "name an option, or take the `,` out"),
    mistake(WITH_OPTIONS, ", NAME", "< > <= >= ==", "write `{last}={next}`"),
    mistake(WITH_OPTIONS, ", NAME", "TEXT NUMBER", "write `{last}={found}`"),
    mistake(WITH_OPTIONS, ", NAME", "[", "write `{last}=[…]`"),
    mistake(&[Entries, Policy], ": NAME", "TEXT NUMBER", "write `{last}={found}`"),
    mistake(&[Entries, Policy], ": NAME", "[", "write `{last}=[…]`"),
    mistake(WITH_OPTIONS, ", while/value/unset/links/env/default/static/deprecated", "NAME", "write `{last}={found}`"),
    mistake(WITH_OPTIONS, ", NAME", "NAME", "options are separated by `,`, or have their value behind `=`"),
    mistake(WITH_OPTIONS, "enum {}", "NAME", "options are separated by `,`"),
    mistake(&[Header], "{}", "NAME", "a declaration stands on a line of its own"),
    mistake(&[Fields], "{}", "NAME", ON_A_LINE),
    mistake(&[Fields], "^ NAME : NAME", "NAME", "options are separated by `,`, and a view stands behind `via`"),
    mistake(WITH_OPTIONS, ": … NAME/TEXT/NUMBER/[]/()", "NAME (", "options are separated by `,`"),
    mistake(LISTS, "NAME/TEXT/NUMBER/{}/[]/()", "NAME TEXT NUMBER", "items are separated by `,` or a line's end"),
    mistake(&[Payload], "NAME/TEXT/NUMBER/{}/[]/()", "NAME", "options are separated by `,`"),
    mistake(&[Values], "NAME/TEXT/NUMBER/[]", "NAME TEXT NUMBER", BY_COMMA),
    mistake(&[Payload, Values], "", ";", BY_COMMA),
    mistake(&[], "", ";", LINE_IS_ENOUGH),
    mistake(&[], "", "/ #", "a comment begins with `//`"),
    mistake(&[], "", "//!", "`//!` describes a package; what stands inside one is described by `///`"),
    mistake(&[], "NAME/TEXT", "-", "a part of a key that is no identifier is quoted by itself: http.\"content-type\""),
];
