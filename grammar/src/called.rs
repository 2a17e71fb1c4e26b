//! What the grammar's rules are called where an error says what it expected.

use crate::parse::Rule;

/// What a rule is called in an error; nothing where another rule says it.
pub(crate) fn called(token: Rule) -> &'static [&'static str] {
    match token {
        Rule::doc | Rule::docs => &["a doc comment"],
        Rule::inner_doc | Rule::inner_docs => &["`//!`"],
        Rule::open_brace
        | Rule::block
        | Rule::group_block
        | Rule::event_block
        | Rule::list_block
        | Rule::members
        | Rule::variants
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
        Rule::comma | Rule::more_options | Rule::payload_options => &["`,`"],
        Rule::equals => &["`=`"],
        Rule::ellipsis | Rule::spread => &["`...`"],
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
        Rule::lossy | Rule::lossy_keyword => &["`lossy`"],
        Rule::meaning_entry | Rule::variant => &["a variant"],
        Rule::payload_field => &["a payload"],
        Rule::projection => &["`metric`, `log`, `span` or `all`"],
        Rule::pair => &["a key"],
        Rule::call => &[],
        Rule::event_entry => &["a field", "`metric`", "`log`", "`span`"],
        Rule::field => &["a field"],
        Rule::metric_entry => &["`metric`"],
        Rule::log_entry | Rule::log_keyword => &["`log`"],
        Rule::span_entry | Rule::span_keyword => &["`span`"],
        Rule::test => &["a field"],
        Rule::word => &["a name"],
        Rule::member => &["a member"],
        Rule::list_item => &["a field", "a key"],
        Rule::string | Rule::quoted => &["a text in quotes"],
        Rule::number | Rule::digits => &["a number"],
        // What may follow a number directly is hardly ever what was meant.
        Rule::range | Rule::string_key | Rule::unit => &[],
        Rule::key | Rule::tag_key | Rule::raw_key => &["a key"],
        Rule::options | Rule::option | Rule::tag_option => &["an option"],
        Rule::value | Rule::tag_value | Rule::raw | Rule::only_value => &["a value"],
        Rule::entry | Rule::group_entry => &["an entry"],
        Rule::house_rule => &["a rule"],
        Rule::allow | Rule::allow_keyword => &["`allow`"],
        Rule::policy_entry => &["a rule", "`allow`"],
        Rule::type_of
        | Rule::named_type
        | Rule::enum_type
        | Rule::map_type
        | Rule::timestamp_type
        | Rule::duration_type
        | Rule::enum_keyword
        | Rule::map_keyword
        | Rule::timestamp_keyword
        | Rule::duration_keyword => &["a type"],
        Rule::level | Rule::if_keyword => &["a requirement level"],
        Rule::EOI => &["the end of the line"],
        _ => &["a declaration"],
    }
}
