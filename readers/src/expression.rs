//! An expression of PromQL.

use std::panic::catch_unwind;

use crate::asked::Asked;
use crate::query::shown;
use crate::{limits, variables};

/// What an expression asks for, or why it can't be read.
pub(crate) fn read(text: &str, is_templated: bool) -> Result<Asked, String> {
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.len() > limits::EXPRESSION_BYTES {
        return Err(format!("it is longer than {} bytes", limits::EXPRESSION_BYTES));
    }
    if !is_templated {
        return parse(text);
    }
    // Whether a variable is a name or a number shows where one of both is no expression.
    parse(&variables::replaced(text, variables::Bare::Name))
        .or_else(|why| parse(&variables::replaced(text, variables::Bare::Number)).map_err(|_| why))
}

fn parse(text: &str) -> Result<Asked, String> {
    let parsed = catch_unwind(|| promql_parser::parser::parse(text).map(|expression| Asked::of(&expression)));
    match parsed {
        Ok(Ok(asked)) => Ok(asked),
        Ok(Err(why)) => Err(shown(&why)),
        Err(_) => Err("the parser gave up".to_owned()),
    }
}
