//! A copy of the database in one file, and the way back (OPS-1, SYNC-6).

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Database, Fleet, Kind, Program, rounds};

fn data(database: &Database) -> PathBuf {
    database.folder.path().join("data")
}

/// A database with something in it, and its copy.
async fn copied() -> (Database, PathBuf) {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let mut saving = Fleet::visit(&program.url, 2, 1).await.save();
    saving.acknowledged(20).await;
    saving.stop().await;
    program.kill().await;
    let file = database.folder.path().join("copy.zip");
    let said = backup(&database, &file).await.unwrap();
    assert!(said.contains("master key is not in it"), "{said}");
    (database, file)
}

async fn backup(database: &Database, file: &Path) -> Result<String, String> {
    Program::say(&format!("backup {}", file.display()), database, "").await
}

async fn restore(database: &Database, file: &Path, how: &str) -> Result<String, String> {
    Program::say(&format!("restore {} {how}", file.display()), database, "").await
}

/// Another machine, with the key of the first.
async fn elsewhere(database: &Database) -> Database {
    let other = Database::create(Kind::Sqlite).await;
    fs::create_dir(data(&other)).unwrap();
    fs::copy(data(database).join("master.key"), data(&other).join("master.key")).unwrap();
    other
}

fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn ops_1_what_was_acknowledged_before_a_backup_is_in_it_while_others_save() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let mut fleet = Fleet::visit(&program.url, 6, 3).await;
    let mut last = (database.folder.path().join("none"), Vec::new());
    for number in 0..rounds(3, 20) {
        let mut saving = fleet.save();
        saving.acknowledged(30).await;
        let quiet = saving.stop().await;
        // What is acknowledged from here on may be in the copy or not; what was before has to be.
        let acknowledged = quiet.acknowledged();
        let mut saving = quiet.save();
        saving.acknowledged(10).await;
        last = (database.folder.path().join(format!("copy{number}.zip")), acknowledged);
        backup(&database, &last.0).await.unwrap();
        saving.acknowledged(10).await;
        fleet = saving.stop().await;
    }
    program.kill().await;

    let (file, acknowledged) = last;
    let other = elsewhere(&database).await;
    let said = restore(&other, &file, "").await.unwrap();
    assert!(said.contains("new life"), "{said}");
    let program = Program::start(&other).await;
    fleet.at(&program.url);
    fleet.check_what_was(&acknowledged).await;
    // Whoever has more gives it, and everybody reads the same.
    fleet.give_again().await;
    program.kill().await;
    other.remove().await;
    database.remove().await;
}

#[tokio::test]
async fn ops_1_a_copy_that_is_cut_off_or_changed_is_refused() {
    let (database, file) = copied().await;
    let whole = fs::read(&file).unwrap();
    let other = elsewhere(&database).await;
    let broken = database.folder.path().join("broken.zip");
    let refused = async |bytes: &[u8], what: &str| {
        fs::write(&broken, bytes).unwrap();
        let said = restore(&other, &broken, "").await.expect_err(what);
        let clear = said.contains("is damaged") || said.contains("no backup of Holdfast");
        assert!(clear && said.contains("broken.zip"), "{what}: {said}");
        assert_eq!(files(other.folder.path()), ["data"], "{what}: nothing was put there");
        said
    };
    for length in [0, 1, 63, 64, 65, whole.len() / 2, whole.len() - 64, whole.len() - 1] {
        refused(&whole[..length], &format!("the first {length} bytes")).await;
    }
    refused(
        b"PK is not enough for this to be a copy of anything at all, and so it is not",
        "a text",
    )
    .await;
    refused(&[whole.as_slice(), b"0"].concat(), "a byte more").await;
    // Everywhere, and close together where the structure of the archive is.
    let spread = (0..30).map(|part| whole.len() * part / 30);
    let places = spread.chain((0..25).map(|part| whole.len() - 1 - part * 37));
    for place in places {
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << (place % 8);
        refused(&flipped, &format!("byte {place}")).await;
    }
    let mut middle = whole.clone();
    middle[whole.len() / 2] ^= 1;
    let said = refused(&middle, "the database in it").await;
    assert!(said.contains("holdfast.db is damaged"), "the entry is named: {said}");
    restore(&other, &file, "").await.unwrap();
    other.remove().await;
    database.remove().await;
}

#[tokio::test]
async fn ops_1_neither_a_copy_nor_a_database_is_written_over() {
    let (database, file) = copied().await;
    let folder = database.folder.path();
    let there = fs::read(&file).unwrap();
    assert!(backup(&database, &file).await.unwrap_err().contains("there already"));
    assert_eq!(fs::read(&file).unwrap(), there);

    let before = files(folder);
    assert!(restore(&database, &file, "").await.unwrap_err().contains("--replace"));
    let program = Program::start(&database).await;
    let said = restore(&database, &file, "--replace").await.unwrap_err();
    assert!(said.contains("stop the server"), "{said}");
    program.kill().await;
    let kept: Vec<String> = files(folder);
    assert!(before.iter().all(|name| kept.contains(name)), "{kept:?}");

    let said = restore(&database, &file, "--replace").await.unwrap();
    let replaced = files(folder).into_iter().find(|name| name.contains(".replaced-")).unwrap();
    assert!(said.contains(&replaced), "{said}");
    let program = Program::start(&database).await;
    program.kill().await;
    // The old one can be brought back by its name.
    for name in files(folder)
        .iter()
        .filter(|name| name.starts_with("holdfast.db") && !name.contains(".replaced-"))
    {
        fs::remove_file(folder.join(name)).unwrap();
    }
    fs::rename(folder.join(replaced), folder.join("holdfast.db")).unwrap();
    Program::start(&database).await.kill().await;
    database.remove().await;
}

#[tokio::test]
async fn ops_1_a_copy_comes_back_with_its_own_key_only() {
    let (database, file) = copied().await;
    let other = elsewhere(&database).await;
    let key = data(&other).join("master.key");
    fs::remove_file(&key).unwrap();
    let said = restore(&other, &file, "").await.unwrap_err();
    assert!(said.contains("there is no master key"), "{said}");
    assert!(!key.exists(), "none was made");
    fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    let said = restore(&other, &file, "").await.unwrap_err();
    assert!(said.contains("bring back the first one"), "{said}");
    assert_eq!(files(other.folder.path()), ["data"]);
    other.remove().await;
    database.remove().await;
}

#[tokio::test]
async fn ops_1_a_backup_of_postgres_names_what_to_use() {
    let database = Database::create(Kind::Postgres).await;
    let file = database.folder.path().join("copy.zip");
    assert!(backup(&database, &file).await.unwrap_err().contains("pg_dump"));
    assert!(restore(&database, &file, "").await.unwrap_err().contains("pg_dump"));
    assert!(!file.exists());
    database.remove().await;
}

#[tokio::test]
async fn ops_1_migrating_says_what_was_done() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::create(kind).await;
        let first = Program::run("migrate", &database).await;
        assert!(first.starts_with("There were no tables"), "{first}");
        let second = Program::run("migrate", &database).await;
        assert!(second.starts_with("Nothing was to do"), "{second}");
        database.remove().await;
    }
}
