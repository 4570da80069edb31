//! Automatic snapshots (SNAP-5): the context as it was before the first change of an hour, and
//! before a large delete.

use holdfast_domain::Result;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::event::{EventKind, SnapshotChange};
use holdfast_domain::id::SnapshotId;
use holdfast_domain::snapshot::SnapshotKind;
use sqlx::AnyConnection;

use super::plan::{Plan, Step};
use crate::cipher::Key;
use crate::log::work::Work;
use crate::snapshots::NewSnapshot;
use crate::store::Store;

const HOUR_MS: u64 = 60 * 60 * 1000;

/// Takes one before the rows of this save, where one is due and none is there for this row, nor comes with the save.
pub(super) async fn protect(
    store: &Store,
    connection: &mut AnyConnection,
    work: &mut Work,
    key: &Key,
    plan: &Plan<'_>,
    now: i64,
) -> Result<()> {
    // Before or after: what a clock that was wrong has written counts no more once it is right again.
    let since_ms = now.abs_diff(work.row.automatic_at);
    let hourly = store.settings.hourly_snapshots && since_ms >= HOUR_MS;
    let name = match (plan.large_delete, hourly) {
        (true, _) => "Before a large delete",
        (false, true) => "Hourly",
        (false, false) => return Ok(()),
    };
    work.row.automatic_at = now;
    work.change();
    let brought = matches!(plan.steps.first(), Some(Step::Snapshot(_)));
    if brought || work.row.seq == 0 || NewSnapshot::exists_at(connection, &work.row).await? {
        return Ok(());
    }
    let id = SnapshotId::generate(&*store.environment);
    let kind = SnapshotKind::Automatic;
    let snapshot = NewSnapshot::new(&work.row, id, name, kind, now, &store.settings);
    snapshot.insert(store, connection, key).await?;
    work.told.push(AuditKind::SnapshotAutomatic);
    work.events.push(EventKind::Snapshot { snapshot: id, change: SnapshotChange::Taken });
    Ok(())
}
