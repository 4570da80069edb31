//! Two or more replicas of one context that edit apart and then exchange what they did.

use holdfast_domain::context::TextEdit;
use serde_json::json;

use crate::support::{self, Updates, path, replica, sync};

#[test]
fn ctx_1_fields_of_an_object_created_apart_all_survive() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.patch(&json!({"profile": {"name": "Ada", "tags": {"a": 1}}})).unwrap();
    two.patch(&json!({"profile": {"born": 1815, "tags": {"b": 2}}})).unwrap();
    sync(&mut [&mut one, &mut two]);
    let both = json!({"profile": {"name": "Ada", "born": 1815, "tags": {"a": 1, "b": 2}}});
    assert_eq!(one.to_json(), both);
}

#[test]
fn ctx_1_a_key_created_apart_has_one_value_everywhere() {
    for (a, b) in [(1, 2), (2, 1)] {
        let (mut one, mut two) = (replica(a), replica(b));
        one.patch(&json!({"k": {"from": "one"}})).unwrap();
        two.patch(&json!({"k": "two"})).unwrap();
        sync(&mut [&mut one, &mut two]);
        // Children beat a value, whoever wrote it.
        assert_eq!(one.to_json(), json!({"k": {"from": "one"}}));
        one.patch(&json!({"k": {"from": null}})).unwrap();
        sync(&mut [&mut one, &mut two]);
        assert_eq!(two.to_json(), json!({"k": {}}));
    }
}

#[test]
fn ctx_1_a_text_created_apart_keeps_what_both_typed() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.set_text(&path("/notes"), "one. ").unwrap();
    two.set_text(&path("/notes"), "two. ").unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(one.to_json(), json!({"notes": "one. two. "}));
}

#[test]
fn ctx_1_typing_survives_the_deletion_of_its_text_and_of_its_parent() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.set_text(&path("/a/notes"), "old").unwrap();
    sync(&mut [&mut one, &mut two]);
    one.patch(&json!({"a": null})).unwrap();
    two.edit_text(&path("/a/notes"), &TextEdit { at: 3, delete: 0, insert: " new".into() })
        .unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(one.to_json(), json!({"a": {"notes": " new"}}));
    assert!(one.is_text(&path("/a/notes")));
    two.patch(&json!({"a": {"notes": null}})).unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(one.to_json(), json!({"a": {}}));
}

#[test]
fn ctx_1_a_text_that_survived_its_deletion_stays_when_it_is_emptied() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.set_text(&path("/t"), "").unwrap();
    sync(&mut [&mut one, &mut two]);
    one.patch(&json!({"t": null})).unwrap();
    two.set_text(&path("/t"), "a").unwrap();
    sync(&mut [&mut one, &mut two]);
    one.set_text(&path("/t"), "").unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(two.to_json(), json!({"t": ""}));
}

#[test]
fn ctx_1_a_field_survives_the_deletion_of_its_object() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.patch(&json!({"a": {"b": 1}})).unwrap();
    sync(&mut [&mut one, &mut two]);
    one.patch(&json!({"a": null})).unwrap();
    two.patch(&json!({"a": {"c": 2}})).unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(one.to_json(), json!({"a": {"c": 2}}));
}

#[test]
fn ctx_1_an_object_stays_when_its_children_are_deleted_apart() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.patch(&json!({"a": {"b": 1, "c": 2}})).unwrap();
    sync(&mut [&mut one, &mut two]);
    one.patch(&json!({"a": {"b": null}})).unwrap();
    two.patch(&json!({"a": {"c": null}})).unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(one.to_json(), json!({"a": {}}));
}

#[test]
fn ctx_1_a_value_that_wins_over_a_text_hides_what_was_typed_into_it() {
    for (a, b) in [(1, 2), (2, 1)] {
        let (mut one, mut two) = (replica(a), replica(b));
        one.set_text(&path("/t"), "text").unwrap();
        sync(&mut [&mut one, &mut two]);
        one.patch(&json!({"t": 5})).unwrap();
        two.edit_text(&path("/t"), &TextEdit { at: 4, delete: 0, insert: "!".into() }).unwrap();
        sync(&mut [&mut one, &mut two]);
        assert_eq!(one.to_json(), json!({"t": 5}));
        // What was hidden does not come back with a new text.
        two.set_text(&path("/t"), "fresh").unwrap();
        sync(&mut [&mut one, &mut two]);
        assert_eq!(one.to_json(), json!({"t": "fresh"}));
    }
}

#[test]
fn ctx_1_a_string_that_two_tabs_make_a_text_is_there_once() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.patch(&json!({"t": "plain 😀 string"})).unwrap();
    sync(&mut [&mut one, &mut two]);
    one.edit_text(&path("/t"), &TextEdit { at: 0, delete: 0, insert: "A ".into() }).unwrap();
    two.edit_text(&path("/t"), &TextEdit { at: 15, delete: 0, insert: "!".into() }).unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(one.to_json(), json!({"t": "A plain 😀 string!"}));

    // The same string once more: now its id has been used, and the text is still there once.
    one.patch(&json!({"t": null})).unwrap();
    one.patch(&json!({"t": "plain 😀 string"})).unwrap();
    one.set_text(&path("/t"), "plain string").unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(two.to_json(), json!({"t": "plain string"}));
}

#[test]
fn ctx_1_a_long_string_becomes_a_text_in_pieces() {
    // Only a foreign client writes a string this long.
    let long = "länge 😀 ".repeat(150_000);
    let (mut one, mut two) = (replica(1), replica(2));
    for context in [&mut one, &mut two] {
        let foreign = support::foreign_map(9, "/t", long.as_str());
        context.apply(&foreign).unwrap();
    }
    let updates = one.set_text(&path("/t"), &format!("{long}one")).unwrap();
    assert!(updates.iter().all(|update| update.len() <= 1_000_000));
    two.set_text(&path("/t"), &format!("two{long}")).unwrap();
    for update in &updates {
        two.apply(update).unwrap();
    }
    sync(&mut [&mut one, &mut two]);
    assert_eq!(one.to_json(), json!({"t": format!("two{long}one")}));
}

#[test]
fn sync_6_deletions_alone_reach_everybody() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.patch(&json!({"a": 1, "b": {"c": [1]}})).unwrap();
    one.set_text(&path("/t"), "text").unwrap();
    sync(&mut [&mut one, &mut two]);
    let vector = two.state_vector();
    one.patch(&json!({"a": null, "b": {"c": null}})).unwrap();
    one.set_text(&path("/t"), "t").unwrap();
    assert_eq!(one.state_vector(), vector, "deletions do not show in the vector");
    sync(&mut [&mut one, &mut two]);
    assert_eq!(two.to_json(), json!({"b": {}, "t": "t"}));
}

#[test]
fn sync_6_an_update_that_comes_early_waits_for_what_it_builds_on() {
    let mut one = replica(1);
    let mut updates: Updates = one.set_text(&path("/t"), "a").unwrap();
    updates.extend(one.set_text(&path("/t"), "ab").unwrap());
    updates.extend(one.set_text(&path("/t"), "b").unwrap());
    updates.extend(one.patch(&json!({"k": 1})).unwrap());
    let mut two = replica(2);
    for update in updates.iter().skip(1).rev() {
        assert!(two.apply(update).unwrap().paths.is_empty());
        two.apply(update).unwrap();
    }
    assert_eq!(two.waiting().len(), updates.len() - 1);
    assert_eq!(two.to_json(), json!({}));
    let changes = two.apply(&updates[0]).unwrap();
    assert_eq!(changes.paths, [path("/k"), path("/t")]);
    assert_eq!(two.to_json(), one.to_json());
    assert!(two.waiting().is_empty());
}

#[test]
fn ctx_1_an_unmodified_yjs_client_takes_part() {
    use yrs::updates::decoder::Decode;
    use yrs::{Any, GetString, Map, ReadTxn, StateVector, Text, Transact, Update};

    let mut context = replica(1);
    context.patch(&json!({"profile": {"name": "Ada"}})).unwrap();
    context.set_text(&path("/notes"), "Dear ").unwrap();

    let doc = yrs::Doc::with_client_id(77);
    let map = doc.get_or_insert_map("context");
    let notes = doc.get_or_insert_text("text:/notes");
    doc.transact_mut().apply_update(Update::decode_v1(&context.encode()).unwrap()).unwrap();
    {
        let mut txn = doc.transact_mut();
        assert_eq!(map.get(&txn, "/profile/name"), Some("Ada".into()));
        map.insert(&mut txn, "/profile/born", 1815);
        map.insert(&mut txn, "/foreign", Any::from_json(r#"{"a":{"b":1}}"#).unwrap());
        map.insert(&mut txn, "no path", 1);
        let end = notes.get_string(&txn).len();
        notes.insert(&mut txn, end as u32, "diary");
    }
    let update = doc.transact().encode_state_as_update_v1(&StateVector::default());
    context.apply(&update).unwrap();
    let whole = json!({
        "profile": {"name": "Ada", "born": 1815}, "notes": "Dear diary", "foreign": {"a": {"b": 1}},
    });
    assert_eq!(context.to_json(), whole);
    assert_eq!(context.get(&path("/foreign/a")), Some(json!({"b": 1})));
    context.patch(&json!({"foreign": {"a": {"c": 2}}})).unwrap();
    assert_eq!(context.get(&path("/foreign")), Some(json!({"a": {"b": 1, "c": 2}})));
}

#[test]
fn sync_6_a_document_of_many_clients_loads_as_it_is() {
    let mut all = replica(1);
    all.set_text(&path("/t"), "start").unwrap();
    for client in 2..320_u64 {
        let mut one = replica(client);
        one.apply(&all.encode()).unwrap();
        let at = u32::try_from(client % 5).unwrap();
        one.edit_text(&path("/t"), &TextEdit { at, delete: 1, insert: "ab".into() }).unwrap();
        one.patch(&json!({"last": client, "by": {(client % 9).to_string(): [client]}})).unwrap();
        all.apply(&one.difference(&all.state_vector()).unwrap()).unwrap();
    }
    let mut loaded = replica(900);
    loaded.apply(&all.encode()).unwrap();
    assert_eq!(loaded.entries(), all.entries());
    assert_eq!(loaded.encode().len(), all.encode().len());
}
