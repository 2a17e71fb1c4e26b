#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo(event)]
struct Nameless;

#[derive(SloAttributes)]
#[slo(event = Visit)]
struct Unquoted;

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkuot")]
struct Misspelled;

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Service")]
struct OtherKind;

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Visit")]
struct NoResource;

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Stock")]
struct NoEvent;

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Visit", scope)]
struct Both;

/// Another program records it.
#[derive(SloAttributes)]
#[slo(event = "acme.shop.Query")]
struct External {
    #[slo("table")]
    table: String,
}

/// Borrows, and has parameters.
#[derive(SloAttributes)]
#[slo(event = "acme.shop.Visit")]
struct Borrowed<'p, T, const N: usize> {
    #[slo("path")]
    path: &'p str,
    #[slo("depth")]
    depth: T,
    #[slo(flatten)]
    rest: [T; N],
}

/// What is done with structs that have mistakes brings no other ones.
fn used(borrowed: &Borrowed<'static, u8, 1>) {
    use slo::Event;
    let _ = (borrowed.later(), Misspelled.later());
}

fn main() {}
