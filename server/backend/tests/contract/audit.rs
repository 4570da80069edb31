//! SEC-7: the audit log, whose entries hang together.

use holdfast_backend::{AuditBreak, AuditFilter};
use holdfast_domain::Error;
use holdfast_domain::account::GuestWork;
use holdfast_domain::audit::{AuditKind, ToldKind};
use holdfast_domain::session::Step;
use serde_json::json;

use crate::ageing::pass;
use crate::harness::{
    DAY_MS, DEVICE, Device, EMAIL, HOUR_MS, PASSWORD, World, contract, sign_in, snapshot_request,
};
use crate::life::step;

contract!(
    sec_7_a_person_sees_their_own_entries_and_no_others,
    sec_7_what_happens_to_a_session_is_told_once,
    sec_7_snapshots_that_come_and_go_by_themselves_are_told,
    sec_7_entries_are_filtered_and_come_in_pages,
    sec_7_an_entry_of_a_newer_build_is_listed_by_its_word,
    sec_7_the_chain_shows_what_was_changed_cut_or_taken_out,
    sec_7_many_at_once_make_one_chain,
    sec_7_entries_of_a_guest_are_found_by_the_account_that_got_the_work,
);

const ALL: AuditFilter =
    AuditFilter { kind: None, session: None, from_ms: None, until_ms: None, before: None };

async fn kinds(world: &World, visitor: &holdfast_backend::Visitor) -> Vec<AuditKind> {
    let entries = world.backend.audit(visitor, &ALL).await.unwrap();
    entries.into_iter().filter_map(|entry| entry.kind.known()).collect()
}

async fn sec_7_a_person_sees_their_own_entries_and_no_others(world: World) {
    let ada = world.person(EMAIL).await;
    let ben = world.person("ben@example.org").await;
    let _ = world.sign_in(EMAIL, "not it").await;
    let _ = world.sign_in("nobody@example.org", PASSWORD).await;
    world.backend.change_password(&ada, PASSWORD, "another long password").await.unwrap();
    assert_eq!(
        kinds(&world, &ada).await,
        [AuditKind::PasswordChanged, AuditKind::SignInFailed, AuditKind::Registered]
    );
    let entries = world.backend.audit(&ada, &ALL).await.unwrap();
    assert_eq!(entries[2].detail, DEVICE);
    assert_eq!(entries[2].at_ms, world.backend.now_ms());
    assert_eq!(kinds(&world, &ben).await, [AuditKind::Registered]);
    assert_eq!(kinds(&world, &world.guest().await).await, []);
    // Nobody's failure is in the chain and in nobody's list.
    assert_eq!(world.backend.verify_audit(None).await.unwrap().seq, 5);
}

async fn sec_7_what_happens_to_a_session_is_told_once(world: World) {
    let ada = world.person(EMAIL).await;
    let mut device = Device::new(&ada);
    let session = device.session;
    device.edit(json!({"notes": "ferry"}));
    device.sync(&world.backend).await;
    let request = snapshot_request("Before packing");
    for _ in 0..2 {
        world.backend.create_snapshot(&ada, session, request.clone()).await.unwrap();
    }
    device.edit(json!({"notes": "stove"}));
    device.sync(&world.backend).await;
    let restored = world.backend.restore_snapshot(&ada, session, request.id).await.unwrap();
    world.backend.undo_restore(&ada, session, restored.restore, false).await.unwrap();
    world.backend.delete_snapshot(&ada, session, request.id).await.unwrap();
    let gone = world.backend.delete_snapshot(&ada, session, request.id).await;
    assert_eq!(gone, Err(Error::NotFound));
    world.backend.share(&ada, "theme", json!("dark")).await.unwrap();
    assert_eq!(
        kinds(&world, &ada).await,
        [
            AuditKind::ValueShared,
            AuditKind::SnapshotDeleted,
            AuditKind::RestoreUndone,
            AuditKind::SnapshotRestored,
            AuditKind::SnapshotAutomatic,
            AuditKind::SnapshotTaken,
            AuditKind::SessionCreated,
            AuditKind::Registered,
        ]
    );
    let of_session = AuditFilter { session: Some(session), ..ALL };
    assert_eq!(world.backend.audit(&ada, &of_session).await.unwrap().len(), 6);
    world.backend.verify_audit(None).await.unwrap();
}

async fn sec_7_snapshots_that_come_and_go_by_themselves_are_told(world: World) {
    let ada = world.person(EMAIL).await;
    let mut devices = [Device::new(&ada), Device::new(&ada)];
    for number in 0..3 {
        for device in &mut devices {
            device.edit(json!({"a": number}));
            device.sync(&world.backend).await;
        }
        world.clock.advance(HOUR_MS);
    }
    step(&world, &devices[0], Step::Complete).await;
    step(&world, &devices[1], Step::Complete).await;
    let of = |kind| AuditFilter { kind: Some(kind), ..ALL };
    let taken = world.backend.audit(&ada, &of(AuditKind::SnapshotAutomatic)).await.unwrap();
    assert_eq!(taken.len(), 6);
    pass(&world, 31 * DAY_MS).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 0);
    let expired = world.backend.audit(&ada, &of(AuditKind::SnapshotsExpired)).await.unwrap();
    for device in &devices {
        let of_it = expired.iter().filter(|entry| entry.session == Some(device.session));
        let number: u32 = of_it.map(|entry| entry.detail.parse::<u32>().unwrap()).sum();
        assert_eq!(number, 3);
    }
    world.backend.verify_audit(None).await.unwrap();
}

async fn sec_7_entries_are_filtered_and_come_in_pages(world: World) {
    let ada = world.person(EMAIL).await;
    for _ in 0..120 {
        world.clock.advance(HOUR_MS);
        world.backend.reset_link(EMAIL).await.unwrap();
    }
    let first = world.backend.audit(&ada, &ALL).await.unwrap();
    assert_eq!(first.len(), 100);
    let next = AuditFilter { before: first.last().map(|entry| entry.seq), ..ALL };
    let second = world.backend.audit(&ada, &next).await.unwrap();
    assert_eq!(second.len(), 21);
    assert!(first.iter().chain(&second).map(|entry| entry.seq).is_sorted_by(|a, b| a > b));

    let registered = AuditFilter { kind: Some(AuditKind::Registered), ..ALL };
    assert_eq!(world.backend.audit(&ada, &registered).await.unwrap().len(), 1);
    let now = world.backend.now_ms();
    let lately = AuditFilter { from_ms: Some(now - HOUR_MS), until_ms: Some(now), ..ALL };
    assert_eq!(world.backend.audit(&ada, &lately).await.unwrap().len(), 1);
}

async fn sec_7_an_entry_of_a_newer_build_is_listed_by_its_word(world: World) {
    let ada = world.person(EMAIL).await;
    world.backend.reset_link(EMAIL).await.unwrap();
    world.execute("UPDATE audit SET kind = 'moved_to_the_moon' WHERE seq = 1").await;
    let entries = world.backend.audit(&ada, &ALL).await.unwrap();
    let kinds: Vec<ToldKind> = entries.into_iter().map(|entry| entry.kind).collect();
    let newer = ToldKind::Unknown("moved_to_the_moon".into());
    assert_eq!(kinds, [ToldKind::Known(AuditKind::ResetAsked), newer]);
}

async fn sec_7_the_chain_shows_what_was_changed_cut_or_taken_out(world: World) {
    world.person(EMAIL).await;
    for _ in 0..4 {
        world.backend.reset_link(EMAIL).await.unwrap();
    }
    let head = world.backend.verify_audit(None).await.unwrap();
    assert_eq!(head.seq, 5);
    world.execute("UPDATE audit SET at = at + 1 WHERE seq = 3").await;
    assert_eq!(world.backend.verify_audit(None).await, Err(AuditBreak::Changed(3)));
    world.execute("UPDATE audit SET at = at - 1 WHERE seq = 3").await;
    world.flip("audit", "detail", "seq = 1").await;
    assert_eq!(world.backend.verify_audit(None).await, Err(AuditBreak::Changed(1)));
    world.flip("audit", "detail", "seq = 1").await;
    assert_eq!(world.backend.verify_audit(Some(&head)).await.unwrap(), head);

    world.execute("DELETE FROM audit WHERE seq = 5").await;
    assert_eq!(world.backend.verify_audit(None).await, Err(AuditBreak::Missing(5)));
    // Who makes the end fit too is found by what was written down.
    world.execute("UPDATE meta SET value = '0 ' WHERE name = 'audit'").await;
    assert_eq!(world.backend.verify_audit(None).await.unwrap().seq, 4);
    assert_eq!(world.backend.verify_audit(Some(&head)).await, Err(AuditBreak::Missing(5)));
    world.execute("DELETE FROM audit WHERE seq = 2").await;
    assert_eq!(world.backend.verify_audit(None).await, Err(AuditBreak::Missing(2)));
}

async fn sec_7_many_at_once_make_one_chain(world: World) {
    world.person(EMAIL).await;
    let other = world.another_server().await;
    let links = (0..20).map(|round| {
        let node = if round % 2 == 0 { &world.backend } else { &other };
        node.reset_link(EMAIL)
    });
    for made in futures::future::join_all(links).await {
        made.unwrap();
    }
    assert_eq!(world.backend.verify_audit(None).await.unwrap().seq, 21);
}

async fn sec_7_entries_of_a_guest_are_found_by_the_account_that_got_the_work(world: World) {
    world.person(EMAIL).await;
    let mut guest = Device::new(&world.guest().await);
    guest.edit(json!({"a": 1}));
    guest.sync(&world.backend).await;
    let ada = sign_in(&world.backend, &guest.visitor, EMAIL, PASSWORD, GuestWork::Bring).await;
    let entries = world.backend.audit(&ada.unwrap(), &ALL).await.unwrap();
    let kinds: Vec<AuditKind> = entries.iter().filter_map(|entry| entry.kind.known()).collect();
    let before = [AuditKind::SessionCreated, AuditKind::Registered];
    assert_eq!(kinds[..2], [AuditKind::SignedIn, AuditKind::WorkBrought]);
    assert_eq!(kinds[2..], before);
    assert_eq!(entries[1].detail, "1");
    world.backend.verify_audit(None).await.unwrap();
}
