//! The repository's README shows what this program prints, and the picture beside it says the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use payments::{Evidence, Instrumentation, Machine, Row, judge};

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap()
}

/// The indented blocks of the README, without their indentation.
fn blocks() -> Vec<String> {
    let mut blocks = vec![String::new()];
    let readme = file("README.md");
    // An empty line within a block is followed by one that is indented.
    let mut lines = readme.lines().peekable();
    while let Some(line) = lines.next() {
        let next_is_indented = lines.peek().is_some_and(|next| next.starts_with("    "));
        let block = blocks.last_mut().unwrap();
        match line.strip_prefix("    ") {
            Some(line) => block.push_str(&format!("{line}\n")),
            None if block.is_empty() => {}
            None if line.is_empty() && next_is_indented => block.push('\n'),
            None => blocks.push(String::new()),
        }
    }
    blocks
}

/// The block that begins like this.
fn block(begins: &str) -> String {
    let block = blocks().into_iter().find(|block| block.trim_start().starts_with(begins));
    block.unwrap_or_else(|| panic!("the README has no block that begins with `{begins}`"))
}

#[test]
fn the_resource_is_the_one_that_is_printed() {
    let printed = Command::new(env!("CARGO_BIN_EXE_payments"))
        .arg("resource")
        .env_remove("SERVICE_VERSION")
        .output()
        .unwrap();
    assert!(printed.status.success(), "{printed:?}");
    assert_eq!(block("the struct gives"), String::from_utf8(printed.stdout).unwrap());
}

/// A run's cells of a row, such as `150 of 150  100 %  90  90  90`.
struct Figures {
    joined: u64,
    requests: u64,
    percent: u64,
    /// As it is written: the 95th of a hundred.
    p95: String,
}

/// The figures of a row of the table: a run's after the other's.
fn figures(line: &str) -> Vec<Figures> {
    let cells: Vec<&str> = line.split_whitespace().collect();
    let number = |cell: &str| cell.parse::<u64>().unwrap_or_else(|_| panic!("`{cell}` in `{line}`"));
    let runs = cells.chunks_exact(8);
    assert!(runs.remainder().is_empty(), "{line}");
    let run = |cells: &[&str]| {
        assert_eq!((cells[1], cells[4]), ("of", "%"), "{line}");
        Figures {
            joined: number(cells[0]),
            requests: number(cells[2]),
            percent: number(cells[3]),
            p95: cells[6].to_owned(),
        }
    };
    runs.map(run).collect()
}

/// The table's rows, as they are judged and as the README has them.
fn rows() -> Vec<(Row, Vec<Figures>)> {
    let rows = judge(&Evidence::default(), Instrumentation::Plain);
    let table = block("plain");
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(names, ["plain", "contract"]);
    let headings: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(headings[..4], ["row", "of", "each", "request"]);
    assert_eq!(headings[4..], [["joined", "p50", "p95", "p99"]; 2].concat());
    let mut read = Vec::new();
    for row in rows {
        let line = lines.next().unwrap_or_default();
        let (begin, name) = (format!("{} ", row.number), format!("{} ", row.asks));
        let of_row =
            line.trim_start().strip_prefix(&begin).and_then(|rest| rest.trim_start().strip_prefix(&name));
        let of_row = of_row.unwrap_or_else(|| panic!("`{line}` is not row {}, `{}`", row.number, row.asks));
        read.push((row, figures(of_row)));
    }
    assert_eq!(lines.next(), Some(""), "there are rows that are not judged");
    read
}

#[test]
fn the_table_has_the_rows_that_are_judged() {
    for (row, figures) in rows() {
        let [plain, contract] = &figures[..] else { panic!("{row:?}") };
        assert!(plain.joined < plain.requests, "{row:?}");
        // Of these the teams have something in common.
        assert_eq!(plain.joined > 0, [2, 9, 11, 13].contains(&row.number), "{row:?}");
        assert_eq!((contract.joined, contract.percent), (contract.requests, 100), "{row:?}");
    }
}

/// The texts of the picture, in their order.
fn texts() -> Vec<String> {
    let text = |line: &str| {
        let (_, text) = line.strip_prefix("<text ")?.strip_suffix("</text>")?.split_once('>')?;
        Some(text.to_owned())
    };
    file("docs/payments.svg").lines().filter_map(text).collect()
}

#[test]
fn the_picture_says_the_same() {
    let texts = texts();
    let mut texts = texts.iter().map(String::as_str).skip_while(|text| !text.starts_with("2: "));
    for (row, figures) in rows() {
        assert_eq!(texts.next(), Some(format!("{}: {}", row.number, row.asks).as_str()));
        for run in figures {
            assert_eq!(
                texts.next(),
                Some(format!("{} % of {}", run.percent, run.requests).as_str()),
                "{row:?}"
            );
            let time = if run.p95 == "—" { run.p95 } else { format!("{} ms", run.p95) };
            assert_eq!(texts.next(), Some(time.as_str()), "{row:?}");
        }
    }
    let [intervals, runs] = texts.collect::<Vec<_>>()[..] else { panic!("the picture ends otherwise") };
    let table = block("plain");
    let lines: Vec<&str> = table.lines().collect();
    let [.., times, loads, machine] = lines[..] else { panic!("{table}") };
    assert_eq!(times.split_once(';').unwrap().1, intervals.split_once(';').unwrap().1);
    assert_eq!(runs, format!("{loads}. {machine}."));
}

#[test]
fn the_machine_is_named() {
    let table = block("plain");
    // Of a machine with a processor that its system names.
    let mut read = table.lines().last().unwrap().splitn(3, ", ");
    let cores = read.next().unwrap().trim_end_matches(" cores").trim_end_matches(" core").parse();
    let (processor, system) = (read.next().unwrap().to_owned(), read.next().unwrap().to_owned());
    let machine = Machine { cores: cores.unwrap(), processor: Some(processor), system };
    assert_eq!(table.lines().last(), Some(machine.to_string().as_str()));
}
