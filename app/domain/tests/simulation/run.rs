//! Runs seeds, on all cores, and says which failed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::counts::Counts;
use super::world::World;

const SEEDS: u64 = 2_000;

/// One run.
pub(super) fn run_seed(seed: u64, verbose: bool) -> Counts {
    let mut world = World::new(seed, verbose);
    world.live();
    world.heal();
    world.counts
}

/// `HOLDFAST_SEEDS` runs (2,000), or the one that `HOLDFAST_SEED` names.
pub(crate) fn run_all() {
    let number = |name| std::env::var(name).ok().map(|text| text.parse().expect("a number"));
    if let Some(seed) = number("HOLDFAST_SEED") {
        println!("seed {seed}: {}", run_seed(seed, true));
        return;
    }
    let seeds = number("HOLDFAST_SEEDS").unwrap_or(SEEDS);
    let started = Instant::now();
    let next = AtomicU64::new(0);
    let results = Mutex::new((Counts::default(), Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| run_some(&next, seeds, &results));
        }
    });
    let (counts, mut failed) = results.into_inner().unwrap();
    let seconds = started.elapsed().as_secs_f32();
    println!("simulation: {seeds} seeds in {seconds:.1} s: {counts}");
    failed.sort_unstable();
    assert!(
        failed.is_empty(),
        "seeds {failed:?} failed; for the story of one: HOLDFAST_SEED={} \
         cargo test -p holdfast-domain --test simulation -- --nocapture",
        failed[0]
    );
}

fn run_some(next: &AtomicU64, seeds: u64, results: &Mutex<(Counts, Vec<u64>)>) {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= seeds {
            return;
        }
        let run = catch_unwind(AssertUnwindSafe(|| run_seed(seed, false)));
        let (counts, failed) = &mut *results.lock().unwrap();
        match run {
            Ok(run) => counts.add(&run),
            Err(_) => {
                println!("seed {seed} failed");
                failed.push(seed);
            }
        }
    }
}
