//! What syn and prettyplease alone take to format emitted files, for `benchmarks/generate`: prints the seconds.
//!
//! Each file is parsed and printed on its own, as the generator formats each model on its own, by as many threads as
//! the machine has cores and with the allocator of the `dyntastic` command. Reading the files is not counted.
//!
//!     cargo run --release -p dyntastic-codegen --example format -- FOLDER

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program for measuring")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let folder = std::env::args_os().nth(1).unwrap();
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts: Vec<String> = paths.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let threads = std::thread::available_parallelism().unwrap().get();
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let formatted: usize = std::thread::scope(|scope| {
        let work = || {
            let mut formatted = 0;
            while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                formatted += prettyplease::unparse(&syn::parse_file(text).unwrap()).len();
            }
            formatted
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    let seconds = began.elapsed().as_secs_f64();
    assert!(formatted > 0, "there is nothing to format");
    println!("{seconds:.3}");
}
