//! OPS-3: several servers on one database.

use holdfast_backend::Backend;
use holdfast_domain::wire::SaveOutcome;
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{Database, Device, Kind, World, contract};

contract!(
    ops_3_two_servers_write_one_log,
    ops_3_two_servers_create_a_session_once,
    ops_3_two_servers_meet_a_guest_once;
    postgres: ops_3_first_starts_at_once_agree,
);

async fn ops_3_two_servers_write_one_log(world: World) {
    let servers = [world.backend.clone(), world.another_server().await];
    let mut first = Device::new(&world.guest().await);
    first.edit(json!({"first": 1}));
    first.sync(&servers[0]).await;
    let mut tasks = JoinSet::new();
    for number in 0..8 {
        let (servers, mut device) = (servers.clone(), first.beside());
        tasks.spawn(async move {
            for round in 0..10 {
                device.edit(json!({format!("device {number}"): round}));
                device.sync(&servers[(number + round) % 2]).await;
            }
        });
    }
    tasks.join_all().await;
    first.sync(&servers[0]).await;
    assert_eq!(first.json().as_object().unwrap().len(), 9);
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 81);
    assert_eq!(world.number("SELECT seq FROM sessions").await, 81);
    for server in &servers {
        let json = server.context_json(&first.visitor, first.session).await.unwrap();
        assert_eq!(json, first.json());
    }
}

async fn ops_3_two_servers_create_a_session_once(world: World) {
    let servers = [world.backend.clone(), world.another_server().await];
    let visitor = world.guest().await;
    for _ in 0..5 {
        let (mut one, template) = (Device::new(&visitor), Device::new(&visitor));
        let mut two = template;
        two.session = one.session;
        one.edit(json!({"one": 1}));
        two.edit(json!({"two": 1}));
        let replies = tokio::join!(
            servers[0].save(&visitor, one.request()),
            servers[1].save(&visitor, two.request())
        );
        assert_eq!(replies.0.unwrap().outcome, SaveOutcome::Acked);
        assert_eq!(replies.1.unwrap().outcome, SaveOutcome::Acked);
        let json = servers[0].context_json(&visitor, one.session).await.unwrap();
        assert_eq!(json, json!({"one": 1, "two": 1}));
    }
}

async fn ops_3_two_servers_meet_a_guest_once(world: World) {
    let servers = [world.backend.clone(), world.another_server().await];
    for _ in 0..5 {
        let visitor = world.guest().await;
        let (mut one, mut two) = (Device::new(&visitor), Device::new(&visitor));
        one.edit(json!({"one": 1}));
        two.edit(json!({"two": 1}));
        let replies = tokio::join!(
            servers[0].save(&visitor, one.request()),
            servers[1].save(&visitor, two.request())
        );
        assert_eq!(replies.0.unwrap().outcome, SaveOutcome::Acked);
        assert_eq!(replies.1.unwrap().outcome, SaveOutcome::Acked);
        assert_eq!(servers[0].list_sessions(&visitor).await.unwrap().len(), 2);
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM accounts").await, 5);
    assert_eq!(world.number("SELECT COUNT(*) FROM sign_ins").await, 5);
}

/// SQLite is one server's.
async fn ops_3_first_starts_at_once_agree(world: World) {
    for _ in 0..3 {
        let database = Database::create(Kind::Postgres).await;
        let started = tokio::join!(
            world.start_on(&database, 1),
            world.start_on(&database, 2),
            world.start_on(&database, 1),
            world.start_on(&database, 2),
        );
        let started = [started.0, started.1, started.2, started.3];
        // One key is the database's, and with the other nobody starts.
        let (ones, twos) = (started[0].is_ok(), started[1].is_ok());
        assert!(ones != twos && started[2].is_ok() == ones && started[3].is_ok() == twos);
        let lives = started.iter().flatten().map(Backend::incarnation);
        let lives: std::collections::BTreeSet<_> = lives.map(|life| life.to_string()).collect();
        assert_eq!(lives.len(), 1);
        for backend in started.iter().flatten() {
            backend.close().await;
        }
        database.remove().await;
    }
}
