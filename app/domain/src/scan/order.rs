//! Places the structs of an update one by one, as a reader would, without decoding them.
//!
//! Refuses updates whose structs wait for each other in a circle (no reader could ever place them),
//! and cuts updates of many clients into portions that a reader can take one after the other.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::cursor::Cursor;
use super::ranges::{Ranges, contains};
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

/// Structs of one client that can be placed one after the other.
pub(super) struct Run<'a> {
    pub(super) client: u64,
    pub(super) clock: u32,
    pub(super) structs: usize,
    pub(super) bytes: &'a [u8],
}

/// Clients that wait for a client's clock, the lowest clock first.
type Waiting = BTreeMap<u64, BinaryHeap<Reverse<(u32, u64)>>>;

/// Places all structs and shows the runs in an order in which nothing waits. Each struct is looked at
/// twice at most, so this costs O(bytes log clients); it holds O(clients).
pub(super) fn place<'a>(
    sections: &mut BTreeMap<u64, Section<'a>>,
    inserts: &BTreeMap<u64, Ranges>,
    mut show: impl FnMut(Run<'a>),
) -> Result<()> {
    let mut waiting = Waiting::new();
    let mut ready: Vec<u64> = sections.keys().copied().collect();
    while let Some(client) = ready.pop() {
        let Some(mut section) = sections.remove(&client) else { continue };
        let run = advance(&mut section, sections, inserts, &mut waiting)?;
        if run.structs > 0 {
            show(run);
        }
        let reached = section.clock;
        let finished = section.left == 0;
        if !finished {
            sections.insert(client, section);
        }
        let Some(heap) = waiting.get_mut(&client) else { continue };
        while let Some(Reverse((clock, waiter))) = heap.peek().copied() {
            if clock >= reached && !finished {
                break;
            }
            heap.pop();
            ready.push(waiter);
        }
    }
    if !sections.is_empty() {
        return Err(Error::malformed("structs that wait for each other"));
    }
    Ok(())
}

/// Places structs of one client until one has to wait.
fn advance<'a>(
    section: &mut Section<'a>,
    others: &BTreeMap<u64, Section<'_>>,
    inserts: &BTreeMap<u64, Ranges>,
    waiting: &mut Waiting,
) -> Result<Run<'a>> {
    let start = section.cursor.clone();
    let (client, clock, left) = (section.client, section.clock, section.left);
    while section.left > 0 {
        let (next, after) = section.peek()?;
        let origins = [next.origin, next.right_origin].into_iter().flatten();
        if let Some((other, clock)) = origins.into_iter().find(|id| is_ahead(*id, others, inserts))
        {
            waiting.entry(other).or_default().push(Reverse((clock, client)));
            break;
        }
        section.cursor = after;
        section.clock = next.clock_end();
        section.left -= 1;
    }
    let bytes = start.between(start.position(), section.cursor.position());
    Ok(Run { client, clock, structs: left - section.left, bytes })
}

/// Whether `id` is inserted by this update and not placed yet.
fn is_ahead(
    (other, clock): Id,
    others: &BTreeMap<u64, Section<'_>>,
    inserts: &BTreeMap<u64, Ranges>,
) -> bool {
    others.get(&other).is_some_and(|section| clock >= section.clock)
        && inserts.get(&other).is_some_and(|ranges| contains(ranges, clock))
}
