//! A library that reads a format may give up on a broken file by a panic. That is a damaged file and no bug of ours: the panic
//! ends here and is not reported as one.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs what a library does with a file; `None` where it panics. What it was given is not looked at again then.
pub fn guarded<T>(run: impl FnOnce() -> T) -> Option<T> {
    let outside = INSIDE.replace(true);
    let done = catch_unwind(AssertUnwindSafe(run));
    INSIDE.set(outside);
    done.ok()
}

/// Whether this thread is in such a library.
pub fn is_inside() -> bool {
    INSIDE.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_where_it_is_guarded() {
        assert_eq!(guarded(|| [1, 2].iter().sum::<i32>()), Some(3));
        assert_eq!(guarded(|| is_inside().then(|| Vec::<u8>::new().remove(0))), None);
        assert!(!is_inside());
    }
}
