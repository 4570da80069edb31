//! Undo and redo, restoring an earlier state and taking that back.

use holdfast_domain::context::{Context, Entry, Replaced, TextEdit};
use serde_json::json;

use crate::support::{path, replica, sync};

fn insert(at: u32, text: &str) -> TextEdit {
    TextEdit { at, delete: 0, insert: text.into() }
}

#[test]
fn ctx_9_undo_takes_back_this_tabs_edits_and_no_others() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.set_text(&path("/t"), "shared").unwrap();
    one.patch(&json!({"a": 1})).unwrap();
    sync(&mut [&mut one, &mut two]);
    two.set_now_ms(10_000);
    two.edit_text(&path("/t"), &insert(6, " mine")).unwrap();
    two.set_now_ms(20_000);
    two.patch(&json!({"a": 2, "b": {"c": 3}})).unwrap();
    one.edit_text(&path("/t"), &insert(0, "theirs ")).unwrap();
    one.patch(&json!({"d": 4})).unwrap();
    sync(&mut [&mut one, &mut two]);

    let (updates, changes) = two.undo().unwrap();
    assert_eq!(two.to_json(), json!({"t": "theirs shared mine", "a": 1, "d": 4}));
    assert_eq!(changes.paths, [path("/a"), path("/b"), path("/b/c")]);
    let (more, changes) = two.undo().unwrap();
    assert_eq!(two.to_json(), json!({"t": "theirs shared", "a": 1, "d": 4}));
    let edit = TextEdit { at: 13, delete: 5, insert: String::new() };
    assert_eq!(changes.texts, [(path("/t"), vec![edit])]);
    for update in updates.iter().chain(&more) {
        one.apply(update).unwrap();
    }
    assert_eq!(one.to_json(), two.to_json());
    assert!(two.undo().is_none() && !two.can_undo());

    two.redo().unwrap();
    two.redo().unwrap();
    assert!(two.redo().is_none() && !two.can_redo());
    sync(&mut [&mut one, &mut two]);
    let whole = json!({"t": "theirs shared mine", "a": 2, "b": {"c": 3}, "d": 4});
    assert_eq!(one.to_json(), whole);
}

#[test]
fn ctx_9_edits_within_half_a_second_are_undone_together() {
    let mut context = replica(1);
    let text = path("/t");
    for (now_ms, char) in [(1_000, "a"), (1_400, "b"), (1_800, "c"), (2_400, "d"), (2_300, "e")] {
        context.set_now_ms(now_ms);
        let end = context.get(&text).map_or(0, |text| text.as_str().unwrap().len());
        context.edit_text(&text, &insert(end.try_into().unwrap(), char)).unwrap();
    }
    context.end_undo_group();
    context.edit_text(&text, &insert(5, "f")).unwrap();
    for expected in [json!("abcde"), json!("abc")] {
        context.undo().unwrap();
        assert_eq!(context.get(&text), Some(expected));
    }
    context.undo().unwrap();
    assert_eq!(context.to_json(), json!({}));
}

#[test]
fn ctx_9_undo_does_not_overwrite_what_another_tab_wrote_since() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.patch(&json!({"a": "first"})).unwrap();
    sync(&mut [&mut one, &mut two]);
    one.patch(&json!({"a": "mine"})).unwrap();
    sync(&mut [&mut one, &mut two]);
    two.patch(&json!({"a": "theirs"})).unwrap();
    sync(&mut [&mut one, &mut two]);
    one.undo();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(two.to_json(), json!({"a": "theirs"}));
}

#[test]
fn ctx_9_undoing_a_conversion_leaves_what_others_typed() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.patch(&json!({"t": "plain"})).unwrap();
    sync(&mut [&mut one, &mut two]);
    one.set_now_ms(10_000);
    one.edit_text(&path("/t"), &insert(5, " one")).unwrap();
    two.edit_text(&path("/t"), &insert(0, "two ")).unwrap();
    sync(&mut [&mut one, &mut two]);
    one.undo().unwrap();
    sync(&mut [&mut one, &mut two]);
    assert_eq!(two.to_json(), json!({"t": "two plain"}));
}

#[test]
fn ctx_10_undoing_a_large_deletion_makes_updates_that_fit() {
    let mut one = replica(1);
    let long = "Wörter und 😀 ".repeat(120_000);
    let mut updates = one.set_text(&path("/t"), &long).unwrap();
    one.set_now_ms(10_000);
    updates.extend(one.set_text(&path("/t"), "").unwrap());
    updates.extend(one.undo().unwrap().0);
    assert_eq!(one.get(&path("/t")), Some(json!(long)));
    assert!(updates.iter().all(|update| update.len() <= 1_000_000));
    let mut two = replica(2);
    for update in &updates {
        two.apply(update).unwrap();
    }
    assert_eq!(two.to_json(), one.to_json());
}

#[test]
fn snap_3_a_restore_reads_as_then_and_its_undo_as_before() {
    let states = [
        json!({}),
        json!({"a": 1, "b": {"c": [1, 2]}, "e": {}}),
        json!({"a": {"x": {"y": 1}}, "b": 2, "e": {"f": {"g": "h"}}}),
        json!({"a": {"x": 3}, "b": {}, "only": null_free()}),
    ];
    for (number, then) in states.iter().enumerate() {
        for now in &states {
            let mut context = replica(1);
            context.patch(then).unwrap();
            context.set_text(&path("/t"), &format!("text number {number}")).unwrap();
            context.set_text(&path("/u/v"), "other").unwrap();
            let (wanted, entries) = (context.to_json(), context.entries());
            let clear = json!({"a": null, "b": null, "e": null, "only": null, "u": null});
            context.patch(&clear).unwrap();
            context.patch(now).unwrap();
            context.set_text(&path("/t"), "text of now").unwrap();
            let before = context.to_json();

            let restoration = context.restore(&entries).unwrap();
            assert_eq!(context.to_json(), wanted, "from {before}");
            assert_eq!(context.entries(), entries);
            assert!(context.restore(&entries).unwrap().updates.is_empty());
            let reversion = context.revert(&restoration.replaced).unwrap();
            assert_eq!(context.to_json(), before, "back from {wanted}");
            assert!(reversion.kept.is_empty());
        }
    }
}

fn null_free() -> serde_json::Value {
    json!({"list": [null, {"a": null}], "false": false, "empty": ""})
}

#[test]
fn snap_3_a_restore_keeps_what_was_typed_offline() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.set_text(&path("/t"), "The quick brown fox jumps over the lazy dog").unwrap();
    one.patch(&json!({"kept": 1, "gone": 2})).unwrap();
    sync(&mut [&mut one, &mut two]);
    let then = one.entries();
    one.set_text(&path("/t"), "The slow brown fox jumps over the dog").unwrap();
    one.patch(&json!({"kept": 9, "gone": null, "new": {"x": 1}})).unwrap();
    sync(&mut [&mut one, &mut two]);

    two.edit_text(&path("/t"), &insert(14, ", offline,")).unwrap();
    two.patch(&json!({"new": {"y": 2}})).unwrap();
    let restoration = one.restore(&then).unwrap();
    assert_eq!(one.entries(), then);
    assert_eq!(restoration.replaced.len(), 4);
    sync(&mut [&mut one, &mut two]);
    let text = "The quick brown, offline, fox jumps over the lazy dog";
    assert_eq!(one.to_json(), json!({"t": text, "kept": 1, "gone": 2, "new": {"y": 2}}));
}

#[test]
fn snap_3_undoing_a_restore_leaves_what_changed_since() {
    let mut context = replica(1);
    context.patch(&json!({"a": 1, "b": 1, "c": {"d": 1}})).unwrap();
    context.set_text(&path("/t"), "then").unwrap();
    let then = context.entries();
    context.patch(&json!({"a": 2, "b": 2, "c": 2, "e": 2})).unwrap();
    context.set_text(&path("/t"), "now").unwrap();
    let restoration = context.restore(&then).unwrap();

    context.patch(&json!({"b": 3, "c": {"x": 3}})).unwrap();
    let reversion = context.revert(&restoration.replaced).unwrap();
    // /c could only come back by taking /c/x away.
    assert_eq!(reversion.kept, [path("/b"), path("/c")]);
    let now = json!({"a": 2, "b": 3, "c": {"x": 3}, "e": 2, "t": "now"});
    assert_eq!(context.to_json(), now);
}

#[test]
fn snap_3_a_restore_is_no_step_of_the_tabs_undo() {
    let (mut context, mut other) = (replica(1), replica(2));
    other.patch(&json!({"a": 1})).unwrap();
    sync(&mut [&mut context, &mut other]);
    let then = context.entries();
    context.patch(&json!({"b": 1})).unwrap();
    context.restore(&then).unwrap();
    assert!(context.undo().is_none());
    assert_eq!(context.to_json(), json!({"a": 1}));
}

#[test]
fn snap_3_what_was_hidden_does_not_appear_by_a_restore() {
    let mut context = replica(1);
    context.patch(&json!({"a": {"b": 1}})).unwrap();
    let then = context.entries();
    // A value and a text under a path that reads as an object.
    context.apply(&crate::support::foreign_map(9, "/a/b/c", "deep")).unwrap();
    let mut other = replica(3);
    other.set_text(&path("/a/b"), "typed").unwrap();
    context.apply(&other.encode()).unwrap();
    assert_eq!(context.to_json(), json!({"a": {"b": {"c": "deep"}}}));
    context.restore(&then).unwrap();
    assert_eq!(context.to_json(), json!({"a": {"b": 1}}));
    context.restore(&Default::default()).unwrap();
    assert_eq!(context.to_json(), json!({}));
    assert!(context.entries().is_empty());
}

#[test]
fn snap_3_a_replaced_value_says_what_it_was() {
    let mut context = Context::new(1);
    context.patch(&json!({"a": 1})).unwrap();
    let then = context.entries();
    context.set_text(&path("/a"), "text").unwrap();
    let restoration = context.restore(&then).unwrap();
    let replaced = Replaced {
        path: path("/a"),
        before: Some(Entry::Text("text".into())),
        after: Some(Entry::Value(json!(1))),
    };
    assert_eq!(restoration.replaced, [replaced]);
}
