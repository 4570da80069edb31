//! Refuses updates whose structs wait for each other in a circle: no reader could ever place them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::cursor::Cursor;
use super::ranges::Ranges;
use super::structs::{Id, Struct, read_struct};
use crate::{Error, Result};

/// One client's structs in an update that was read before.
pub(super) struct Section<'a> {
    cursor: Cursor<'a>,
    client: u64,
    clock: u32,
    left: usize,
}

impl<'a> Section<'a> {
    pub(super) fn new(cursor: &Cursor<'a>, client: u64, clock: u32, left: usize) -> Self {
        Self { cursor: cursor.clone(), client, clock, left }
    }

    /// The next struct, without going past it.
    fn peek(&self) -> Result<(Struct<'a>, Cursor<'a>)> {
        let mut cursor = self.cursor.clone();
        let next = read_struct(&mut cursor, self.client, self.clock)?;
        Ok((next, cursor))
    }
}

/// Places the structs one by one as a reader would. Each struct waits at most twice, so this is
/// O(bytes log clients); it holds O(clients).
pub(super) fn check_order(
    sections: &mut BTreeMap<u64, Section<'_>>,
    inserts: &BTreeMap<u64, Ranges>,
) -> Result<()> {
    let mut waiting: BTreeMap<u64, BinaryHeap<Reverse<(u32, u64)>>> = BTreeMap::new();
    let mut ready: Vec<u64> = sections.keys().copied().collect();
    let mut unfinished = ready.len();
    while let Some(client) = ready.pop() {
        let Some(reached) = advance(client, sections, inserts, &mut waiting)? else { continue };
        if reached.finished {
            unfinished -= 1;
        }
        let Some(heap) = waiting.get_mut(&client) else { continue };
        while let Some(Reverse((clock, waiter))) = heap.peek().copied() {
            if clock >= reached.clock {
                break;
            }
            heap.pop();
            ready.push(waiter);
        }
    }
    if unfinished > 0 {
        return Err(Error::malformed("structs that wait for each other"));
    }
    Ok(())
}

struct Reached {
    clock: u32,
    finished: bool,
}

/// Places structs of one client until one has to wait.
fn advance(
    client: u64,
    sections: &mut BTreeMap<u64, Section<'_>>,
    inserts: &BTreeMap<u64, Ranges>,
    waiting: &mut BTreeMap<u64, BinaryHeap<Reverse<(u32, u64)>>>,
) -> Result<Option<Reached>> {
    let Some(mut section) = sections.remove(&client) else { return Ok(None) };
    let mut finished = true;
    while section.left > 0 {
        let (next, after) = section.peek()?;
        let missing = [next.origin, next.right_origin]
            .into_iter()
            .flatten()
            .find(|id| is_ahead(*id, client, sections, inserts));
        if let Some((other, clock)) = missing {
            waiting.entry(other).or_default().push(Reverse((clock, client)));
            finished = false;
            break;
        }
        section.cursor = after;
        section.clock = next.clock_end();
        section.left -= 1;
    }
    let reached = Reached { clock: if finished { u32::MAX } else { section.clock }, finished };
    if !finished {
        sections.insert(client, section);
    }
    Ok(Some(reached))
}

/// Whether `id` is inserted by this update and not placed yet.
fn is_ahead(
    (other, clock): Id,
    client: u64,
    sections: &BTreeMap<u64, Section<'_>>,
    inserts: &BTreeMap<u64, Ranges>,
) -> bool {
    other != client
        && sections.get(&other).is_some_and(|section| clock >= section.clock)
        && inserts.get(&other).is_some_and(|ranges| super::ranges::contains(ranges, clock))
}
