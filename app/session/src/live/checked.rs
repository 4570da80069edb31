//! What comes from elsewhere is read before anything is done with it (SYNC-5): an update that no build of
//! ours makes must reach neither the document nor the journal, where it would be found at each opening.

use holdfast_domain::Result;
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::scan;
use holdfast_domain::sync::{JournalRecord, PeerMessage, RecordBody};
use holdfast_domain::wire::SaveReply;

/// Whether what a sibling says can be taken in.
pub(super) fn check_message(message: &PeerMessage) -> Result<()> {
    match message {
        PeerMessage::State { update, records, .. } => {
            check([update])?;
            check(updates_of(records))
        }
        PeerMessage::Edited { records, .. } => check(updates_of(records)),
        PeerMessage::Settled { received, .. } => check(received),
        _ => Ok(()),
    }
}

/// Whether what the server sends can be taken in.
pub(super) fn check_reply(reply: &SaveReply) -> Result<()> {
    check(reply.news.updates.iter().map(|update| &update.0))
}

fn updates_of(records: &[JournalRecord]) -> impl Iterator<Item = &Vec<u8>> {
    records.iter().filter_map(|record| match &record.body {
        RecordBody::Update(update) => Some(update),
        RecordBody::Snapshot(_) => None,
    })
}

fn check<'a>(updates: impl IntoIterator<Item = &'a Vec<u8>>) -> Result<()> {
    updates.into_iter().try_for_each(|update| scan(update, CONTEXT_BYTES).map(drop))
}
