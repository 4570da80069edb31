//! The master key is changed under load, and the command that does it is killed (SEC-5).

use std::path::{Path, PathBuf};
use std::time::Duration;

use holdfast_backend::{MasterKey, SystemEnvironment};
use holdfast_domain::Environment;
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::harness::{Database, Device, Fleet, Guest, Kind, Program, rounds};

const CLIENTS: usize = 20;
const SESSIONS: usize = 5;
/// Each with a key of its own: several transactions' worth.
const OTHERS: usize = 500;
/// Of each change, unless it ends before.
const KILLS: usize = 6;

struct Keys {
    database: Database,
    before: PathBuf,
    next: PathBuf,
}

impl Keys {
    fn of(database: &Database) -> Self {
        let folder = database.folder.path();
        let (before, next) = (folder.join("data/master.key"), folder.join("next.key"));
        Self { database: database.clone(), before, next }
    }

    fn words(&self) -> [&str; 3] {
        ["rotate-keys", "--to", self.next.to_str().unwrap()]
    }

    /// To the end; what it prints.
    async fn rotate(&self) -> Result<String, String> {
        Program::say(&self.words().join(" "), &self.database, "").await
    }

    /// How many keys are under the one in the file, if there is one yet.
    async fn under(&self, file: &Path) -> i64 {
        let Some(key) = MasterKey::load(file).unwrap() else { return 0 };
        let sql = format!("SELECT COUNT(*) FROM keys WHERE master = '{}'", key.id());
        let mut connection = self.database.connect().await;
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap()
    }
}

async fn a_killed_rotation_goes_on(kind: Kind, rotations: usize) {
    let database = Database::create(kind).await;
    let keys = Keys::of(&database);
    let mut program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    for _ in 0..OTHERS {
        new_session(&guest).await;
    }
    let mut fleet = Fleet::visit(&program.url, CLIENTS, SESSIONS).await;
    let mut mixed = 0;
    for rotation in 1..=rotations {
        for kill in 0..KILLS {
            let mut saving = fleet.save();
            saving.acknowledged(CLIENTS).await;
            let mut command = Program::begin(&keys.words(), &database);
            // Before the first transaction, after it, after one of the many; and anywhere in what follows.
            match kill % 3 {
                0 => {}
                1 => drop(command.logged("is being moved").await),
                _ => drop(command.logged("wrapped anew").await),
            }
            tokio::time::sleep(Duration::from_micros(random(20_000))).await;
            command.kill().await;
            new_session(&guest.at(&program.url)).await;
            saving.acknowledged(CLIENTS).await;
            assert_eq!(saving.refusals, [], "rotation {rotation}, kill {kill}");
            fleet = saving.stop().await;
            let left = keys.under(&keys.before).await;
            mixed += usize::from(left > 0 && keys.under(&keys.next).await > 0);
            if left == 0 {
                break;
            }
            // The server too, with the key before: that still opens it.
            if kill % 3 == 2 {
                program.kill().await;
                program = Program::start(&database).await;
                fleet.at(&program.url);
            }
            fleet.check().await;
        }

        let mut saving = fleet.save();
        saving.acknowledged(CLIENTS).await;
        let said = keys.rotate().await.unwrap();
        let next = MasterKey::load(&keys.next).unwrap().unwrap().id();
        assert!(said.contains(&next) && said.contains("next.key"), "{said}");
        assert_eq!(keys.under(&keys.before).await, 0);
        // Who serves goes on; and the command says the same again.
        new_session(&guest.at(&program.url)).await;
        saving.acknowledged(CLIENTS).await;
        assert_eq!(keys.rotate().await.unwrap(), said);
        assert_eq!(saving.refusals, []);
        fleet = saving.stop().await;
        program.kill().await;

        let data = database.folder.path().join("data");
        let (status, refused) = Program::refused(&database.url(), &data).await;
        assert_eq!(status.code(), Some(1));
        assert!(refused.contains(&format!("moved to the master key {next}")), "{refused}");
        std::fs::rename(&keys.next, &keys.before).unwrap();
        program = Program::start(&database).await;
        fleet.at(&program.url);
        fleet.check().await;
    }
    assert!(mixed > 0, "it was killed in the middle");
    // The cookies of before are valid, and everything acknowledged is there.
    fleet.finish().await;
    new_session(&guest.at(&program.url)).await;
    Program::say("audit verify", &database, "").await.unwrap();
    let told = "SELECT COUNT(*) FROM audit WHERE kind LIKE 'key_rotation%'";
    let told: i64 =
        sqlx::query_scalar(told).fetch_one(&mut database.connect().await).await.unwrap();
    assert_eq!(told, 2 * i64::try_from(rotations).unwrap(), "one beginning and one end of each");
    program.kill().await;
    database.remove().await;
}

async fn new_session(guest: &Guest) {
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    let answer = guest.save(&device.save([update])).await;
    assert_eq!(answer.status, 200);
}

/// Less than `bound`.
fn random(bound: u64) -> u64 {
    u64::try_from(SystemEnvironment.uuid().as_u128() % u128::from(bound)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_5_a_killed_rotation_goes_on_and_loses_nothing_on_sqlite() {
    a_killed_rotation_goes_on(Kind::Sqlite, rounds(1, 5)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_5_a_killed_rotation_goes_on_and_loses_nothing_on_postgres() {
    a_killed_rotation_goes_on(Kind::Postgres, rounds(1, 5)).await;
}

#[tokio::test]
async fn sec_5_a_lost_key_file_is_told_and_no_other_is_made() {
    let database = Database::create(Kind::Sqlite).await;
    let keys = Keys::of(&database);
    Program::start(&database).await.kill().await;
    let text = std::fs::read_to_string(&keys.before).unwrap();
    std::fs::remove_file(&keys.before).unwrap();
    let data = database.folder.path().join("data");
    for _ in 0..2 {
        let (status, said) = Program::refused(&database.url(), &data).await;
        assert_eq!(status.code(), Some(1));
        assert!(said.contains("is missing") && said.contains("master.key"), "{said}");
        assert!(!keys.before.exists());
    }
    assert!(keys.rotate().await.unwrap_err().contains("is missing"));
    assert!(!keys.next.exists());

    // The environment may say it, to the end of a line; not two at once.
    let given = [("HOLDFAST_MASTER_KEY", text.as_str())];
    let mut program = Program::with(&database, &given).await;
    program.ask_to_stop().await;
    let (_, log) = program.ended().await;
    assert!(!log.iter().any(|line| line.contains(text.trim())), "{log:?}");
    assert!(!keys.before.exists());
    std::fs::write(&keys.before, "ab".repeat(32)).unwrap();
    let (_, said) = Program::refused_with(&database.url(), &data, &given).await;
    assert!(said.contains("another one") && !said.contains(text.trim()), "{said}");
    std::fs::write(&keys.before, &text).unwrap();
    Program::with(&database, &given).await.kill().await;
    let (_, said) =
        Program::refused_with(&database.url(), &data, &[("HOLDFAST_MASTER_KEY", "ab")]).await;
    assert!(said.contains("64 hexadecimal digits"), "{said}");
}

#[tokio::test]
async fn sec_5_a_rotation_makes_no_key_in_the_place_of_one_that_is_wanted() {
    let database = Database::create(Kind::Sqlite).await;
    let keys = Keys::of(&database);
    let program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    for _ in 0..OTHERS {
        new_session(&guest).await;
    }
    let mut command = Program::begin(&keys.words(), &database);
    command.logged("wrapped anew").await;
    command.kill().await;
    assert!(keys.under(&keys.before).await > 0);
    let away = keys.next.with_extension("away");
    std::fs::rename(&keys.next, &away).unwrap();
    let next = MasterKey::load(&away).unwrap().unwrap().id();
    let said = keys.rotate().await.unwrap_err();
    assert!(said.contains(&next) && said.contains("finish that first"), "{said}");
    assert!(!keys.next.exists());
    std::fs::rename(&away, &keys.next).unwrap();
    keys.rotate().await.unwrap();
    assert_eq!(keys.under(&keys.before).await, 0);
    new_session(&guest).await;
    program.kill().await;
}
