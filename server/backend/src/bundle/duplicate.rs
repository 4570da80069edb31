//! A copy of a session.

use holdfast_domain::Result;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::SessionId;
use holdfast_domain::limits::NAME_CHARS;
use holdfast_domain::scan::scan_taken;
use holdfast_domain::session::{SessionSummary, check_name};

use crate::blocking::blocking;
use crate::log::{Arrival, Begun, NewSession, PastRow};
use crate::{Backend, Visitor};

impl Backend {
    /// Makes a session `to` with the context of `from` as it is now, under a key of its own and active, whatever
    /// state the first one is in. Its history, snapshots and mission stay with the first. Without a name it is called
    /// after it. Asked again with the same ids it answers with the copy that is there, as that is now.
    ///
    /// # Errors
    /// `NotFound` (either id is unknown or another account's), `Gone`, `InvalidValue` (name), `StorageFull`,
    /// `Unavailable`.
    pub async fn duplicate(
        &self,
        visitor: &Visitor,
        from: SessionId,
        to: SessionId,
        name: Option<String>,
    ) -> Result<SessionSummary> {
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, visitor, from).await?;
        let name = match name {
            Some(name) => check_name(&name)?,
            None => copy_name(&row.name(&self.store, &mut connection).await?),
        };
        drop(connection);
        let new = NewSession {
            id: to,
            name,
            created_at: self.now_ms(),
            shared_seq: Some(row.shared_seq),
            kind: AuditKind::SessionDuplicated,
            detail: from.to_string(),
        };
        let context = self.store.with_document(&row, |context, _| context.encode()).await?;
        match self.begin_arrival(visitor, new).await? {
            Begun::There(summary) => Ok(summary),
            Begun::New(mut arrival) => {
                let copied = self.copy(&mut arrival, context).await;
                if copied.is_err() {
                    // What cannot be removed now goes with the sweep.
                    let _ = self.give_up(arrival).await;
                }
                copied
            }
        }
    }

    async fn copy(&self, arrival: &mut Arrival, context: Vec<u8>) -> Result<SessionSummary> {
        let scanned = blocking(context.len(), move || (scan_taken(&context), context)).await?;
        let (scan, context) = (scanned.0?, scanned.1);
        // Of an empty context there is nothing to write.
        if !scan.inserts.is_empty() || !scan.deletes.is_empty() {
            let clients: Vec<u64> = scan.inserts.keys().copied().collect();
            let (at, updates) = (self.now_ms(), vec![context]);
            arrival.put(self, vec![PastRow { at, author: None, restored: false, updates }]).await?;
            arrival.put_clients(self, &clients).await?;
        }
        arrival.finish(self).await
    }
}

/// A name for the copy of a session of this name.
fn copy_name(name: &str) -> String {
    format!("Copy of {name}").chars().take(NAME_CHARS).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sess_3_the_name_of_a_copy_is_a_name() {
        assert_eq!(copy_name("Trip"), "Copy of Trip");
        let long = copy_name(&"é".repeat(NAME_CHARS));
        assert_eq!(long.chars().count(), NAME_CHARS);
        assert_eq!(check_name(&long), Ok(long));
    }
}
