//! Work on many things at once, whose outcomes come in the order of the things.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How often somebody who waits is told how far the work is.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// How many threads are meant: all cores if nobody said.
pub(crate) fn count(wanted: Option<usize>) -> usize {
    let all = || thread::available_parallelism().map_or(1, usize::from);
    wanted.unwrap_or_else(all).clamp(1, 256)
}

/// Does `work` on each thing and gives the outcomes to `each`, in order; `wait` is called in between.
///
/// Nothing more is begun once `each` fails.
pub(crate) fn in_order<T: Sync, R: Send, E>(
    things: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
    mut each: impl FnMut(usize, R) -> Result<(), E>,
    mut wait: impl FnMut(),
) -> Result<(), E> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (to, from) = channel();
    thread::scope(|scope| {
        for _ in 0..threads.min(things.len()) {
            let (to, next, stop, work) = (to.clone(), &next, &stop, &work);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(thing) = things.get(number) else { return };
                    if to.send((number, work(thing))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to);
        let (mut early, mut due) = (BTreeMap::new(), 0);
        loop {
            match from.recv_timeout(TELL_EVERY) {
                Ok((number, outcome)) => drop(early.insert(number, outcome)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            while let Some(outcome) = early.remove(&due) {
                if let Err(error) = each(due, outcome) {
                    stop.store(true, Ordering::Relaxed);
                    return Err(error);
                }
                due += 1;
            }
            wait();
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_come_in_order() {
        let things: Vec<u64> = (0..100).collect();
        let mut seen = Vec::new();
        let slow = |it: &u64| {
            thread::sleep(Duration::from_micros((it * 7919) % 300));
            *it
        };
        let done: Result<(), ()> = in_order(
            &things,
            4,
            slow,
            |number, it| {
                assert_eq!(number as u64, it);
                seen.push(it);
                Ok(())
            },
            || {},
        );
        assert_eq!((done, &seen), (Ok(()), &things));
    }

    #[test]
    fn a_failure_ends_the_work() {
        let things: Vec<usize> = (0..10_000).collect();
        let begun = AtomicUsize::new(0);
        let work = |_: &usize| begun.fetch_add(1, Ordering::Relaxed);
        let done = in_order(
            &things,
            2,
            work,
            |number, _| if number < 3 { Ok(()) } else { Err("x") },
            || {},
        );
        assert_eq!(done, Err("x"));
        assert!(begun.load(Ordering::Relaxed) <= 10_000);
    }
}
