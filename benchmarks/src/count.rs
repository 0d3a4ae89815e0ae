//! A counter of allocations. It counts between `start` and `stop`, and only what the thread that counts allocates and frees.
//! Timed code uses the system's allocator and pays only for the check of a flag.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Switched;

#[global_allocator]
static ALLOCATOR: Switched = Switched;

thread_local! {
    static COUNTING: Cell<bool> = const { Cell::new(false) };
    static COUNTED: Cell<Counted> = const { Cell::new(Counted::NOTHING) };
}

/// The counted allocations and their bytes. A block that grows adds its new bytes, but is not another allocation.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub bytes: usize,
    pub allocations: usize,
    /// The bytes that are not freed yet.
    held: isize,
    /// The most bytes that were held at one time.
    pub peak: isize,
}

impl Counted {
    const NOTHING: Self = Self { bytes: 0, allocations: 0, held: 0, peak: 0 };
}

/// Starts to count from zero.
pub fn start() {
    COUNTED.set(Counted::NOTHING);
    COUNTING.set(true);
}

/// Stops to count, and returns the counts.
pub fn stop() -> Counted {
    COUNTING.set(false);
    COUNTED.get()
}

#[cold]
fn add(bytes: usize, allocations: usize, held: isize) {
    let mut counted = COUNTED.get();
    counted.bytes += bytes;
    counted.allocations += allocations;
    counted.held += held;
    counted.peak = counted.peak.max(counted.held);
    COUNTED.set(counted);
}

fn signed(bytes: usize) -> isize {
    bytes.try_into().unwrap_or(isize::MAX)
}

// SAFETY: every call is passed unchanged to the system's allocator.
unsafe impl GlobalAlloc for Switched {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if COUNTING.get() {
            add(layout.size(), 1, signed(layout.size()));
        }
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if COUNTING.get() {
            add(layout.size(), 1, signed(layout.size()));
        }
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if COUNTING.get() {
            add(size.saturating_sub(layout.size()), 0, signed(size) - signed(layout.size()));
        }
        unsafe { System.realloc(block, layout, size) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if COUNTING.get() {
            add(0, 0, -signed(layout.size()));
        }
        unsafe { System.dealloc(block, layout) }
    }
}
