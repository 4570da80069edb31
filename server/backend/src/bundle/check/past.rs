//! Reading the history.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use holdfast_domain::Result;
use holdfast_domain::bundle::{Flaw, HISTORY, Manifest};
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::{Coverage, Relation, Scan, scan};

use super::{bad, check_time};
use crate::bundle::history::Row;
use crate::bundle::replay::Replay;
use crate::bundle::unzip::Archive;

/// What an update of a row takes in the log beside itself.
const FRAME_BYTES: usize = 4;

/// The history so far, and the bytes of the log up to each row that has a snapshot.
pub(super) struct Past {
    pub(super) replay: Replay,
    pub(super) sizes: BTreeMap<i64, i64>,
}

impl Past {
    pub(super) fn read<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        manifest: &Manifest,
        whole: &Scan,
        now: i64,
    ) -> Result<()> {
        let mut known = Coverage::default();
        known.add(whole);
        let mut file = archive.file(HISTORY)?;
        let (mut rows, mut updates, mut size) = (0_u64, 0_u64, 0_i64);
        while let Some(row) = Row::read(&mut file)? {
            check_time(row.at, now)?;
            rows += 1;
            updates += row.updates.len() as u64;
            let framed = row.bytes() + row.updates.len() * FRAME_BYTES;
            size = size.saturating_add(i64::try_from(framed).unwrap_or(i64::MAX));
            if row.author >= manifest.authors || rows > manifest.rows {
                return Err(bad(Flaw::History));
            }
            self.take(row, &known)?;
            let seq = i64::try_from(rows).map_err(|_| bad(Flaw::History))?;
            if let Some(at_snapshot) = self.sizes.get_mut(&seq) {
                *at_snapshot = size;
            }
        }
        if (rows, updates) == (manifest.rows, manifest.updates) {
            Ok(())
        } else {
            Err(bad(Flaw::History))
        }
    }

    /// Each update adds something, to what is before it, that is in the context or was deleted from it.
    fn take(&mut self, row: Row, known: &Coverage) -> Result<()> {
        for update in row.updates {
            let scan = scan(&update, CONTEXT_BYTES)?;
            if known.relation(&scan) != Relation::Known {
                return Err(bad(Flaw::Context));
            }
            self.replay.add(&scan, update)?.ok_or_else(|| bad(Flaw::History))?;
        }
        Ok(())
    }
}
