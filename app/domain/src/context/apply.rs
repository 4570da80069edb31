//! Applying updates from elsewhere.

use std::collections::HashSet;

use yrs::updates::decoder::Decode;
use yrs::{Transact, TransactionMut, Update};

use super::cut::cut;
use super::order::{Ordered, Scanned, order};
use super::{Changes, Context};
use crate::scan::{Coverage, Relation, Scan, portions, scan_taken};
use crate::{Error, Result};

impl Context {
    /// Scans and applies an update, whatever its size: what many came to may be larger than one that
    /// is sent. One that builds on what is not here waits ([`Context::waiting`]) until that comes; yrs
    /// itself never sees a gap.
    ///
    /// # Errors
    /// Those of [`crate::scan::scan_taken`]; then nothing was applied.
    pub fn apply(&mut self, update: &[u8]) -> Result<Changes> {
        self.apply_all([update])
    }

    /// Applies many updates as one; for loading.
    ///
    /// # Errors
    /// As [`Context::apply`]; then nothing was applied.
    pub fn apply_all<'a>(
        &mut self,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Changes> {
        let scanned: Vec<Scanned<'_>> = updates.into_iter().map(scan_one).collect::<Result<_>>()?;
        let applied = self.integrate_all(scanned)?;
        Ok(if applied > 0 { self.settle(true).0 } else { Changes::default() })
    }

    /// Applies as one what can be read of many updates; what changed, and how many were damaged.
    pub fn apply_readable<'a>(
        &mut self,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> (Changes, u32) {
        let (mut scanned, mut damaged) = (Vec::new(), 0);
        for update in updates {
            match scan_one(update) {
                Ok(one) => scanned.push(one),
                Err(_) => damaged += 1,
            }
        }
        let readable: Vec<&[u8]> = scanned.iter().map(|(_, update)| *update).collect();
        if self.integrate_all(scanned).is_err() {
            for update in readable {
                let alone = scan_one(update).and_then(|one| self.integrate_all(vec![one]));
                damaged += u32::from(alone.is_err());
            }
        }
        (self.settle(true).0, damaged)
    }

    /// Applies updates and those that waited for them; how many bytes that were.
    fn integrate_all(&mut self, scanned: Vec<Scanned<'_>>) -> Result<usize> {
        if scanned.iter().all(|(scan, _)| self.coverage.relation(scan) == Relation::Known) {
            return Ok(0);
        }
        let waited = std::mem::take(&mut self.waiting);
        let all = waited.iter().filter_map(|update| scan_one(update).ok()).chain(scanned);
        let Ordered { ready, waiting } = order(&self.coverage, all.collect());
        let applied = self.integrate_ordered(&ready);
        if applied.is_ok() {
            let places: HashSet<*const u8> = waited.iter().map(Vec::as_ptr).collect();
            self.unblocked |= ready.iter().any(|(_, update)| places.contains(&update.as_ptr()));
        }
        self.waiting = match applied {
            Ok(_) => waiting.into_iter().map(Vec::from).collect(),
            Err(_) => waited,
        };
        applied
    }

    fn integrate_ordered(&mut self, ready: &[Scanned<'_>]) -> Result<usize> {
        let mut applied = 0;
        for together in ready.chunk_by(fits_together()) {
            let mut txn = self.doc.transact_mut_with("remote");
            cut(&mut txn, &self.map, &self.coverage, together)?;
            for (scan, update) in together {
                integrate(&mut txn, &mut self.coverage, scan, update)?;
                applied += update.len();
            }
        }
        self.bytes += applied;
        Ok(applied)
    }
}

fn scan_one(update: &[u8]) -> Result<Scanned<'_>> {
    Ok((scan_taken(update)?, update))
}

/// Bytes of updates that are applied in one transaction.
const TOGETHER_BYTES: usize = 16 * 1024;

/// Says of an update and the one after it whether they are applied in one transaction. A large one is alone:
/// a small one after it cuts what it brought, so that has to be there first. Many small ones are several
/// transactions: at the end of each, yrs joins what belongs together from the last to the first, and
/// copies all that follows for each.
fn fits_together<'a>() -> impl FnMut(&Scanned<'a>, &Scanned<'a>) -> bool {
    let mut bytes = 0;
    move |(_, one), (_, next)| {
        bytes += one.len();
        let fits = bytes + next.len() <= TOGETHER_BYTES;
        if !fits {
            bytes = 0;
        }
        fits
    }
}

fn integrate(
    txn: &mut TransactionMut<'_>,
    coverage: &mut Coverage,
    scan: &Scan,
    update: &[u8],
) -> Result<()> {
    match portions(update, scan)? {
        None => integrate_portion(txn, update)?,
        Some(portions) => {
            portions.iter().try_for_each(|portion| integrate_portion(txn, portion))?;
        }
    }
    coverage.add(scan);
    Ok(())
}

/// Neither step can fail on what was scanned; if one ever does, the update is not noted as here.
fn integrate_portion(txn: &mut TransactionMut<'_>, update: &[u8]) -> Result<()> {
    let decoded = Update::decode_v1(update).map_err(|_| Error::malformed("update"))?;
    txn.apply_update(decoded).map_err(|_| Error::malformed("update"))
}
