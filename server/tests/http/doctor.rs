//! What `holdfast doctor` finds (OPS-1).

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use sqlx::Row;

use crate::harness::{Database, Fleet, Kind, Program};

/// A database with something in it; nobody serves it.
async fn used(kind: Kind) -> Database {
    let database = Database::create(kind).await;
    let mut program = Program::start(&database).await;
    let mut saving = Fleet::visit(&program.url, 2, 1).await.save();
    saving.acknowledged(10).await;
    saving.stop().await;
    program.ask_to_stop().await;
    assert!(program.ended().await.0.success());
    database
}

async fn doctor(database: &Database) -> Result<String, String> {
    Program::say("doctor", database, "").await
}

/// Whether a line begins and goes on so.
fn says(text: &str, verdict: &str, words: &[&str]) -> bool {
    let fits =
        |line: &str| line.starts_with(verdict) && words.iter().all(|word| line.contains(word));
    text.lines().any(fits)
}

async fn damage_is_named_by_table_and_row(kind: Kind) {
    let database = used(kind).await;
    let said = doctor(&database).await.unwrap();
    assert!(said.lines().all(|line| !line.starts_with("problem")), "{said}");
    assert!(says(&said, "ok", &["stored", "open where they stand"]), "{said}");

    let mut connection = database.connect().await;
    let sql = "SELECT id, payload FROM context_updates WHERE seq = 2";
    let row = sqlx::query(sql).fetch_one(&mut connection).await.unwrap();
    let (id, mut payload): (String, Vec<u8>) = (row.get(0), row.get(1));
    *payload.last_mut().unwrap() ^= 1;
    let change = sqlx::query("UPDATE context_updates SET payload = $1 WHERE id = $2");
    change.bind(payload).bind(id.clone()).execute(&mut connection).await.unwrap();
    let row =
        sqlx::query("SELECT id, name FROM sessions").fetch_one(&mut connection).await.unwrap();
    let (session, mut name): (String, Vec<u8>) = (row.get(0), row.get(1));
    *name.last_mut().unwrap() ^= 1;
    let change = sqlx::query("UPDATE sessions SET name = $1 WHERE id = $2");
    change.bind(name).bind(session.clone()).execute(&mut connection).await.unwrap();
    drop(connection);

    let said = doctor(&database).await.unwrap_err();
    assert!(says(&said, "problem", &["context_updates", &id, "checksum"]), "{said}");
    assert!(says(&said, "problem", &["sessions", &session, "does not open"]), "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("problem")).count(), 2, "{said}");
    database.remove().await;
}

#[tokio::test]
async fn ops_1_the_doctor_names_damaged_rows_on_sqlite() {
    damage_is_named_by_table_and_row(Kind::Sqlite).await;
}

#[tokio::test]
async fn ops_1_the_doctor_names_damaged_rows_on_postgres() {
    damage_is_named_by_table_and_row(Kind::Postgres).await;
}

#[tokio::test]
async fn ops_1_the_doctor_tells_a_missing_key_and_what_others_can_read() {
    let database = used(Kind::Sqlite).await;
    let data = database.folder.path().join("data");
    let key = data.join("master.key");
    fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let said = doctor(&database).await.unwrap();
    assert!(says(&said, "warning", &["data folder", "chmod 700"]), "{said}");
    assert!(says(&said, "warning", &["master key file", "chmod 600"]), "{said}");

    let right = fs::read_to_string(&key).unwrap();
    fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    let said = doctor(&database).await.unwrap_err();
    assert!(says(&said, "problem", &["master key", "bring back the first one"]), "{said}");
    fs::write(&key, "too short").unwrap();
    assert!(says(&doctor(&database).await.unwrap_err(), "problem", &["64 hexadecimal"]));
    fs::remove_file(&key).unwrap();
    let said = doctor(&database).await.unwrap_err();
    assert!(says(&said, "problem", &["master key file"]), "{said}");
    assert!(!key.exists(), "none was made");
    fs::write(&key, right).unwrap();
    doctor(&database).await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn ops_1_the_doctor_makes_nothing_and_works_beside_a_server() {
    let empty = Database::create(Kind::Sqlite).await;
    let said = doctor(&empty).await.unwrap_err();
    assert!(says(&said, "problem", &["data folder"]), "{said}");
    assert!(says(&said, "problem", &["database"]), "{said}");
    assert_eq!(fs::read_dir(empty.folder.path()).unwrap().count(), 0, "nothing was made");
    empty.remove().await;

    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let mut saving = Fleet::visit(&program.url, 4, 2).await.save();
    saving.acknowledged(20).await;
    let said = doctor(&database).await.unwrap();
    assert!(says(&said, "ok", &["stored"]), "{said}");
    saving.acknowledged(20).await;
    assert!(saving.refusals.is_empty(), "{:?}", saving.refusals);
    saving.stop().await.finish().await;
    program.kill().await;
    database.remove().await;
}
