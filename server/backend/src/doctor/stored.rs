//! Every stored value: its checksum where it has one, and whether its key opens it where it stands.

use futures::TryStreamExt;
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::Finding;
use crate::cipher::Place;
use crate::column::column;
use crate::database::failure;
use crate::keyring::Keyring;

/// Damaged rows that are named; of more only the number is told.
const NAMED: u64 = 20;

/// The sealed values of one table.
struct Sealed {
    /// As in [`Place`].
    place: &'static str,
    /// `owner`, `id`, `key`, `format`, `value` and `checksum` of each.
    sql: &'static str,
}

macro_rules! sealed {
    ($place:literal, $columns:literal, $checksum:literal, $from:literal) => {
        Sealed {
            place: $place,
            sql: concat!(
                "SELECT ",
                $columns,
                ", CAST(",
                $checksum,
                " AS BIGINT) AS checksum FROM ",
                $from
            ),
        }
    };
}

/// All of them.
const SEALED: &[Sealed] = &[
    sealed!(
        "context_updates",
        "session AS owner, id, key, format, payload AS value",
        "checksum",
        "context_updates"
    ),
    sealed!(
        "context_bases",
        "session AS owner, id, key, format, payload AS value",
        "checksum",
        "context_bases"
    ),
    sealed!(
        "context_bases.coverage",
        "session AS owner, id, key, format, coverage AS value",
        "NULL",
        "context_bases"
    ),
    sealed!("sessions", "id AS owner, id, key, format, name AS value", "NULL", "sessions"),
    sealed!("snapshots", "session AS owner, id, key, format, name AS value", "NULL", "snapshots"),
    sealed!("restores", "session AS owner, id, key, format, replaced AS value", "NULL", "restores"),
    sealed!(
        "session_events",
        "session AS owner, CAST(seq AS TEXT) AS id, key, format, payload AS value",
        "NULL",
        "session_events"
    ),
    sealed!("jobs.params", "session AS owner, id, key, format, params AS value", "NULL", "jobs"),
    sealed!(
        "jobs.progress",
        "session AS owner, id, key, format, progress AS value",
        "NULL",
        "jobs WHERE progress IS NOT NULL"
    ),
    sealed!(
        "jobs.cursor",
        "session AS owner, id, key, format, cursor AS value",
        "NULL",
        "jobs WHERE cursor IS NOT NULL"
    ),
    sealed!(
        "jobs.result",
        "session AS owner, id, key, format, result AS value",
        "NULL",
        "jobs WHERE result IS NOT NULL"
    ),
    sealed!(
        "jobs.fault",
        "session AS owner, id, key, format, fault AS value",
        "NULL",
        "jobs WHERE fault IS NOT NULL"
    ),
    sealed!(
        "job_parts",
        "session AS owner, job || ' ' || name || ' ' || CAST(part AS TEXT) AS id, key, format, \
         payload AS value",
        "NULL",
        "job_parts"
    ),
    sealed!("shared_values", "account AS owner, id, key, format, value", "NULL", "shared_values"),
    sealed!(
        "preferences",
        "account AS owner, account AS id, key, format, value",
        "NULL",
        "preferences"
    ),
    sealed!(
        "accounts",
        "id AS owner, id, key, format, email AS value",
        "NULL",
        "accounts WHERE email IS NOT NULL"
    ),
    sealed!(
        "sign_ins",
        "s.account AS owner, s.id AS id, a.key AS key, s.format AS format, s.device AS value",
        "NULL",
        "sign_ins s JOIN accounts a ON a.id = s.account WHERE s.device IS NOT NULL"
    ),
    sealed!(
        "replies",
        "r.account AS owner, r.name AS id, a.key AS key, r.format AS format, r.answer AS value",
        "NULL",
        "replies r JOIN accounts a ON a.id = r.account WHERE r.answer IS NOT NULL"
    ),
    // An entry stays when its account and its key go; then it is not to be read.
    sealed!(
        "audit",
        "e.account AS owner, CAST(e.seq AS TEXT) AS id, e.key AS key, e.format AS format, \
         e.detail AS value",
        "NULL",
        "audit e JOIN keys k ON k.id = e.key WHERE e.detail IS NOT NULL"
    ),
];

/// One finding for each damaged row, or one that all of it is sound.
pub(super) async fn examine(
    rows: &mut AnyConnection,
    keys: &mut AnyConnection,
    keyring: &Keyring,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut sound = 0_u64;
    for sealed in SEALED {
        match table(sealed, rows, keys, keyring, &mut found).await {
            Ok(count) => sound = sound.saturating_add(count),
            Err(error) => {
                found.push(Finding::problem("stored", format!("{}: {error}", sealed.place)));
            }
        }
    }
    if found.is_empty() {
        found.push(Finding::ok("stored", format!("{sound} values open where they stand")));
    }
    found
}

/// How many values of a table open; the others are findings. The rows come one after the other.
async fn table(
    sealed: &Sealed,
    rows: &mut AnyConnection,
    keys: &mut AnyConnection,
    keyring: &Keyring,
    found: &mut Vec<Finding>,
) -> Result<u64> {
    let (mut sound, mut damaged) = (0_u64, 0_u64);
    let mut rows = sqlx::query(sealed.sql).fetch(rows);
    while let Some(row) = rows.try_next().await.map_err(failure)? {
        let why = match opens(sealed.place, &row, keys, keyring).await? {
            None => {
                sound += 1;
                continue;
            }
            Some(why) => why,
        };
        damaged += 1;
        if damaged <= NAMED {
            let (owner, id): (String, String) = (column(&row, "owner")?, column(&row, "id")?);
            let says = format!(
                "{}: row {id} of {owner} {why}. A browser that has it gives it again; else bring \
                 back a copy. Look at the disk",
                sealed.place
            );
            found.push(Finding::problem("stored", says));
        }
    }
    if damaged > NAMED {
        let says = format!("{}: {} more rows are damaged", sealed.place, damaged - NAMED);
        found.push(Finding::problem("stored", says));
    }
    Ok(sound)
}

/// Why a value cannot be read; nothing where it can.
async fn opens(
    place: &'static str,
    row: &AnyRow,
    keys: &mut AnyConnection,
    keyring: &Keyring,
) -> Result<Option<&'static str>> {
    let value: Vec<u8> = column(row, "value")?;
    let checksum: Option<i64> = column(row, "checksum")?;
    if checksum.is_some_and(|wanted| wanted != i64::from(crc32fast::hash(&value))) {
        return Ok(Some("does not have its checksum"));
    }
    let (owner, id): (String, String) = (column(row, "owner")?, column(row, "id")?);
    let key_id: String = column(row, "key")?;
    let key = match keyring.get(keys, &key_id).await {
        Ok(key) => key,
        Err(Error::Damaged) => return Ok(Some("has a key that is gone or damaged")),
        Err(error) => return Err(error),
    };
    let place = Place { table: place, owner: &owner, id: &id };
    match key.open(column(row, "format")?, place, &value) {
        Ok(_) => Ok(None),
        Err(_) => Ok(Some("does not open with its key")),
    }
}
