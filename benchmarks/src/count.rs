//! A counter of allocations. It counts between `start` and `stop`, and only allocations of the thread that counts.
//! Timed code uses the system's allocator and pays only for the check of a flag.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Switched;

#[global_allocator]
static ALLOCATOR: Switched = Switched;

thread_local! {
    static COUNTING: Cell<bool> = const { Cell::new(false) };
    static COUNTED: Cell<Counted> = const { Cell::new(Counted { bytes: 0, allocations: 0 }) };
}

/// The counted allocations and their bytes. A block that grows adds its new bytes, but is not another allocation.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub bytes: usize,
    pub allocations: usize,
}

/// Starts to count from zero.
pub fn start() {
    COUNTED.set(Counted { bytes: 0, allocations: 0 });
    COUNTING.set(true);
}

/// Stops to count, and returns the counts.
pub fn stop() -> Counted {
    COUNTING.set(false);
    COUNTED.get()
}

#[cold]
fn add(bytes: usize, allocations: usize) {
    let counted = COUNTED.get();
    COUNTED.set(Counted { bytes: counted.bytes + bytes, allocations: counted.allocations + allocations });
}

// SAFETY: every call is passed unchanged to the system's allocator.
unsafe impl GlobalAlloc for Switched {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if COUNTING.get() {
            add(layout.size(), 1);
        }
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if COUNTING.get() {
            add(layout.size(), 1);
        }
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if COUNTING.get() {
            add(size.saturating_sub(layout.size()), 0);
        }
        unsafe { System.realloc(block, layout, size) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}
