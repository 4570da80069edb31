//! Bytes of a stored row change while nobody looks (SYNC-7).

use holdfast_domain::wire::{SaveOutcome, SaveReply};
use serde_json::{Value, json};
use sqlx::Row;

use crate::harness::{Database, Device, Guest, Kind, Program};

/// The row that is damaged: what depends on it comes after it, what does not is before it and after it.
const DAMAGED: i64 = 2;

async fn the_rest_opens_and_who_has_it_heals_it(kind: Kind) {
    let database = Database::create(kind).await;
    let mut program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let mut elsewhere = Device::of(device.session);
    save(&guest, &mut device, json!({"first": 1})).await;
    save(&guest, &mut device, json!({"damaged": 1})).await;
    save(&guest, &mut elsewhere, json!({"independent": 1})).await;
    save(&guest, &mut device, json!({"dependent": 1})).await;
    program.ask_to_stop().await;
    assert!(program.ended().await.0.success());
    damage(&database).await;

    let mut program = Program::start(&database).await;
    let guest = guest.at(&program.url);
    let rest = json!({"first": 1, "independent": 1});
    assert_eq!(read(&guest, &device).await, rest);
    let said = program.logged("damaged and was set aside").await;
    assert!(said.contains("ERROR") && said.contains("table=\"context_updates\""), "{said}");
    assert!(said.contains(&device.session.to_string()), "{said}");
    // The page opens with what there is.
    let page = guest.http.get(format!("{}/s/{}", guest.url, device.session));
    let page = page.header("cookie", &guest.cookie).header("accept", "text/html").send().await;
    assert_eq!(page.unwrap().status(), 200);

    // A device that has it edits on: it is asked for what is missing.
    let update = device.edit(&json!({"next": 1}));
    let reply = guest.save(&device.save([update])).await.message::<SaveReply>();
    assert_eq!(reply.outcome, SaveOutcome::MissingDependency);
    let difference = device.context.difference(&reply.news.state_vector.unwrap().0).unwrap();
    let healed = guest.save(&device.save([difference])).await.message::<SaveReply>();
    assert_eq!(healed.outcome, SaveOutcome::Acked);
    let all = json!({"first": 1, "damaged": 1, "independent": 1, "dependent": 1, "next": 1});
    assert_eq!(read(&guest, &device).await, all);
    program.ask_to_stop().await;
    let (_, log) = program.ended().await;
    assert!(!log.iter().any(|line| line.contains("set aside")), "reported once: {log:?}");

    let program = Program::start(&database).await;
    assert_eq!(read(&guest.at(&program.url), &device).await, all);
    program.kill().await;
    database.remove().await;
}

/// Saves a change, and takes in what others saved.
async fn save(guest: &Guest, device: &mut Device, patch: Value) {
    let update = device.edit(&patch);
    let reply = guest.save(&device.save([update])).await.message::<SaveReply>();
    assert_eq!(reply.outcome, SaveOutcome::Acked);
}

/// What a device with nothing reads.
async fn read(guest: &Guest, device: &Device) -> Value {
    let fresh = Device::of(device.session);
    let mut context = holdfast_domain::Context::new(1);
    for update in fresh.log(guest).await {
        context.apply(&update).unwrap();
    }
    context.to_json()
}

/// Flips a bit of what is stored. In SQLite's own file, where that can be found; nobody has it open.
async fn damage(database: &Database) {
    let mut connection = database.connect().await;
    let sql = "SELECT payload FROM context_updates WHERE seq = $1";
    let row = sqlx::query(sql).bind(DAMAGED).fetch_one(&mut connection).await.unwrap();
    let mut payload: Vec<u8> = row.get(0);
    match database.kind {
        Kind::Sqlite => {
            drop(connection);
            let file = database.folder.path().join("holdfast.db");
            let mut bytes = std::fs::read(&file).unwrap();
            let places: Vec<usize> = memchr::memmem::find_iter(&bytes, &payload).collect();
            assert_eq!(places.len(), 1, "it is in the file once");
            bytes[places[0] + payload.len() / 2] ^= 1;
            std::fs::write(file, bytes).unwrap();
        }
        Kind::Postgres => {
            *payload.last_mut().unwrap() ^= 1;
            let sql = "UPDATE context_updates SET payload = $1 WHERE seq = $2";
            let done = sqlx::query(sql).bind(payload).bind(DAMAGED).execute(&mut connection).await;
            assert_eq!(done.unwrap().rows_affected(), 1);
        }
    }
}

#[tokio::test]
async fn sync_7_a_corrupted_row_is_set_aside_and_healed_on_sqlite() {
    the_rest_opens_and_who_has_it_heals_it(Kind::Sqlite).await;
}

#[tokio::test]
async fn sync_7_a_corrupted_row_is_set_aside_and_healed_on_postgres() {
    the_rest_opens_and_who_has_it_heals_it(Kind::Postgres).await;
}
