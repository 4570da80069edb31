//! What changed between two readings of a text, and where it is after further changes. Places are bytes, at the
//! borders of characters.

/// The one stretch in which two readings differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) at: usize,
    /// So much of the first reading is gone.
    removed: usize,
    /// So much of the second one is new.
    pub(super) inserted: usize,
}

/// `None` where they are the same. What both begin with stays as far as it goes, then what both end with.
pub(super) fn changed(before: &str, after: &str) -> Option<Changed> {
    if before == after {
        return None;
    }
    let same = |(one, other): &(char, char)| one == other;
    let bytes = |(character, _): (char, char)| character.len_utf8();
    let at = before.chars().zip(after.chars()).take_while(same).map(bytes).sum();
    let (before, after) = (before.get(at..)?, after.get(at..)?);
    let ends = before.chars().rev().zip(after.chars().rev());
    let end: usize = ends.take_while(same).map(bytes).sum();
    Some(Changed { at, removed: before.len() - end, inserted: after.len() - end })
}

/// A stretch of the text that is marked for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) number: u64,
    pub(super) from: usize,
    pub(super) to: usize,
    /// The number of the colour; `None`: nobody's.
    pub(super) peer: Option<usize>,
}

impl Mark {
    /// Where it is after a change. What was put in right before or behind it is not of it.
    pub(super) fn after(self, changed: Changed) -> Self {
        let Changed { at, removed, inserted } = changed;
        let moved = |place: usize| place - removed + inserted;
        let from = match self.from {
            from if from < at => from,
            from if from >= at + removed => moved(from),
            _ => at + inserted,
        };
        let to = match self.to {
            to if to <= at => to,
            to if to >= at + removed => moved(to),
            _ => at,
        };
        Self { from, to: to.max(from), ..self }
    }
}

/// A text, cut at its marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cut {
    /// Each mark's number, what stands between the one before and it, and what is marked.
    pub(super) pieces: Vec<(u64, String, String)>,
    /// What follows the last one.
    pub(super) rest: String,
}

impl Cut {
    /// `marks` are in the order of their places; of two that overlap the first one has it all.
    pub(super) fn new(text: &str, marks: &[Mark]) -> Self {
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
        let mut at = 0;
        let pieces = marks.iter().map(|mark| {
            let from = mark.from.clamp(at, text.len());
            let to = mark.to.clamp(from, text.len());
            let piece = (mark.number, part(at, from), part(from, to));
            at = to;
            piece
        });
        let pieces = pieces.collect();
        Self { pieces, rest: part(at, text.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(before: &str, after: &str) -> Option<(usize, usize, usize)> {
        changed(before, after).map(|changed| (changed.at, changed.removed, changed.inserted))
    }

    fn mark(number: u64, from: usize, to: usize) -> Mark {
        Mark { number, from, to, peer: None }
    }

    #[test]
    fn tab_3_what_others_changed_in_a_text_is_found() {
        assert_eq!(range("abc", "abc"), None);
        assert_eq!(range("", ""), None);
        // In between, at the beginning, at the end.
        assert_eq!(range("ad", "abcd"), Some((1, 0, 2)));
        assert_eq!(range("c", "abc"), Some((0, 0, 2)));
        assert_eq!(range("a", "abc"), Some((1, 0, 2)));
        assert_eq!(range("abcd", "ad"), Some((1, 2, 0)));
        assert_eq!(range("abc", "c"), Some((0, 2, 0)));
        assert_eq!(range("abc", "a"), Some((1, 2, 0)));
        assert_eq!(range("abcd", "axyd"), Some((1, 2, 2)));
        assert_eq!(range("abc", "xyc"), Some((0, 2, 2)));
        assert_eq!(range("abc", "axyz"), Some((1, 2, 3)));
        assert_eq!(range("", "abc"), Some((0, 0, 3)));
        assert_eq!(range("abc", ""), Some((0, 3, 0)));
        // What both begin with is never counted a second time as their end.
        assert_eq!(range("aa", "aaa"), Some((2, 0, 1)));
        assert_eq!(range("aaa", "aa"), Some((2, 1, 0)));
    }

    #[test]
    fn tab_3_what_others_changed_never_splits_a_character() {
        // U+1F600 and U+1F601 share three of four bytes, ü and ý one of two.
        assert_eq!(range("x😀y", "x😁y"), Some((1, 4, 4)));
        assert_eq!(range("ü", "ý"), Some((0, 2, 2)));
        assert_eq!(range("Bodø", "Bodøø"), Some((5, 0, 2)));
        assert_eq!(range("øre", "øøre"), Some((2, 0, 2)));
    }

    #[test]
    fn tab_3_a_mark_stays_on_its_words() {
        let after = |before: &str, after: &str| {
            let mark = mark(1, 2, 4).after(changed(before, after).unwrap());
            (mark.from, mark.to)
        };
        assert_eq!(after("abCDef", "xabCDef"), (3, 5));
        assert_eq!(after("abCDef", "abxCDef"), (3, 5));
        assert_eq!(after("abCDef", "abCxDef"), (2, 5));
        assert_eq!(after("abCDef", "abCDxef"), (2, 4));
        assert_eq!(after("abCDef", "aDef"), (1, 2));
        assert_eq!(after("abCDef", "abCf"), (2, 3));
        assert_eq!(after("abCDef", "axyf"), (3, 3));
        assert_eq!(after("abCDef", ""), (0, 0));
    }

    #[test]
    fn tab_3_a_text_is_cut_at_its_marks_and_stays_whole() {
        let cut = Cut::new("Ferry to Å", &[mark(7, 0, 5), mark(8, 9, 11)]);
        let piece = |number, before: &str, inside: &str| (number, before.into(), inside.into());
        assert_eq!(cut.pieces, [piece(7, "", "Ferry"), piece(8, " to ", "Å")]);
        assert_eq!(cut.rest, "");
        // One within another, and one behind the end.
        let cut = Cut::new("abcd", &[mark(1, 1, 3), mark(2, 2, 3), mark(3, 9, 9)]);
        assert_eq!(cut.pieces, [piece(1, "a", "bc"), piece(2, "", ""), piece(3, "d", "")]);
        assert_eq!(cut.rest, "");
        assert_eq!(Cut::new("ab", &[]).rest, "ab");
    }
}
