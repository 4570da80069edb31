//! The chain: how entries hang together, and whether they still do.

use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::backend::{meta, set_meta};
use crate::column::column;
use crate::database::failure;
use crate::master_key::hmac;
use crate::store::Store;
use crate::{Backend, hex};

/// In `meta`: the newest entry's number and hash.
const HEAD: &str = "audit";
/// Entries read at a time.
const PORTION: i64 = 1_000;

/// Where the chain ends. To be written down elsewhere: with it a chain that was cut shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditHead {
    /// The newest entry; 0: there is none.
    pub seq: i64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
}

/// Why the chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditBreak {
    /// An entry is not what was written, or not where.
    #[error("entry {0} was changed, or the one before it was taken out")]
    Changed(i64),
    /// An entry is not there.
    #[error("entry {0} is missing")]
    Missing(i64),
    /// The chain is another one than the end that is known.
    #[error("entry {0} is not the one that is known: the log was written anew, or is another one")]
    Cut(i64),
    /// It could not be read.
    #[error("{0}")]
    Unreadable(#[from] Error),
}

/// An entry as it is stored, without its hash.
pub(super) struct Link {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) account: String,
    pub(super) session: Option<String>,
    pub(super) kind: String,
    pub(super) key: Option<String>,
    pub(super) format: i64,
    pub(super) detail: Option<Vec<u8>>,
}

impl Link {
    pub(super) fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            seq: column(row, "seq")?,
            at: column(row, "at")?,
            account: column(row, "account")?,
            session: column(row, "session")?,
            kind: column(row, "kind")?,
            key: column(row, "key")?,
            format: column(row, "format")?,
            detail: column(row, "detail")?,
        })
    }

    /// HMAC-SHA-256 over the hash before it and every field with its length in front, so that no two entries read
    /// alike.
    pub(super) fn hash(&self, key: &[u8; 32], before: &str) -> String {
        let numbers = [self.seq, self.at, self.format].map(i64::to_be_bytes);
        let fields = [
            Some(before.as_bytes()),
            Some(self.account.as_bytes()),
            self.session.as_deref().map(str::as_bytes),
            Some(self.kind.as_bytes()),
            self.key.as_deref().map(str::as_bytes),
            self.detail.as_deref(),
        ];
        let mut message = numbers.concat();
        for field in fields {
            // Nothing is one less than empty.
            let length = field.map_or(0, |field| field.len() as u64 + 1);
            message.extend(length.to_be_bytes());
            message.extend(field.unwrap_or_default());
        }
        hex::encode(&hmac(key, &message))
    }

    pub(super) async fn insert(self, connection: &mut AnyConnection, hash: &str) -> Result<()> {
        let mut bytes = vec![0; 32];
        hex::decode(hash, &mut bytes).ok_or(Error::Internal)?;
        sqlx::query(
            "INSERT INTO audit (seq, at, account, session, kind, key, format, detail, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(self.seq)
        .bind(self.at)
        .bind(self.account)
        .bind(self.session)
        .bind(self.kind)
        .bind(self.key)
        .bind(self.format)
        .bind(self.detail)
        .bind(bytes)
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }
}

/// Where the chain ends; nobody else appends until the transaction ends.
pub(super) async fn lock_head(store: &Store, connection: &mut AnyConnection) -> Result<AuditHead> {
    // The first entry makes the row that is locked, whoever comes first.
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(HEAD)
        .bind("0 ")
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
    let sql = format!("SELECT value FROM meta WHERE name = $1{}", store.database.dialect.lock());
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(HEAD)
        .fetch_one(connection)
        .await
        .map_err(failure)?;
    parse(&column::<String>(&row, "value")?)
}

pub(super) async fn set_head(connection: &mut AnyConnection, seq: i64, hash: &str) -> Result<()> {
    set_meta(connection, HEAD, &format!("{seq} {hash}")).await
}

fn parse(text: &str) -> Result<AuditHead> {
    let (seq, hash) = text.split_once(' ').ok_or(Error::Damaged)?;
    Ok(AuditHead { seq: seq.parse().map_err(|_| Error::Damaged)?, hash: hash.into() })
}

impl Backend {
    /// Proves the chain, from its first entry to its last; its end, to be written down. `known` is an end that was
    /// written down before: it has to be in the chain.
    ///
    /// # Errors
    /// Where it does not hold.
    pub async fn verify_audit(&self, known: Option<&AuditHead>) -> Result<AuditHead, AuditBreak> {
        let mut connection = self.store.database.read().await?;
        let mut ends: Vec<AuditHead> = known.cloned().into_iter().collect();
        // Before the entries: what is appended meanwhile comes after it.
        if let Some(head) = meta(&mut connection, HEAD).await? {
            ends.push(parse(&head)?);
        }
        let mut at = AuditHead::default();
        loop {
            let rows = sqlx::query(
                "SELECT seq, at, account, session, kind, key, format, detail, hash FROM audit \
                 WHERE seq > $1 ORDER BY seq LIMIT $2",
            )
            .bind(at.seq)
            .bind(PORTION)
            .fetch_all(&mut *connection)
            .await
            .map_err(failure)?;
            for row in &rows {
                at = self.follow(&at, row)?;
                if ends.iter().any(|end| end.seq == at.seq && end.hash != at.hash) {
                    return Err(AuditBreak::Cut(at.seq));
                }
            }
            if rows.is_empty() {
                break;
            }
        }
        match ends.iter().find(|end| end.seq > at.seq) {
            Some(_) => Err(AuditBreak::Missing(at.seq + 1)),
            None => Ok(at),
        }
    }

    /// The end of the chain with one entry more.
    fn follow(&self, at: &AuditHead, row: &AnyRow) -> Result<AuditHead, AuditBreak> {
        let link = Link::read(row)?;
        if link.seq != at.seq + 1 {
            return Err(AuditBreak::Missing(at.seq + 1));
        }
        let hash = link.hash(&self.store.audit_key, &at.hash);
        let stored: Vec<u8> = column(row, "hash")?;
        if hex::encode(&stored) != hash {
            return Err(AuditBreak::Changed(link.seq));
        }
        Ok(AuditHead { seq: link.seq, hash })
    }
}
