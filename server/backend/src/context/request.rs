//! What is checked of a save before it waits for the writer.

use holdfast_domain::limits::{CONTEXT_BYTES, REQUEST_BYTES, REQUEST_ITEMS, UPDATE_BYTES};
use holdfast_domain::scan::scan;
use holdfast_domain::session::{SessionMeta, check_name};
use holdfast_domain::snapshot::SnapshotRequest;
use holdfast_domain::wire::{SaveItem, SaveRequest};
use holdfast_domain::{Error, Result};

use crate::blocking::blocking;
use crate::log::{Creation, Item};

/// Snapshots in one request. A person offline for days makes fewer.
const SNAPSHOTS: usize = 1_000;

/// An item that will always be refused.
pub(super) struct Refused {
    pub(super) index: u32,
    pub(super) error: Error,
}

/// Checks the size of the whole, and whether the name may be one.
pub(super) fn check(request: &SaveRequest) -> Result<Option<Creation>> {
    let (mut updates, mut bytes, mut snapshots) = (0, 0, 0);
    for item in &request.items {
        match item {
            SaveItem::Update(update) => {
                updates += 1;
                bytes += update.len();
            }
            SaveItem::Snapshot(_) => snapshots += 1,
        }
    }
    // A first sync, a whole difference or a restore is one update and as large as the context.
    if updates > 1 && bytes > REQUEST_BYTES {
        return Err(Error::limit("request bytes", REQUEST_BYTES, bytes));
    }
    if request.items.len() > REQUEST_ITEMS {
        return Err(Error::limit("items in a request", REQUEST_ITEMS, request.items.len()));
    }
    if snapshots > SNAPSHOTS {
        return Err(Error::limit("snapshots in a request", SNAPSHOTS, snapshots));
    }
    let creation = |meta: &SessionMeta| {
        Ok(Creation { name: check_name(&meta.name)?, created_at: meta.created_at_ms })
    };
    request.create.as_ref().map(creation).transpose()
}

/// Scans every update and checks every snapshot's name.
pub(super) async fn scan_items(items: Vec<SaveItem>) -> Result<Result<Vec<Item>, Refused>> {
    let updates = || items.iter().filter(|item| matches!(item, SaveItem::Update(_)));
    let limit = if updates().count() == 1 { CONTEXT_BYTES } else { UPDATE_BYTES };
    let size = |item: &SaveItem| match item {
        SaveItem::Update(update) => update.len(),
        SaveItem::Snapshot(_) => 0,
    };
    let bytes = items.iter().map(size).sum();
    blocking(bytes, move || {
        let scanned = items.into_iter().enumerate().map(|(index, item)| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            scan_item(item, limit).map_err(|error| Refused { index, error })
        });
        scanned.collect()
    })
    .await
}

fn scan_item(item: SaveItem, limit: usize) -> Result<Item> {
    match item {
        SaveItem::Update(update) => {
            let scan = scan(&update, limit)?;
            Ok(Item::Update(update, scan))
        }
        SaveItem::Snapshot(request) => {
            let name = check_name(&request.name)?;
            Ok(Item::Snapshot(SnapshotRequest { name, ..request }))
        }
    }
}
