//! Log records as lines of JSON.

mod line;
mod nested;
mod sink;
mod time;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use sink::JsonLines;
