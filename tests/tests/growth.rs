//! What a check takes grows with what a contract says, in every direction; and a text that is none takes little.
//!
//! Allocations are counted, not time: they are the same on every machine. They are those of all threads, so that the test runs
//! itself in a process of its own, where no other test allocates.
// Only an allocator sees allocations, and `GlobalAlloc` is an unsafe trait.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use slo_compiler::diagnostic::Severity;
use slo_compiler::{Input, InputFile, Root, Session};
use slo_tests::{compile_text, rendered};

struct Counting;

/// Whether this process is the one that counts.
static COUNTS: AtomicBool = AtomicBool::new(false);

/// Of all threads, since files are read on several.
static MADE: AtomicUsize = AtomicUsize::new(0);
/// More than nothing, since what was allocated before counting began is given back too.
static HELD: AtomicUsize = AtomicUsize::new(1 << 32);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: both functions pass their arguments on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if COUNTS.load(Relaxed) {
            MADE.fetch_add(1, Relaxed);
            MOST.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        }
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if COUNTS.load(Relaxed) {
            HELD.fetch_sub(layout.size(), Relaxed);
        }
        // SAFETY: the caller keeps `dealloc`'s contract, and `pointer` came from `System.alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations a check of this text makes, how many bytes it holds at most, and how many errors it finds.
fn check(text: &str) -> (usize, usize, usize) {
    let (made, held) = (MADE.load(Relaxed), HELD.load(Relaxed));
    MOST.store(held, Relaxed);
    let compilation = compile_text(text);
    let findings = rendered(&compilation);
    drop(findings);
    let counts = (MADE.load(Relaxed) - made, MOST.load(Relaxed) - held);
    (counts.0, counts.1, compilation.count(Severity::Error))
}

/// So many of something, one behind the other.
fn many(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        text.write_str(&write(number)).unwrap();
        text
    })
}

const HEAD: &str = "package a\nuse std.otel\nscope S {}\n";

/// A contract with so many of what its name says.
type Grown = (&'static str, fn(usize) -> String);

const GROWN: &[Grown] = &[
    ("declared spans, and events that are held to them", |count| {
        let declared = |number| {
            format!(
                "/// Docs.\nspan s.x{number}: client {{\n    url.scheme required\n    url.path recommended if \"it has one\"\n}}\nevent E{number} in S {{\n    scheme: url.scheme, only=[\"http\"]\n    span \"x\" of s.x{number}\n}}\n"
            )
        };
        format!("{HEAD}{}", many(count, declared))
    }),
    ("declared logs and entities", |count| {
        let declared = |number| {
            format!(
                "log l.x{number}: info, entities=e.x{number} {{ url.path required }}\nentity e.x{number} {{ url.path id }}\n"
            )
        };
        format!("{HEAD}{}", many(count, declared))
    }),
    ("keys of a declared span", |count| {
        let keys = many(count, |number| format!("attribute k.x{number}: string\n"));
        let listed = many(count, |number| format!("    k.x{number} required\n"));
        let fields = many(count, |number| format!("    f{number}: k.x{number}\n"));
        format!(
            "{HEAD}{keys}span s.x: closed {{\n{listed}}}\nevent E in S {{\n{fields}    span \"x\" of s.x\n}}\n"
        )
    }),
    ("attributes", |count| {
        let attribute =
            |number| format!("/// Docs.\nattribute a.b{number}: int, range=0..=5, stability=stable\n");
        format!("{HEAD}{}", many(count, attribute))
    }),
    ("members", |count| {
        format!("{HEAD}attribute a.b: enum {{ {} }}\n", many(count, |number| format!("m{number}, ")))
    }),
    ("variants", |count| {
        let variant = |number| format!("V{number} \"v\" {{ all {{ v = {number} }} }}\n");
        let variants = many(count, variant);
        format!(
            "{HEAD}meaning M {{\n{variants}}}\nevent E in S {{\nm: M\nmetric a.m: counter, points=9_000 {{ m }}\nlog a.l: info\n}}\n"
        )
    }),
    ("events", |count| {
        let event = |number| {
            format!(
                "meaning M{number} {{\nA \"a\" {{ all {{ v = 1 }} }}\nB \"b\" {{ all {{ v = 2 }} }}\n}}\nevent E{number} in S {{\nm: M{number}\nmetric a.m{number}: counter, points=9 {{ m }}\nlog a.l{number}: info\n}}\n"
            )
        };
        format!("{HEAD}{}", many(count, event))
    }),
    ("fields", |count| {
        let fields = many(count, |number| format!("f{number}: int\n"));
        format!("{HEAD}event E in S {{\n{fields}log a.l: info\n}}\n")
    }),
    ("texts", |count| {
        let log = |number| format!("event E{number} in S {{\nlog _: info, body=\"text {number}\" {{}}\n}}\n");
        let same = |number| format!("event F{number} in S {{\nlog _: info, body=\"same\" {{}}\n}}\n");
        let any = "event A in S {\na: string\nlog _: info, body=\"{a}\" {}\n}\n";
        format!("{HEAD}{any}{}{}", many(count / 2, log), many(count / 2, same))
    }),
    ("docs", |count| format!("{HEAD}{}attribute a.b: int\n", "/// A line.\n".repeat(count))),
    ("brackets", |count| format!("{HEAD}attribute a.b: int, only=[{}]\n", "[[[[1]]]], ".repeat(count))),
    ("packages", |count| {
        many(count, |number| {
            format!(
                "=== p{number}/a.slo ===\npackage p{number}\nattribute p{number}.a: int\nattribute p{number}.b: string\n"
            )
        })
    }),
    ("mistakes", |count| format!("{HEAD}resource R {{\n{}}}\n", "a b\n".repeat(count))),
    ("unknown names", |count| {
        format!("{HEAD}resource R {{\n{}}}\n", many(count, |number| format!("a.b{number}: required\n")))
    }),
    ("open brackets", |count| format!("{HEAD}{}", "metric a: counter {\n".repeat(count))),
];

/// Says to the process that is started what it is for.
const VARIABLE: &str = "SLO_GROWTH_COUNTS";

#[test]
fn a_check_takes_what_the_contract_says() {
    if std::env::var_os(VARIABLE).is_none() {
        let module = module_path!().split_once("::").unwrap().1;
        let name = format!("{module}::a_check_takes_what_the_contract_says");
        let mut counting = Command::new(std::env::current_exe().unwrap());
        counting.args(["--exact", &name, "--test-threads", "1"]).env(VARIABLE, "1");
        let output = counting.output().unwrap();
        let (said, error) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && said.contains("1 passed"), "{said}{error}");
        return;
    }
    COUNTS.store(true, Relaxed);
    // What is made once: the tables of the vocabulary, the first threads.
    check(HEAD);
    for (what, grown) in GROWN {
        let [(few_made, few_held, _), (many_made, many_held, _)] =
            [500, 2_000].map(|count| check(&grown(count)));
        // Tables double, so that what is held may be twice what it needs.
        assert!(
            many_made <= 5 * few_made,
            "{what}: {few_made} allocations, and {many_made} for four times as many"
        );
        assert!(
            many_held <= 8 * few_held,
            "{what}: {few_held} bytes, and {many_held} for four times as many"
        );
    }
    no_text_of_a_mebibyte_takes_much();
    an_edit_takes_what_its_file_takes();
}

/// Of 20 files one changes: what is made anew is hardly more than what that file says.
fn an_edit_takes_what_its_file_takes() {
    let file = |number: usize, most: usize| {
        let attribute =
            |attribute| format!("/// Docs.\nattribute p{number}.b{attribute}: string, max={most}\n");
        let text = format!("package p{number}\n{}", many(100, attribute));
        InputFile::new(format!("p{number}/a.slo"), text)
    };
    let check = |session: &mut Session, edited: usize| {
        let manifest = InputFile::new("slo.toml", "name = \"a\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n");
        let files = (0..20).map(|number| file(number, if number == edited { 9 } else { 8 })).collect();
        let input = Input { roots: vec![Root::new(manifest, files)], data: None };
        let made = MADE.load(Relaxed);
        assert!(session.compile(&input).checked.is_some(), "the contract is sound");
        MADE.load(Relaxed) - made
    };
    let mut session = Session::default();
    let cold = check(&mut session, 20);
    let warm = check(&mut session, 7);
    assert!(10 * warm < cold, "{warm} allocations after an edit of one file of 20, {cold} before");
}

/// Texts of a mebibyte that say little, each in its way.
fn no_text_of_a_mebibyte_takes_much() {
    const MEBIBYTE: usize = 1 << 20;
    let block = |head: &str, entry: &str| format!("{head}{}}}\n", entry.repeat(MEBIBYTE / entry.len()));
    let texts = [
        ("heads", "metric a: counter {\n".repeat(MEBIBYTE / 20)),
        ("docs in an open block", format!("{HEAD}event A in S {{\n{}", "///\n".repeat(MEBIBYTE / 4))),
        ("members", block("package a\nattribute a.b: enum {", "a,")),
        ("variants", block("package a\nmeaning M {\n", "A,")),
        ("entries", block("package a\nresource R {\n", "a:auto\n")),
        ("fields", block("package a\nscope S {}\nevent E in S {\n", "a:int\n")),
        ("brackets that open", "[".repeat(MEBIBYTE)),
        ("brackets of two kinds", "[)".repeat(MEBIBYTE / 2)),
        ("words", "a\n".repeat(MEBIBYTE / 2)),
        ("controls", "\0".repeat(MEBIBYTE)),
        ("options", format!("package a\n{}", "attribute a.b:int,b,c,d\n".repeat(MEBIBYTE / 24))),
        ("texts", {
            let log = |number| {
                format!(
                    "event E{number} in S {{\nf: string\nlog _: info, body=\"{{f}} x{number}\" {{}}\n}}\n"
                )
            };
            format!("{HEAD}{}a\n", many(6_000, log))
        }),
        ("texts of many values", {
            let values = many(3_000, |number| format!("\"v{number}\", "));
            let event = |name: &str, body: &str| {
                let log = |number| format!("log _: info, body=\"{body}{number}\" {{}}\n");
                format!(
                    "event {name} in S {{\nf: string, only=[{values}]\ng: string, only=[{values}]\n{}}}\n",
                    many(100, log)
                )
            };
            format!("{HEAD}{}{}", event("A", "{f}x{g}"), event("B", "{g}x{f}"))
        }),
        ("uses", format!("package a\n{}", "use a\n".repeat(MEBIBYTE / 6))),
    ];
    for (what, text) in texts {
        let (_, held, errors) = check(&text);
        assert!(errors > 0, "{what} are a contract");
        assert!(held < 64 * MEBIBYTE, "{what} take {held} bytes");
    }
}
