//! JOB-3, as far as it is about the log that jobs share with everything else: what happens in a session is told in
//! order, once, to whoever watches and to nobody else.

use std::time::Duration;

use holdfast_backend::{Backend, Watch};
use holdfast_domain::Error;
use holdfast_domain::event::{EventCursor, EventKind, SessionEvent, SnapshotChange, Watched};
use holdfast_domain::session::{SessionState, Step};
use serde_json::json;

use crate::harness::{DAY_MS, Device, World, contract};
use crate::life::{saved, step};

contract!(
    job_3_whoever_goes_on_from_where_they_were_misses_nothing,
    job_3_everything_that_others_must_see_is_told,
    job_3_a_watcher_hears_at_once_of_what_is_saved,
    job_3_what_another_server_writes_is_told_here,
    job_3_where_events_are_gone_there_is_a_gap,
    job_3_another_life_of_the_database_is_a_gap,
    job_3_a_damaged_event_is_a_gap_and_the_rest_is_told,
    job_3_a_server_that_stops_ends_the_watch,
    sec_3_nobody_watches_a_session_of_somebody_else,
    sec_3_who_is_signed_out_hears_no_more,
    sec_4_so_many_watchers_and_no_more,
    sess_3_of_a_deleted_session_the_watch_ends,
);

/// Long enough for whatever is told, and for nothing else.
const SOON: Duration = Duration::from_secs(20);

async fn watch(backend: &Backend, device: &Device, heard: Option<EventCursor>) -> Watch {
    let watched = Watched { session: device.session, heard };
    backend.watch(&device.visitor, watched).await.unwrap()
}

async fn next(watch: &mut Watch) -> Option<SessionEvent> {
    tokio::time::timeout(SOON, watch.next()).await.expect("something is told")
}

async fn some(watch: &mut Watch, number: usize) -> Vec<SessionEvent> {
    let mut events = Vec::new();
    for _ in 0..number {
        events.push(next(watch).await.expect("it goes on"));
    }
    events
}

fn kinds(events: &[SessionEvent]) -> Vec<EventKind> {
    events.iter().map(|event| event.kind.clone()).collect()
}

async fn rename(world: &World, device: &Device, name: &str) -> EventKind {
    world.backend.rename_session(&device.visitor, device.session, name).await.unwrap();
    EventKind::Renamed { name: name.into() }
}

async fn job_3_whoever_goes_on_from_where_they_were_misses_nothing(world: World) {
    let device = saved(&world).await;
    let mut watching = watch(&world.backend, &device, None).await;
    let mut heard = next(&mut watching).await.unwrap();
    assert_eq!(heard.kind, EventKind::Opened);
    let mut told = Vec::new();
    // More than one page of them.
    for number in 0..250 {
        rename(&world, &device, &format!("Name {number}")).await;
        if number % 70 == 0 {
            heard = next(&mut watching).await.unwrap();
            told.push(heard.clone());
            drop(watching);
            watching = watch(&world.backend, &device, Some(heard.cursor)).await;
            assert_eq!(next(&mut watching).await.unwrap().kind, EventKind::Opened);
        }
    }
    told.extend(some(&mut watching, 250 - told.len()).await);
    let names = (0..250).map(|number| EventKind::Renamed { name: format!("Name {number}") });
    assert_eq!(kinds(&told), names.collect::<Vec<_>>());
    let first = heard.cursor.seq - told.iter().position(|one| *one == heard).unwrap() as i64;
    assert!((first..).zip(&told).all(|(seq, event)| event.cursor.seq == seq), "without holes");
}

async fn job_3_everything_that_others_must_see_is_told(world: World) {
    let mut device = saved(&world).await;
    let mut watching = watch(&world.backend, &device, None).await;
    next(&mut watching).await;
    let (session, visitor) = (device.session, device.visitor.clone());
    let mut expected = vec![rename(&world, &device, "Lofoten").await];
    let snapshot = device.snapshot("Mine");
    device.sync(&world.backend).await;
    let change = |change| EventKind::Snapshot { snapshot, change };
    expected.push(change(SnapshotChange::Taken));
    world.backend.pin_snapshot(&visitor, session, snapshot, true).await.unwrap();
    expected.push(change(SnapshotChange::Pinned));
    world.backend.delete_snapshot(&visitor, session, snapshot).await.unwrap();
    expected.push(change(SnapshotChange::Deleted));
    step(&world, &device, Step::Archive).await;
    expected.push(EventKind::State { state: SessionState::Archived });
    step(&world, &device, Step::Unarchive).await;
    expected.push(EventKind::State { state: SessionState::Active });
    let told = some(&mut watching, expected.len()).await;
    assert_eq!(kinds(&told), expected);

    // By time alone.
    world.clock.advance(2 * DAY_MS);
    world.backend.sweep().await.unwrap();
    world.clock.advance(DAY_MS);
    let aged = async {
        while world.backend.session(&visitor, session).await.unwrap().state == SessionState::Active
        {
            world.backend.sweep().await.unwrap();
            world.clock.advance(DAY_MS / 4);
        }
    };
    aged.await;
    let state = EventKind::State { state: SessionState::Abandoned };
    assert_eq!(next(&mut watching).await.unwrap().kind, state);
    // And by being used again.
    world.backend.touch_session(&visitor, session).await.unwrap();
    let state = EventKind::State { state: SessionState::Active };
    assert_eq!(next(&mut watching).await.unwrap().kind, state);
}

async fn job_3_a_watcher_hears_at_once_of_what_is_saved(world: World) {
    let mut device = saved(&world).await;
    let mut watching = watch(&world.backend, &device, None).await;
    let opened = next(&mut watching).await.unwrap();
    let waiting = tokio::spawn(async move { (next(&mut watching).await, watching) });
    device.edit(json!({"a": 2}));
    device.sync(&world.backend).await;
    let (told, watching) = waiting.await.unwrap();
    let told = told.unwrap();
    let version = world.number("SELECT seq FROM sessions").await;
    assert_eq!(told.kind, EventKind::Context { version });
    assert_eq!((told.cursor.seq, told.cursor.context), (opened.cursor.seq, version));
    drop(watching);
    // Whoever was away hears that it changed, once, however often it did.
    for number in 3..6 {
        device.edit(json!({"a": number}));
        device.sync(&world.backend).await;
    }
    rename(&world, &device, "Lofoten").await;
    let mut watching = watch(&world.backend, &device, Some(told.cursor)).await;
    let told = kinds(&some(&mut watching, 3).await);
    let renamed = EventKind::Renamed { name: "Lofoten".into() };
    assert_eq!(told, [EventKind::Opened, renamed, EventKind::Context { version: version + 3 }]);
}

async fn job_3_what_another_server_writes_is_told_here(world: World) {
    let device = saved(&world).await;
    let other = world.another_server().await;
    let mut watching = watch(&other, &device, None).await;
    next(&mut watching).await;
    for number in 0..3 {
        let renamed = rename(&world, &device, &format!("Name {number}")).await;
        assert_eq!(next(&mut watching).await.unwrap().kind, renamed);
    }
}

async fn job_3_where_events_are_gone_there_is_a_gap(world: World) {
    let device = saved(&world).await;
    let mut watching = watch(&world.backend, &device, None).await;
    let before = next(&mut watching).await.unwrap().cursor;
    rename(&world, &device, "Long ago").await;
    world.execute(&format!("UPDATE session_events SET at = at - {}", 31 * DAY_MS)).await;
    world.backend.sweep().await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM session_events").await, 0);
    let now = rename(&world, &device, "Now").await;

    let mut late = watch(&world.backend, &device, Some(before)).await;
    let told = some(&mut late, 2).await;
    assert_eq!(kinds(&told), [EventKind::Gap, now]);
    // Once is enough.
    let mut later = watch(&world.backend, &device, Some(told[1].cursor)).await;
    assert_eq!(next(&mut later).await.unwrap().kind, EventKind::Opened);
}

async fn job_3_another_life_of_the_database_is_a_gap(world: World) {
    let device = saved(&world).await;
    let mut watching = watch(&world.backend, &device, None).await;
    let heard = next(&mut watching).await.unwrap().cursor;
    // Brought back from an older copy without a word, it has counted less far.
    let ahead = EventCursor { seq: heard.seq + 1, ..heard };
    let mut watching = watch(&world.backend, &device, Some(ahead)).await;
    assert_eq!(next(&mut watching).await.unwrap().kind, EventKind::Gap);
    world.backend.new_incarnation().await.unwrap();
    let mut watching = watch(&world.backend, &device, Some(heard)).await;
    let gap = next(&mut watching).await.unwrap();
    assert_eq!(gap.kind, EventKind::Gap);
    let mut watching = watch(&world.backend, &device, Some(gap.cursor)).await;
    assert_eq!(next(&mut watching).await.unwrap().kind, EventKind::Opened);
}

async fn job_3_a_damaged_event_is_a_gap_and_the_rest_is_told(world: World) {
    let device = saved(&world).await;
    let mut watching = watch(&world.backend, &device, None).await;
    let heard = next(&mut watching).await.unwrap().cursor;
    rename(&world, &device, "One").await;
    let two = rename(&world, &device, "Two").await;
    world.flip("session_events", "payload", &format!("seq = {}", heard.seq + 1)).await;
    let mut watching = watch(&world.backend, &device, Some(heard)).await;
    let told = kinds(&some(&mut watching, 3).await);
    assert_eq!(told, [EventKind::Opened, EventKind::Gap, two]);
}

async fn job_3_a_server_that_stops_ends_the_watch(world: World) {
    let device = saved(&world).await;
    let mut watching = watch(&world.backend, &device, None).await;
    next(&mut watching).await;
    let waiting = tokio::spawn(async move { next(&mut watching).await });
    world.backend.end_watching();
    assert_eq!(waiting.await.unwrap(), None);
}

async fn sec_3_nobody_watches_a_session_of_somebody_else(world: World) {
    let device = saved(&world).await;
    let watched = Watched { session: device.session, heard: None };
    let other = Device::new(&world.guest().await);
    let refused = world.backend.watch(&other.visitor, watched).await.err();
    assert_eq!(refused, Some(Error::NotFound));
    // Beside one of their own.
    let mine = Device::new(&world.guest().await);
    world.backend.save(&mine.visitor, mine.request()).await.unwrap();
    let both = [watched, Watched { session: mine.session, heard: None }];
    let mut watching = world.backend.watch_several(&mine.visitor, &both).await.unwrap();
    let ended = EventKind::Ended { code: "not_found".into() };
    assert_eq!(kinds(&some(&mut watching, 2).await), [ended, EventKind::Opened]);
    rename(&world, &device, "Theirs").await;
    let own = rename(&world, &mine, "Mine").await;
    assert_eq!(next(&mut watching).await.unwrap().kind, own);
}

async fn sec_3_who_is_signed_out_hears_no_more(world: World) {
    let mut device = Device::new(&world.person("ada@example.org").await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    let mut watching = watch(&world.backend, &device, None).await;
    next(&mut watching).await;
    let waiting =
        tokio::spawn(async move { (next(&mut watching).await, next(&mut watching).await) });
    world.backend.sign_out(&device.visitor).await.unwrap();
    let (ended, over) = waiting.await.unwrap();
    assert_eq!(ended.unwrap().kind, EventKind::Ended { code: "not_signed_in".into() });
    assert_eq!(over, None);
}

async fn sec_4_so_many_watchers_and_no_more(mut world: World) {
    world.settings.watchers_per_account = 2;
    world.restart().await;
    let device = saved(&world).await;
    let first = watch(&world.backend, &device, None).await;
    let _second = watch(&world.backend, &device, None).await;
    let watched = Watched { session: device.session, heard: None };
    let third = world.backend.watch(&device.visitor, watched).await.err();
    assert!(matches!(third, Some(Error::RateLimited { .. })), "{third:?}");
    drop(first);
    watch(&world.backend, &device, None).await;
}

async fn sess_3_of_a_deleted_session_the_watch_ends(world: World) {
    let device = saved(&world).await;
    let mut watching = watch(&world.backend, &device, None).await;
    next(&mut watching).await;
    step(&world, &device, Step::Delete).await;
    let ended = EventKind::Ended { code: "gone".into() };
    assert_eq!(next(&mut watching).await.unwrap().kind, ended);
    assert_eq!(next(&mut watching).await, None);
    let watched = Watched { session: device.session, heard: None };
    let refused = world.backend.watch(&device.visitor, watched).await.err();
    assert!(matches!(refused, Some(Error::Gone { .. })));
}
