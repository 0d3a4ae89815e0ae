//! Values that hold while a future or a stream is polled, for all that it calls.

use std::cell::RefCell;
use std::thread::LocalKey;

/// The values of the futures that a thread is polling, the outer ones first.
pub(crate) type Ambient<T> = LocalKey<RefCell<Vec<T>>>;

/// Polls something with a value beside those of the futures around it.
pub(crate) fn poll_within<T: 'static, R>(ambient: &'static Ambient<T>, value: T, poll: impl FnOnce() -> R) -> R {
    struct Scope<T: 'static>(&'static Ambient<T>);

    impl<T> Drop for Scope<T> {
        fn drop(&mut self) {
            self.0.with_borrow_mut(|values| drop(values.pop()));
        }
    }

    ambient.with_borrow_mut(|values| values.push(value));
    let _scope = Scope(ambient);
    poll()
}
