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

const NO_SCOPE: &str = "name the scope after `in`, as in `event {last} in SCOPE { … }`";
const NO_MEANING: &str = "name the meaning after `of`, as in `view NAME of MEANING { … }`";
const NO_BLOCK: &str = "write what it holds between `{` and `}`";
const OPTIONS_AFTER_SCOPE: &str = "write options after `:`, as in `event Sale in Shop: invalid=drop { … }`";
const OPTIONS_AFTER_MEANING: &str =
    "write options after `:`, as in `view Short of Sale: until=\"2027-06-30\" { … }`";
const OPTIONS_AFTER_KEY: &str = "write options after `:`, as in `refine {last}: max=80`";
const SPAN_NAME: &str =
    "write a span's name in quotes, as in `span \"post\"`, or `span current` for the one that runs";
const LOSSY: &str = "write `lossy SIGNAL { A, B } \"why\"`";
const DESCRIPTION: &str =
    "write the description after the name and before `{`, as in `Lost \"nobody knows where\" { … }`";
const ALLOW: &str = "write `allow CODE: NAME, \"why\"`";
const TESTS: &str = "write tests in parentheses, as in `when=(outcome == Done)`";
const ON_A_LINE: &str = "write each entry on a line of its own";
const LINE_IS_ENOUGH: &str = "take it out: the end of the line is enough";
const BY_COMMA: &str = "put `,` between items, as in `[a, b]`";
const RANGE: &str = "write a range with `..=` between its ends, as in `0..=5`: both are part of it";
const PAIR: &str = "write `=` between a key and its value, as in `status = \"ok\"`";

// A mistake a line.
#[rustfmt::skip]
pub(super) const MISTAKES: &[Mistake] = &[
    // Heads of declarations
    mistake(&[Header], "^ event", "{ :", "give the event a name, as in `event NAME in SCOPE { … }`"),
    mistake(&[Header], "^ event in", "NAME", "give the event a name, as in `event NAME in {found} { … }`"),
    mistake(&[Header], "^ event NAME", "{ : of NAME END", NO_SCOPE),
    mistake(&[Header], "^ event NAME in NAME", "NAME", OPTIONS_AFTER_SCOPE),
    mistake(&[Header], "^ event NAME in NAME", "END", NO_BLOCK),
    mistake(&[Header], "^ view of", "NAME", "give the view a name, as in `view NAME of {found} { … }`"),
    mistake(&[Header], "^ view", "{ :", NO_MEANING),
    mistake(&[Header], "^ view NAME of", "{ : END", NO_MEANING),
    mistake(&[Header], "^ view NAME", "{ : = NAME END", "name the meaning after `of`, as in `view {last} of MEANING { … }`"),
    mistake(&[Header], "^ view NAME of NAME", ",", "name one meaning, as in `view NAME of MEANING { … }`: a view is of one"),
    mistake(&[Header], "^ view NAME of NAME", "NAME", OPTIONS_AFTER_MEANING),
    mistake(&[Header], "^ view NAME of NAME", "END", NO_BLOCK),
    mistake(&[Header], "^ meaning NAME", "of", "did you mean `view {last} of {next}`?"),
    mistake(&[Header], "^ meaning NAME", "(", "a meaning carries nothing itself: write payloads after a variant's name, as in `Failed(code: int)`"),
    mistake(&[Header], "^ meaning/group/policy NAME", ":", "take the `:` and what follows it out: a {first} has no options"),
    mistake(&[Header], "^ meaning/group/resource/scope/policy", "{ :", "give the {first} a name, as in `{first} NAME { … }`"),
    mistake(&[Header], "^ meaning/group/resource/scope/policy NAME", "END", NO_BLOCK),
    mistake(&[Header], "^ resource/scope NAME", "NAME", "write options after `:`, as in `{first} {last}: {found}`"),
    mistake(&[Header], "^ attribute NAME", "NAME", "write the type after `:`, as in `{last}: {found}`"),
    mistake(&[Header], "^ attribute NAME", "END", "write the key's type after `:`, as in `attribute {last}: string`"),
    mistake(&[Header], "^ attribute/refine NAME", "=", "write what you say of a key after `:`, as in `{last}: …`"),
    mistake(&[Header], "^ refine NAME", "NAME", OPTIONS_AFTER_KEY),
    mistake(&[Header], "^ attribute NAME : NAME", "attribute", "write each declaration on a line of its own"),
    mistake(&[Header], "^ metric NAME", "NAME", "write the scope after `in`, as in `metric {last} in {found}`").then(":"),
    mistake(&[Header], "^ metric NAME", "{ END", "write the metric's kind after `:`, as in `metric {last}: counter`"),
    mistake(&[Header, Fields], "^ metric NAME", "NAME", "write options after `:`, as in `metric {last}: {found}`"),
    mistake(&[Header], "^ span/log/entity", "{ : END", "give the {first} a name, as in `{first} NAME { … }`"),
    mistake(&[Header], "^ span/log/entity NAME/TEXT", "in", "take `in` and the scope out: what is declared for others is in no scope"),
    mistake(&[Header], "^ span/log/entity NAME/TEXT", "NAME", "write options after `:`, as in `{first} {last}: {found}`"),
    mistake(&[Header], "^ use NAME", ",", "write a `use` for each package, on a line of its own"),

    // Signals of events, and metrics
    mistake(&[Header, Fields], "{}", ",", LINE_IS_ENOUGH).then("END"),
    mistake(&[Header, Fields], "{}", ",", "write options before the list, as in `metric NAME: counter, points=10 { … }`"),
    mistake(&[Header, Fields], "{}", "{", "write one list with everything in it"),
    mistake(&[Fields], "^ metrics", "{ NAME TEXT", "did you mean `metric`?"),
    mistake(&[Fields], "^ logs", "{ NAME TEXT", "did you mean `log`?"),
    mistake(&[Fields], "^ spans", "{ NAME TEXT", "did you mean `span`?"),
    mistake(&[Fields], "^ metric/log", "{ END }", "give the {last} a name, as in `{last} NAME { … }`"),
    mistake(&[Fields], "^ span", "{ NAME END }", SPAN_NAME),
    mistake(&[Fields], "^ span current", "of", "take `of` and the name out: the span that runs was opened elsewhere"),
    mistake(&[Fields], "^ log/span NAME/TEXT", "NAME", "write options after `:`, as in `{first} {last}: {found}`"),

    // Fields, and what variants carry
    mistake(BLOCKS, "^ attribute/refine/group/resource/scope/policy/meaning/view/event", "NAME",
        "close the block with `}` before the next declaration: none can be inside another").then("in of { :"),
    mistake(&[Fields, Payload], "^ string/int/double/bool/any/bytes", "NAME",
        "write the name before the type, as in `{found}: {last}`"),
    mistake(&[Fields], "^ when", "=", "write `when` among the options of a signal, as in `log NAME: info, when=(…)`"),
    mistake(&[Fields], "^ NAME", "END { }", "write the field's type after `:`, as in `{last}: string`"),
    mistake(&[Fields, Payload], "^ NAME", "NAME", "write the type after `:`, as in `{last}: {found}`"),
    mistake(&[Fields], "^ NAME", "?", "write `?` after the type, as in `{last}: TYPE?`"),
    mistake(&[Fields], "^ NAME", "=", "write the type before the value, as in `{last}: TYPE = {next}`"),
    mistake(&[Fields], ", via", "NAME", "write `via {found}` right after the type, without a comma"),
    mistake(&[Fields], "^ NAME : NAME", "as", "write `as` in the list of a signal, as in `log NAME { field as key }`"),
    mistake(&[Fields], "NAME/[] ?", "NAME", "write a view after `via`, as in `via {found}`"),
    mistake(&[Fields], "^ NAME : NAME", "TEXT NUMBER", "write a constant after `=`, as in `= {found}`"),
    mistake(&[Fields], "^ NAME : NAME", "{", "write a type's name, or `enum { … }`; write variants in a `meaning` of their own"),
    mistake(&[Payload], "^ NAME", ") , =", "write the payload's type after `:`, as in `{last}: int`"),
    mistake(&[Payload], "", "NAME", "put `,` between payloads, as in `(code: int, text: string)`").then(":"),
    mistake(&[Payload], ": NAME", "?", "take the `?` out: what a variant carries is always there"),

    // Entries of resources, scopes and groups
    mistake(&[Entries, Group], "^ NAME", "END , }", "write where the value comes from after `:`, as in `{last}: required`"),
    mistake(&[Entries, Group, Policy], "^ NAME", "=", "write what you say of a key after `:`, as in `{last}: …`"),
    mistake(&[Entries, Group, Policy], "^ NAME", "NAME", "write options after `:`, as in `{last}: {found}`"),
    mistake(&[Policy], "^ allow NAME", "NAME , =", ALLOW),
    mistake(&[Policy], "^ allow NAME : NAME", "NAME TEXT END }", ALLOW),

    // `when`
    mistake(&[], "when = NAME", "== != = > < >= <= in not is present", TESTS),
    mistake(&[], "when", "(", TESTS),
    mistake(&[Header, Fields], ",", "(", TESTS),
    mistake(&[Tests], "^ NAME", "=", "compare with `==`, as in `{last} == {next}`"),
    mistake(&[Tests], "^ NAME", "!=", "write `{last} not in [{next}]`"),
    mistake(&[Tests], "^ NAME", "> < >= <=", "name the values that pass, as in `{last} in [1, 2]`: numbers are not compared by size"),
    mistake(&[Tests], "^ NAME", "is", "write `{last} == VALUE` or `{last} present`"),
    mistake(&[Tests], "^ NAME", ")", "say what passes: `{last} == VALUE`, `{last} in [A, B]` or `{last} present`"),
    mistake(&[Tests], "^ not", "NAME", "write `not` after the field, as in `{found} not in [A, B]`"),
    mistake(&[Tests], "^ NAME not", "present", "test for what is there, with `{first} present`: there is no test for what is absent"),
    mistake(&[Tests], "in", "{ ( NAME TEXT NUMBER", "write the values in `[ ]`, as in `in [A, B]`"),
    mistake(&[Tests], "^", ")", "write a test, or take `when` out"),
    mistake(&[Tests], "^", "(", "take these parentheses out, as in `when=(a == B and c present)`"),
    mistake(&[Tests], "^", "NUMBER TEXT", "write a list in `[ ]`, as in `[1, 2]`"),
    mistake(&[Tests], "", "or | || & && ,",
        "join tests with `and`; for one of several values write `FIELD in [A, B]`"),

    // Variants
    mistake(&[Variants], "^ lossy TEXT", "NAME", LOSSY),
    mistake(&[Variants], "^ lossy {}", "TEXT", LOSSY),
    mistake(&[Variants], "^ lossy NAME", "NAME TEXT END", LOSSY),
    mistake(&[Variants], "^ lossy NAME {}", "NAME", "write the reason in quotes, as in `\"one label upstream\"`"),
    mistake(&[Variants], "^", "TEXT", DESCRIPTION),
    mistake(&[Variants], "{}", "TEXT", DESCRIPTION),
    mistake(&[Variants], "^ NAME", "=", "write the description right after the name, as in `{last} \"…\"`"),
    mistake(&[Variants], "^ NAME :", "TEXT", "write the description right after the name, as in `{first} \"…\"`"),
    mistake(&[Variants], "^", "DOTTED", "write the name of a variant as one word, as in `TimedOut`"),
    mistake(&[Variants], "^ NAME", "-", "write the name of a variant as one word, as in `TimedOut`"),
    mistake(&[Variants], "^ NAME TEXT", "(", "write payloads before the description, as in `{first}(…) {last}`"),
    mistake(&[Variants], "^ NAME", "NAME", "put `,` or a line's end between variants, and a description in quotes, as in `Lost \"nobody knows where\"`"),
    mistake(&[Variants], "^ NAME", "|", "put `,` or a line's end between variants, as in `Won, Lost`"),
    mistake(&[Variants, Entries, Group, Fields], "^", "..", "write `...{next}`"),

    // How a variant shows
    mistake(&[Projections], "^ NAME", ":", "take the `:` out, as in `{last} {next}`"),
    mistake(&[Projections], "^ NAME", "=", "write keys in the block of a signal, as in `log { {last} = … }`"),
    mistake(&[Projections], "^ NAME NAME", "=", "write keys in the block of a signal, as in `{first} { {last} = … }`"),
    mistake(&[Projections], "^ NAME NAME", "NAME", "write one word between a signal and its keys, as in `log warn { … }`"),
    mistake(&[Pairs], "^ NAME", "TEXT NUMBER NAME : ==", PAIR),
    mistake(&[Pairs], "^ NAME", "} , END", "give the key a value, as in `{last} = \"…\"`"),
    mistake(&[Pairs], "=", "+ - * / |", "write the value itself or a payload's name: nothing is computed"),
    mistake(&[Pairs], "= NAME/NUMBER/TEXT/()", "+ - * / |",
        "write the value itself or a payload's name: nothing is computed"),
    mistake(&[Call], "", ", TEXT NUMBER )", "write the name of one payload, as in `to_string(code)`"),

    // Lists of signals, and members of enums
    mistake(&[List], "^", "...", "write `...GROUP` in the event's block, and name its fields here"),
    mistake(&[List], "^ metric/log/span NAME", ":", "close this list with `}`, and write the signal on a line of its own"),
    mistake(&[List], "^ NAME required/recommended/opt_in/id", "required recommended opt_in id", "a key has one level: keep `{last}` or `{found}`"),
    mistake(&[List], "if", "NAME NUMBER , } END", "write the condition in words, in quotes, as in `if \"the call failed\"`"),
    mistake(&[List], "^ NAME", ":", PAIR),
    mistake(&[List], "^ NAME", "==", "write one `=`, as in `{last} = {next}`"),
    mistake(&[List], "as NAME via", "NAME", "write `via` before `as`, as in `{first} via {found} as …`"),
    mistake(&[Members], "^ NAME/TEXT :", "TEXT NUMBER", "write `=` between a member and its value, as in `{first} = {found}`"),

    // Values
    mistake(&[], "= NAME/NUMBER", "/", "write text in quotes, as in `\"{last}/{next}\"`").then("NAME NUMBER"),
    mistake(&[], "= NAME", "-", "write text in quotes, as in `\"{last}-{next}\"`").then("NAME NUMBER"),
    mistake(&[], "NUMBER", ".", "write text in quotes, a version too, as in `\"1.4.0\"`"),
    mistake(&[], "=/NUMBER", ".. ... ..=", RANGE),
    mistake(&[Values], "", ".. ... ..=", RANGE),
    mistake(&[], "", "' “ ” ‘ ’", "write text in double quotes, as in `\"text\"`"),

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
    mistake(WITH_OPTIONS, ", NAME", "NAME", "put `,` between options, or `=` before a value, as in `required, max=80`"),
    mistake(WITH_OPTIONS, "enum {}", "NAME", "put `,` between options, as in `required, max=80`"),
    mistake(&[Header], "{}", "NAME", "write each declaration on a line of its own"),
    mistake(&[Fields], "{}", "NAME", ON_A_LINE),
    mistake(&[Fields], "^ NAME : NAME", "NAME", "put `,` between options, as in `sensitive, max=80`, and `via` before a view, as in `via Short`"),
    mistake(WITH_OPTIONS, ": … NAME/TEXT/NUMBER/[]/()", "NAME (", "put `,` between options, as in `required, max=80`"),
    mistake(LISTS, "NAME/TEXT/NUMBER/{}/[]/()", "NAME TEXT NUMBER", "put `,` or a line's end between items, as in `{ a, b }`"),
    mistake(&[Payload], "NAME/TEXT/NUMBER/{}/[]/()", "NAME", "put `,` between options, as in `required, max=80`"),
    mistake(&[Values], "NAME/TEXT/NUMBER/[]", "NAME TEXT NUMBER", BY_COMMA),
    mistake(&[Payload, Values], "", ";", BY_COMMA),
    mistake(&[], "", ";", LINE_IS_ENOUGH),
    mistake(&[], "", "/ #", "begin a comment with `//`"),
    mistake(&[], "", "//!", "write `///` here: `//!` describes a package, above its first line"),
    mistake(&[], "NAME/TEXT", "-", "put the part that has other signs than letters, digits and `_` in quotes, as in `http.\"content-type\"`"),
];
