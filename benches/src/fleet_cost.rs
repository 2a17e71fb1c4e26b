//! What it costs to check two hundred contracts together, beside the same text in one root: all of them, and one that changed.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

use slo_compiler::fleet::{self, Said};
use slo_compiler::{compile, load};

/// How often each is checked; the median is shown.
const RUNS: usize = 9;

const MEMBERS: usize = 200;

const MANIFEST: &str = "version = \"1.0.0\"\nslo = \"0.1\"\n\n[vocabularies]\n\"std.otel\" = \"1.44.0\"\n";

/// A service with ten attributes of its own, a meaning, and eight events.
fn service(number: usize) -> String {
    let mut text = format!(
        "package services.s{number}\n\nuse std.otel\n\nresource Service {{\n    service.name:    static=\"s{number}\"\n    service.version: env=VERSION, default=\"0\"\n}}\n\nscope Work {{}}\n\n"
    );
    for key in 0..10 {
        writeln!(text, "/// What the work is about.\nattribute s{number}.key{key}: string, max=64").unwrap();
    }
    text.push_str("\n/// How it ended.\nmeaning Outcome {\n");
    for variant in 0..8 {
        writeln!(
            text,
            "    V{variant} \"it ended so\" {{\n        metric {{ status = \"v{variant}\" }}\n        log warn {{ reason = \"r{variant}\" }}\n        span error {{ cause = \"c{variant}\" }}\n    }}"
        )
        .unwrap();
    }
    text.push_str("}\n");
    for event in 0..8 {
        let mut fields = String::new();
        for key in 0..10 {
            writeln!(fields, "    f{key}: s{number}.key{key}").unwrap();
        }
        writeln!(
            text,
            "\n/// A piece of work.\nevent E{event} in Work {{\n    outcome: Outcome\n    route: http.route, bounded=20, other=\"_OTHER\"\n    elapsed: duration(s)\n{fields}    metric s{number}.work{event}: counter, unit=\"{{work}}\", points=2_000 {{ outcome, route }}\n    metric s{number}.work{event}.duration: histogram, unit=\"s\", value=elapsed, buckets=[0.01, 0.1, 1, 10] {{ outcome }}\n    log s{number}.work{event}\n    span \"work {event}\": internal\n}}"
        )
        .unwrap();
    }
    text
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The median of some runs, in milliseconds.
fn median(mut run: impl FnMut()) -> f64 {
    let mut took: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[RUNS / 2]
}

fn main() {
    let (together, alone) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(together.path(), "slo.toml", "[workspace]\nmembers = [\"services/*\"]\n");
    write(alone.path(), "slo.toml", &format!("name = \"all\"\n{MANIFEST}"));
    let mut bytes = 0;
    for number in 0..MEMBERS {
        let text = service(number);
        bytes += text.len();
        let root = format!("services/s{number}");
        write(together.path(), &format!("{root}/slo.toml"), &format!("name = \"s{number}\"\n{MANIFEST}"));
        write(together.path(), &format!("{root}/service.slo"), &text);
        write(alone.path(), &format!("s{number}/service.slo"), &text);
    }
    let check = |said: &Said| {
        let fleet = fleet::check(&load::workspace(together.path(), &[], None).unwrap(), said);
        assert!(fleet.diagnostics.is_empty(), "{:#?}", fleet.diagnostics.first());
        std::mem::forget(fleet);
    };
    let one_root = median(|| std::mem::forget(compile(&load::load(alone.path()).unwrap())));
    let all = median(|| check(&Said::All));
    let one = median(|| check(&Said::Of(vec![7])));
    println!("| {MEMBERS} contracts, {} KiB | ms | of one root |", bytes / 1024);
    println!("|---|---|---|");
    println!("| the same text in one root | {one_root:.0} | 1.0 |");
    println!("| a workspace, all members | {all:.0} | {:.1} |", all / one_root);
    println!("| a workspace, one member that changed | {one:.0} | {:.1} |", one / one_root);
}
