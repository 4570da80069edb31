//! What a guest made becomes an account's.

use holdfast_domain::Result;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::AccountId;
use sqlx::AnyConnection;

use crate::audit::Entry;
use crate::database::failure;
use crate::store::Store;

/// What names a session's account, and whose it was.
const MOVES: [&str; 6] = [
    "UPDATE context_clients SET account = $1 WHERE account = $2 \
     AND session IN (SELECT id FROM sessions WHERE account = $2)",
    "UPDATE snapshots SET author = $1 WHERE author = $2 \
     AND session IN (SELECT id FROM sessions WHERE account = $2)",
    "UPDATE restores SET author = $1 WHERE author = $2 \
     AND session IN (SELECT id FROM sessions WHERE account = $2)",
    "UPDATE activity SET account = $1 WHERE account = $2 \
     AND session IN (SELECT id FROM sessions WHERE account = $2)",
    "UPDATE jobs SET account = $1 WHERE account = $2 \
     AND session IN (SELECT id FROM sessions WHERE account = $2)",
    // The account's shared values reach them as they reach those that are reopened.
    "UPDATE sessions SET account = $1, shared_seq = 0 WHERE account = $2",
];

impl Store {
    /// Moves a guest's sessions to an account. What the guest preferred and shared by itself goes; its audit
    /// entries stay as they were written, and are found through `merged_into`.
    pub(super) async fn bring(
        &self,
        connection: &mut AnyConnection,
        guest: AccountId,
        account: AccountId,
    ) -> Result<()> {
        let mut sessions = 0;
        for sql in MOVES {
            let done = sqlx::query(sql)
                .bind(account.to_string())
                .bind(guest.to_string())
                .execute(&mut *connection)
                .await
                .map_err(failure)?;
            sessions = done.rows_affected();
        }
        self.end_sign_ins(connection, guest, None).await?;
        for sql in [
            "DELETE FROM shared_values WHERE account = $1",
            "DELETE FROM preferences WHERE account = $1",
        ] {
            let query = sqlx::query(sql).bind(guest.to_string());
            query.execute(&mut *connection).await.map_err(failure)?;
        }
        sqlx::query("UPDATE accounts SET merged_into = $1 WHERE id = $2")
            .bind(account.to_string())
            .bind(guest.to_string())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        let entry = Entry::of(account, AuditKind::WorkBrought);
        entry.detail(&sessions.to_string()).write(self, connection).await
    }
}
