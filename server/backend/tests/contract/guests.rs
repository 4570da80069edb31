//! OPS-1: guests of whom nothing is left are forgotten, and nobody else.

use holdfast_backend::Swept;
use holdfast_domain::session::Step;
use holdfast_domain::wire::SaveRequest;
use serde_json::json;

use crate::ageing::{pass, sweep};
use crate::harness::{DAY_MS, Device, EMAIL, World, contract};
use crate::life::{saved, step};

contract!(
    ops_1_a_guest_with_nothing_who_does_not_come_back_is_forgotten,
    ops_1_whoever_has_something_or_comes_back_is_not,
    ops_1_a_forgotten_guest_who_comes_back_is_a_new_one,
);

const KEYS: &str = "SELECT COUNT(*) FROM keys";
const ACCOUNTS: &str = "SELECT COUNT(*) FROM accounts";

/// A guest whose only session was destroyed.
async fn emptied(world: &World) -> Device {
    let device = saved(world).await;
    step(world, &device, Step::Delete).await;
    pass(world, 7 * DAY_MS).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 0);
    device
}

async fn ops_1_a_guest_with_nothing_who_does_not_come_back_is_forgotten(world: World) {
    let keys = world.number(KEYS).await;
    emptied(&world).await;
    pass(&world, 23 * DAY_MS - 1).await;
    assert_eq!(world.number(ACCOUNTS).await, 1);
    world.clock.advance(2);
    assert_eq!(sweep(&world.backend).await, Swept { guests: 1, ..Swept::default() });
    for table in ["accounts", "sign_ins", "activity", "preferences"] {
        assert_eq!(world.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(world.number(KEYS).await, keys);
    world.backend.verify_audit(None).await.unwrap();
    assert_eq!(sweep(&world.backend).await, Swept::default());
}

async fn ops_1_whoever_has_something_or_comes_back_is_not(world: World) {
    let back = emptied(&world).await;
    let with_work = saved(&world).await;
    world.person(EMAIL).await;
    pass(&world, 10 * DAY_MS).await;
    world.backend.who(&back.visitor).await.unwrap();
    pass(&world, 29 * DAY_MS).await;
    assert_eq!(world.number(ACCOUNTS).await, 3);
    pass(&world, 2 * DAY_MS).await;
    // The one who came back once more has gone at last; work keeps its guest for good.
    assert_eq!(world.number(ACCOUNTS).await, 2);
    pass(&world, 60 * DAY_MS).await;
    assert_eq!(world.number(ACCOUNTS).await, 2);
    assert_eq!(world.backend.list_sessions(&with_work.visitor).await.unwrap().len(), 1);
}

async fn ops_1_a_forgotten_guest_who_comes_back_is_a_new_one(world: World) {
    let device = emptied(&world).await;
    pass(&world, 24 * DAY_MS).await;
    assert_eq!(world.number(ACCOUNTS).await, 0);
    let mut again = Device::new(&device.visitor);
    again.edit(json!({"again": true}));
    again.sync(&world.backend).await;
    assert_eq!(world.backend.list_sessions(&device.visitor).await.unwrap().len(), 1);
    // What was destroyed does not come to life by it.
    let late = SaveRequest { active: false, ..device.beside_creating().request() };
    assert!(world.backend.save(&device.visitor, late).await.is_err());
    assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await, 1);
}
