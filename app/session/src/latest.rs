//! Answers that overtake each other: what was asked for later knows more.

use std::cell::Cell;

/// Of one thing that is asked for again and again.
#[derive(Default)]
pub(crate) struct Latest {
    asked: Cell<u64>,
    heard: Cell<u64>,
}

/// When something was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked(u64);

impl Latest {
    /// To be called before asking.
    pub(crate) fn ask(&self) -> Asked {
        self.asked.set(self.asked.get() + 1);
        Asked(self.asked.get())
    }

    /// Takes note of an answer; `false`: a later one was heard already, so this one says nothing. One that brings
    /// nothing counts for as long as nothing else does.
    pub(crate) fn hear<T, E>(&self, asked: Asked, answer: &Result<T, E>) -> bool {
        if asked.0 < self.heard.get() {
            return false;
        }
        if answer.is_ok() {
            self.heard.set(asked.0);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snap_2_an_answer_that_was_overtaken_says_nothing() {
        let latest = Latest::default();
        let (first, second, third) = (latest.ask(), latest.ask(), latest.ask());
        let (good, bad) = (Ok::<_, ()>(()), Err::<(), _>(()));
        assert!(latest.hear(second, &good));
        assert!(!latest.hear(first, &good) && !latest.hear(first, &bad));
        // A later one that failed knows nothing more.
        assert!(latest.hear(third, &bad) && latest.hear(second, &good));
        assert!(latest.hear(third, &good) && !latest.hear(second, &good));
    }
}
