//! What comes from elsewhere is read before anything is done with it (SYNC-5): an update that no build of
//! ours makes must reach neither the document nor the journal, where it would be found at each opening.

use holdfast_domain::Result;
use holdfast_domain::id::TabId;
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::{scan, scan_taken};
use holdfast_domain::sync::{JournalRecord, PeerMessage};
use holdfast_domain::wire::{LogUpdate, SaveReply};

/// Whether `tab` can take in what a sibling says.
pub(super) fn check_message(message: &PeerMessage, tab: TabId) -> Result<()> {
    match message {
        // It is nobody else's concern.
        PeerMessage::State { to, .. } if *to != tab => Ok(()),
        PeerMessage::State { updates, records, .. } => {
            updates.iter().try_for_each(|update| check_whole(update))?;
            check_edits(records)
        }
        PeerMessage::Edited { records, .. } => check_edits(records),
        PeerMessage::Settled { received, .. } => check_log(received),
        _ => Ok(()),
    }
}

/// Whether what the server sends can be taken in.
pub(super) fn check_reply(reply: &SaveReply) -> Result<()> {
    check_log(&reply.news.updates)
}

/// As somebody made them.
fn check_edits(records: &[JournalRecord]) -> Result<()> {
    let mut updates = records.iter().filter_map(JournalRecord::update);
    updates.try_for_each(|update| scan(update, CONTEXT_BYTES).map(drop))
}

fn check_log(updates: &[LogUpdate]) -> Result<()> {
    updates.iter().try_for_each(|of_log| check_whole(&of_log.update))
}

/// Brought together from many: larger, perhaps, than any of them was allowed to be.
fn check_whole(update: &[u8]) -> Result<()> {
    scan_taken(update).map(drop)
}
