//! Log records as lines of JSON.

mod line;
mod nested;
mod time;
mod value;

#[cfg(test)]
mod tests;

// What the builder of the exits takes.
#[allow(unused_imports)]
pub(crate) use line::Lines;
