//! Cuts an update of many clients or many deletions into portions that take yrs no longer than they
//! should.
//!
//! Where one client builds on many others, yrs fetches their structs early and then steps over each
//! of their empty queues by a recursive call: 90,000 clients in 2 MB overflow its stack.

use std::collections::BTreeMap;

use super::cursor::{Cursor, write_var};
use super::halves::halves;
use super::order::{Run, place};
use super::{Scan, TAKEN, read_sections};
use crate::Result;

/// Clients of one portion; a recursion as deep as this fits any stack.
const CLIENTS: usize = 256;
/// Deletions that are applied as they come.
const DELETIONS: usize = 256;

/// The portions of an update, of which `scan` was read, in an order in which each builds on those
/// before it only; the deletions come last. `None`: it is small enough as it is.
pub(crate) fn portions(update: &[u8], scan: &Scan) -> Result<Option<Vec<Vec<u8>>>> {
    let mut cursor = Cursor::new(update);
    let few_clients = cursor.clone().count()? <= CLIENTS;
    let few_deletions = scan.deletes.values().map(Vec::len).sum::<usize>() <= DELETIONS;
    if few_clients && few_deletions {
        return Ok(None);
    }
    let mut sections = read_sections(&mut cursor, &mut Scan::default(), &TAKEN)?;
    if few_clients {
        let mut portions = vec![[cursor.between(0, cursor.position()), &[0]].concat()];
        portions.extend(halves(&scan.deletes));
        return Ok(Some(portions));
    }
    let mut portions = Vec::new();
    let mut portion = Portion::new();
    place(&mut sections, &scan.inserts, |run| {
        if portion.len() == CLIENTS && !portion.contains_key(&run.client) {
            portions.push(encode(&std::mem::take(&mut portion)));
        }
        portion.entry(run.client).or_default().push(run);
    })?;
    portions.push(encode(&portion));
    portions.extend(halves(&scan.deletes));
    Ok(Some(portions))
}

/// A client's runs follow each other without a gap: they are in its clock's order and none is left out.
type Portion<'a> = BTreeMap<u64, Vec<Run<'a>>>;

fn encode(portion: &Portion<'_>) -> Vec<u8> {
    let mut update = Vec::new();
    write_var(&mut update, portion.len() as u64);
    for (client, runs) in portion {
        let structs: usize = runs.iter().map(|run| run.structs).sum();
        write_var(&mut update, structs as u64);
        write_var(&mut update, *client);
        write_var(&mut update, u64::from(runs.first().map_or(0, |run| run.clock)));
        for run in runs {
            update.extend_from_slice(run.bytes);
        }
    }
    write_var(&mut update, 0);
    update
}
