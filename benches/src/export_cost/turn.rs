//! One turn of one set-up, as a program of its own.

use std::hint::black_box;
use std::time::{Duration, Instant};

use slo_benches::emission::{Attempt, Form, Outcome, Over, warm};

use super::measured::Measured;
use super::setup::SETUPS;

/// How an event is recorded: one that is over, and one that runs with its span in a context.
pub(crate) const KINDS: [&str; 2] = ["`record`", "`begin` … end"];

/// How many events are recorded a second, by all threads.
const PACE: f64 = 20_000.0;

/// How many a thread records in a row.
const GROUP: u64 = 50;

/// How many groups nothing is made of: the first ones make what a thread has of its own.
const UNCOUNTED: u64 = 8;

/// The set-up's name, threads, seconds, and where the receiver is.
pub(crate) fn run(arguments: &[String]) {
    let [name, threads, seconds, endpoint] = arguments else { unreachable!("the program starts itself") };
    let setup = SETUPS.iter().find(|setup| setup.name == name).unwrap();
    let (threads, seconds) = (threads.parse::<usize>().unwrap(), seconds.parse::<f64>().unwrap());
    let running = (setup.start)(endpoint);
    let form = &*running.form;
    let mut measured = Measured::of(warm(form));
    running.flush();
    let pause = Duration::from_secs_f64(GROUP as f64 * threads as f64 / PACE);
    let groups = (seconds / pause.as_secs_f64()) as u64 + UNCOUNTED;
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads)
            .map(|thread| {
                // Threads don't start all at once.
                let begun = begun + pause * thread as u32 / threads as u32;
                scope.spawn(move || record(form, begun, pause, groups))
            })
            .collect();
        for thread in all {
            measured.add(thread.join().unwrap());
        }
    });
    running.end();
    print!("{}", measured.write());
}

/// Records so many groups, one after each pause.
fn record(form: &dyn Form, begun: Instant, pause: Duration, groups: u64) -> Measured {
    let mut measured = Measured::of(groups * GROUP);
    let attempt = Attempt::at_known_route();
    let over = Over::example();
    for group in 0..groups {
        let due = begun + pause * group as u32;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let kind = (group % 2) as usize;
        let once = || match kind {
            0 => form.record(black_box(&attempt), black_box(Outcome::Succeeded), black_box(over)),
            _ => form.guard(black_box(&attempt), &mut || black_box(Outcome::Succeeded)),
        };
        if group / 2 % 2 == 0 {
            let begun = Instant::now();
            (0..GROUP).for_each(|_| once());
            let took = begun.elapsed().as_nanos() as f64 / GROUP as f64;
            if group >= UNCOUNTED {
                measured.whole(kind, took);
            }
        } else {
            for _ in 0..GROUP {
                let begun = Instant::now();
                once();
                let took = begun.elapsed().as_nanos() as f64;
                if group >= UNCOUNTED {
                    measured.single(kind, took);
                }
            }
        }
    }
    measured
}
