//! SESS-6: what a person did, in figures of their own.

use holdfast_backend::{Backend, Visitor};
use holdfast_domain::Error;
use holdfast_domain::account::GuestWork;
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::statistics::{Statistics, StatisticsQuery, Use};
use serde_json::json;

use crate::harness::{DAY_MS, Device, EMAIL, HOUR_MS, PASSWORD, World, contract, sign_in};
use crate::life::step;

contract!(
    sess_6_edits_and_time_are_counted_by_the_days_of_the_time_zone,
    sess_6_what_comes_again_or_by_itself_is_not_counted,
    sess_6_nobody_reads_the_figures_of_others,
    sess_6_what_a_guest_did_is_brought_along,
    sess_6_two_servers_count_everything_once,
    sess_6_sessions_are_counted_by_state_and_by_what_they_take,
    sess_6_days_that_are_none_are_refused,
);

async fn statistics(world: &World, visitor: &Visitor, days: u16, zone: &str) -> Statistics {
    let query = StatisticsQuery { days, last: None, time_zone: zone.into() };
    world.backend.statistics(visitor, &query).await.unwrap()
}

/// One edit, saved.
async fn edit(world: &World, device: &mut Device, number: i64) {
    device.edit(json!({"a": number}));
    device.exchange(&world.backend).await.unwrap();
}

fn total(edits: u64, active_ms: u64) -> Use {
    Use { edits, active_ms }
}

async fn sess_6_edits_and_time_are_counted_by_the_days_of_the_time_zone(world: World) {
    let mut device = Device::new(&world.guest().await);
    // From midnight of the 21st on, in UTC.
    edit(&world, &mut device, 1).await;
    world.clock.advance(30_000);
    edit(&world, &mut device, 2).await;
    // Away for an hour, which is no time of use.
    world.clock.advance(HOUR_MS);
    edit(&world, &mut device, 3).await;
    world.clock.advance(22 * HOUR_MS);
    edit(&world, &mut device, 4).await;
    world.clock.advance(60_000);
    edit(&world, &mut device, 5).await;

    let utc = statistics(&world, &device.visitor, 2, "Etc/UTC").await;
    let days: Vec<_> = utc.days.iter().map(|day| (day.date.as_str(), day.total)).collect();
    assert_eq!(days, [("2026-11-20", total(0, 0)), ("2026-11-21", total(5, 90_000))]);
    // There it is the 22nd already, and has been for a minute.
    let oslo = statistics(&world, &device.visitor, 2, "Europe/Oslo").await;
    let days: Vec<_> = oslo.days.iter().map(|day| (day.date.as_str(), day.total)).collect();
    assert_eq!(days, [("2026-11-21", total(3, 30_000)), ("2026-11-22", total(2, 60_000))]);
    let [of] = oslo.days[1].sessions.as_slice() else { panic!("one session") };
    assert_eq!((of.session, of.total), (device.session, total(2, 60_000)));
    let [of] = oslo.sessions.as_slice() else { panic!("one session") };
    assert_eq!((of.name.as_str(), of.state), ("My session", SessionState::Active));
    assert_eq!(of.total, total(5, 90_000));

    // A week later there is nothing on the last days, of no session.
    world.clock.advance(7 * DAY_MS);
    let later = statistics(&world, &device.visitor, 2, "Europe/Oslo").await;
    assert!(later.sessions.is_empty() && later.days.iter().all(|day| day.sessions.is_empty()));
}

async fn sess_6_what_comes_again_or_by_itself_is_not_counted(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    let request = device.request();
    for _ in 0..3 {
        world.backend.save(&device.visitor, request.clone()).await.unwrap();
    }
    device.sync(&world.backend).await;
    world.backend.share(&device.visitor, "home", json!("Bern")).await.unwrap();
    device.sync(&world.backend).await;
    let read = statistics(&world, &device.visitor, 1, "Etc/UTC").await;
    assert_eq!(read.days[0].total, total(1, 0));
}

async fn sess_6_nobody_reads_the_figures_of_others(world: World) {
    let mut device = Device::new(&world.guest().await);
    edit(&world, &mut device, 1).await;
    let nobody = statistics(&world, &world.guest().await, 3, "Etc/UTC").await;
    assert_eq!(nobody.days.len(), 3);
    let mut other = Device::new(&world.guest().await);
    edit(&world, &mut other, 1).await;
    let others = statistics(&world, &other.visitor, 3, "Etc/UTC").await;
    assert_eq!((others.days[2].total, others.sessions.len()), (total(1, 0), 1));
    assert_eq!((others.sessions[0].session, others.states.active), (other.session, 1));
}

async fn sess_6_what_a_guest_did_is_brought_along(world: World) {
    let ada = world.person(EMAIL).await;
    let mut guest = Device::new(&world.guest().await);
    edit(&world, &mut guest, 1).await;
    let ada_here = sign_in(&world.backend, &guest.visitor, EMAIL, PASSWORD, GuestWork::Bring);
    guest.visitor = ada_here.await.unwrap();
    edit(&world, &mut guest, 2).await;
    let read = statistics(&world, &ada, 1, "Etc/UTC").await;
    assert_eq!(read.days[0].total, total(2, 0));
}

async fn sess_6_two_servers_count_everything_once(world: World) {
    let device = Device::new(&world.guest().await);
    let mut first = device.beside_creating();
    first.sync(&world.backend).await;
    let another = world.another_server().await;
    let run = |name: &'static str, mut device: Device, backend: Backend| async move {
        device.load(&backend).await;
        for number in 0..20 {
            device.edit(json!({name: number}));
            device.sync(&backend).await;
        }
    };
    tokio::join!(
        run("a", first.beside(), world.backend.clone()),
        run("b", first.beside(), another.clone()),
        run("c", first.beside(), another.clone()),
    );
    let read = statistics(&world, &first.visitor, 1, "Etc/UTC").await;
    assert_eq!(read.days[0].total.edits, 61);
}

async fn sess_6_sessions_are_counted_by_state_and_by_what_they_take(world: World) {
    let visitor = world.guest().await;
    let mut devices = Vec::new();
    for number in 0..4 {
        let mut device = Device::new(&visitor);
        device.write("/notes", &"x".repeat(1_000 * (number + 1)));
        device.sync(&world.backend).await;
        devices.push(device);
    }
    step(&world, &devices[0], Step::Complete).await;
    step(&world, &devices[1], Step::Archive).await;
    step(&world, &devices[2], Step::Delete).await;
    let read = statistics(&world, &visitor, 1, "Etc/UTC").await;
    let states = read.states;
    assert_eq!((states.active, states.completed, states.archived, states.deleted), (1, 1, 1, 1));
    assert_eq!(read.sessions.len(), 4);
    let bytes: u64 = read.sessions.iter().map(|of| of.bytes).sum();
    assert_eq!(read.bytes, bytes);
    let stored = "SELECT CAST(SUM(size) AS BIGINT) FROM";
    let updates = world.number(&format!("{stored} context_updates")).await;
    let bases = world.number("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM context_bases");
    assert_eq!(read.bytes, u64::try_from(updates + bases.await).unwrap());
    for (number, device) in devices.iter().enumerate() {
        let of = read.sessions.iter().find(|of| of.session == device.session).unwrap();
        assert!(of.bytes > 100, "{number}: {of:?}");
    }
}

async fn sess_6_days_that_are_none_are_refused(world: World) {
    let visitor = world.guest().await;
    for (days, last, zone, code) in [
        (0, None, "Etc/UTC", "invalid_value"),
        (367, None, "Etc/UTC", "invalid_value"),
        (1, Some("2026-02-30"), "Etc/UTC", "invalid_value"),
        (1, Some("9999-12-31"), "Etc/UTC", "invalid_value"),
        (1, None, "Europe/Atlantis", "invalid_value"),
    ] {
        let query = StatisticsQuery { days, last: last.map(Into::into), time_zone: zone.into() };
        let refused: Error = world.backend.statistics(&visitor, &query).await.unwrap_err();
        assert_eq!(refused.code(), code, "{query:?}");
    }
}
