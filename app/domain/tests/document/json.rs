//! The context in one replica: JSON in and JSON out, texts, limits.

use holdfast_domain::context::{Context, TextEdit};
use serde_json::{Value, json};

use yrs::Any;

use crate::support::{foreign_map, path};

#[test]
fn ctx_1_merge_patch_follows_the_cases_of_rfc_7396() {
    // Appendix A. The context is an object, so the cases stand under a key.
    let cases = [
        (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
        (json!({"a": "b"}), json!({"a": null}), json!({})),
        (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
        (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
        (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
        (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
        (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
        (json!({"a": "b"}), json!(["c"]), json!(["c"])),
        (json!({"a": "foo"}), json!("bar"), json!("bar")),
        (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
        (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
    ];
    for (target, patch, result) in cases {
        let mut context = Context::new(1);
        context.patch(&json!({"k": target})).unwrap();
        context.patch(&json!({"k": patch})).unwrap();
        assert_eq!(context.to_json(), json!({"k": result}), "{target} patched with {patch}");
    }
    // Under a key, a patch that is null itself takes the key away.
    let mut context = Context::new(1);
    context.patch(&json!({"k": {"a": "foo"}})).unwrap();
    context.patch(&json!({"k": null})).unwrap();
    assert_eq!(context.to_json(), json!({}));
    // Only another client of Yjs can have put a null there.
    let mut context = Context::new(1);
    context.apply(&foreign_map(7, "/e", Any::Null)).unwrap();
    context.patch(&json!({"a": 1})).unwrap();
    assert_eq!(context.to_json(), json!({"e": null, "a": 1}));
}

#[test]
fn ctx_10_a_patch_that_would_make_the_context_no_object_is_refused() {
    for patch in [json!(null), json!("bar"), json!(["c"]), json!(1), json!(true)] {
        let mut context = Context::new(1);
        context.patch(&json!({"a": "foo"})).unwrap();
        assert_eq!(context.patch(&patch).unwrap_err().code(), "invalid_value", "{patch}");
        assert_eq!(context.to_json(), json!({"a": "foo"}));
    }
}

#[test]
fn ctx_1_a_patch_that_changes_nothing_makes_no_update() {
    let mut context = Context::new(1);
    let whole = json!({"a": {"b": 1, "c": [1, {"d": null}]}, "e": "text", "f": {}, "n": 2.5});
    assert!(!context.patch(&whole).unwrap().is_empty());
    context.set_text(&path("/t"), "hello").unwrap();
    assert_eq!(context.patch(&whole).unwrap(), Vec::<Vec<u8>>::new());
    for patch in [json!({}), json!({"a": {}}), json!({"x": null}), json!({"t": "hello"})] {
        assert_eq!(context.patch(&patch).unwrap(), Vec::<Vec<u8>>::new(), "{patch}");
    }
    assert!(context.edit_text(&path("/t"), &TextEdit::default()).unwrap().is_empty());
    assert!(context.set_text(&path("/t"), "hello").unwrap().is_empty());
}

#[test]
fn ctx_1_a_string_patched_onto_a_text_is_an_edit_of_it() {
    let mut one = Context::new(1);
    let created = one.set_text(&path("/t"), "The quick fox").unwrap();
    let mut two = Context::new(2);
    two.apply_all(created.iter().map(Vec::as_slice)).unwrap();
    let edits = one.patch(&json!({"t": "The quick brown fox"})).unwrap();
    two.edit_text(&path("/t"), &TextEdit { at: 13, delete: 0, insert: " jumps".into() }).unwrap();
    two.apply_all(edits.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(two.to_json(), json!({"t": "The quick brown fox jumps"}));
}

#[test]
fn ctx_1_integers_come_back_as_integers_on_every_device() {
    let numbers = json!({
        "small": 1, "negative": -7, "float": 1.5, "whole": 1.0, "four_billion": 4_000_000_000_i64,
        "safe": 9_007_199_254_740_991_i64, "unsafe": 9_007_199_254_740_993_i64,
        "min": i64::MIN, "below_max": i64::MAX - 1, "power": 1_i64 << 60, "tiny": 1e-300,
        "huge": 1e300,
    });
    let mut one = Context::new(1);
    let updates = one.patch(&numbers).unwrap();
    let mut two = Context::new(2);
    two.apply_all(updates.iter().map(Vec::as_slice)).unwrap();
    let mut expected = numbers;
    expected["whole"] = json!(1);
    assert_eq!(one.to_json(), expected);
    assert_eq!(two.to_json(), expected);
    let beyond = one.patch(&json!({"u": u64::MAX, "max": i64::MAX})).unwrap();
    two.apply_all(beyond.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(one.get(&path("/u")), Some(json!(18_446_744_073_709_551_615_f64)));
    assert_eq!(one.to_json(), two.to_json());
    assert!(one.patch(&json!({"u": u64::MAX, "max": i64::MAX})).unwrap().is_empty());
}

#[test]
fn ctx_1_get_reads_what_the_whole_shows() {
    let mut context = Context::new(1);
    let whole = json!({"a": {"b/c": {"~": 1, "": {"": 2}}, "e": {}}, "": 3, "a-b": 4});
    context.patch(&whole).unwrap();
    assert_eq!(context.to_json(), whole);
    assert_eq!(context.get(&path("/a")), Some(whole["a"].clone()));
    assert_eq!(context.get(&path("/a/b~1c/~0")), Some(json!(1)));
    assert_eq!(context.get(&path("/a/b~1c//")), Some(json!(2)));
    assert_eq!(context.get(&path("/")), Some(json!(3)));
    assert_eq!(context.get(&path("/a/e")), Some(json!({})));
    assert_eq!(context.get(&path("/a/f")), None);
}

#[test]
fn ctx_9_offsets_count_utf_16_units_and_never_split_a_character() {
    let mut context = Context::new(1);
    let text = path("/t");
    context.set_text(&text, "a😀b").unwrap();
    for (at, delete) in [(2, 0), (0, 2), (5, 0), (4, 1), (u32::MAX, 1), (1, u32::MAX)] {
        let edit = TextEdit { at, delete, insert: "x".into() };
        let error = context.edit_text(&text, &edit).unwrap_err();
        assert_eq!(error.code(), "invalid_value", "{edit:?}");
    }
    context.edit_text(&text, &TextEdit { at: 3, delete: 0, insert: "👩‍👧".into() }).unwrap();
    assert_eq!(context.get(&text), Some(json!("a😀👩‍👧b")));
    context.edit_text(&text, &TextEdit { at: 1, delete: 2, insert: String::new() }).unwrap();
    assert_eq!(context.get(&text), Some(json!("a👩‍👧b")));
    // The surrogates of both start alike: an edit must not keep half of one.
    context.set_text(&text, "a😁b").unwrap();
    context.set_text(&text, "a😂b").unwrap();
    assert_eq!(context.get(&text), Some(json!("a😂b")));
}

#[test]
fn ctx_10_what_is_over_a_limit_is_refused_and_changes_nothing() {
    let mut context = Context::new(1);
    context.patch(&json!({"kept": 1})).unwrap();
    let before = context.encode();
    let nested = |levels: usize| {
        let wrap = |inner: Value, _| json!([inner]);
        json!({"a": (1..levels).fold(json!([]), wrap)})
    };
    let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!({"a": inner}));
    let cases = [
        ("key bytes", json!({"x": 1, "k".repeat(257): 1})),
        ("key bytes", json!({"x": [{"k".repeat(257): 1}]})),
        ("nesting levels", nested(65)),
        ("nesting levels", deep(65)),
        ("value bytes", json!({"x": 1, "y": "v".repeat(1_000_000)})),
    ];
    for (limit, patch) in cases {
        let error = context.patch(&patch).unwrap_err();
        assert_eq!(error.code(), "limit_exceeded");
        assert!(error.to_string().starts_with(limit), "{error}");
        assert_eq!(context.encode(), before);
    }
    assert_eq!(context.patch(&json!([1])).unwrap_err().code(), "invalid_value");
    context.patch(&json!({"k".repeat(256): 1})).unwrap();
    context.patch(&nested(64)).unwrap();
    context.patch(&deep(64)).unwrap();
}

#[test]
fn ctx_10_a_large_edit_is_cut_into_updates_of_one_megabyte() {
    let mut one = Context::new(1);
    let long = "Wörter und 😀 ".repeat(200_000);
    let mut patch = json!({"many": {}});
    for number in 0..30 {
        patch["many"][format!("key{number}")] = json!("v".repeat(100_000));
    }
    let mut updates = one.patch(&patch).unwrap();
    updates.extend(one.set_text(&path("/t"), "startend").unwrap());
    let mut two = Context::new(2);
    two.apply_all(updates.iter().map(Vec::as_slice)).unwrap();
    let edit = TextEdit { at: 5, delete: 0, insert: long.clone() };
    let inserted = one.edit_text(&path("/t"), &edit).unwrap();
    assert!(inserted.len() > 3);
    for update in updates.iter().chain(&inserted) {
        assert!(update.len() <= 1_000_000, "{}", update.len());
    }
    // Each piece stands by itself and is applied by itself.
    for update in &inserted {
        two.apply(update).unwrap();
    }
    assert!(two.waiting().is_empty());
    assert_eq!(two.to_json(), one.to_json());
    assert_eq!(two.get(&path("/t")), Some(json!(format!("start{long}end"))));
}

#[test]
fn ctx_10_the_whole_context_stays_below_50_mb_and_can_still_be_emptied() {
    let mut context = Context::new(1);
    let text = "x".repeat(10_000_000);
    for number in 0..4 {
        context.set_text(&path(&format!("/t{number}")), &text).unwrap();
    }
    let error = context.set_text(&path("/more"), &text).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
    assert_eq!(context.get(&path("/more")), None);
    context.patch(&json!({"t0": null})).unwrap();
    context.set_text(&path("/more"), &text).unwrap();
}

#[test]
fn ctx_9_changes_say_where_and_keep_a_caret() {
    let mut one = Context::new(1);
    let mut two = Context::new(2);
    let mut updates = one.patch(&json!({"a": {"b": 1}})).unwrap();
    updates.extend(one.set_text(&path("/t"), "hello world").unwrap());
    let changes = two.apply_all(updates.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(changes.paths, [path("/a"), path("/a/b"), path("/t")]);
    let whole = TextEdit { at: 0, delete: 0, insert: "hello world".into() };
    assert_eq!(changes.texts, [(path("/t"), vec![whole])]);

    let edit = TextEdit { at: 6, delete: 5, insert: "😀 all".into() };
    let updates = one.edit_text(&path("/t"), &edit).unwrap();
    assert_eq!(one.last_changes().texts, [(path("/t"), vec![edit.clone()])]);
    let changes = two.apply(&updates[0]).unwrap();
    assert_eq!(changes.texts, [(path("/t"), vec![edit])]);
    assert_eq!(changes.paths, [path("/t")]);
    assert_eq!(two.apply(&updates[0]).unwrap(), Default::default());
}

#[test]
fn ctx_9_many_updates_at_once_keep_a_caret() {
    let (mut one, mut two) = (Context::new(1), Context::new(2));
    two.apply_all(one.set_text(&path("/t"), "caret").unwrap().iter().map(Vec::as_slice)).unwrap();
    let mut written = |number: u32| {
        let insert = format!("{number:04} ").repeat(1_000);
        one.edit_text(&path("/t"), &TextEdit { insert, ..TextEdit::default() }).unwrap().concat()
    };
    // One waits for what another brings, and the others are too many bytes for one transaction.
    let updates: Vec<Vec<u8>> = (1..=50).map(&mut written).collect();
    two.apply(&updates[49]).unwrap();
    let changes = two.apply_all(updates[..49].iter().map(Vec::as_slice)).unwrap();

    let [(changed, edits)] = &changes.texts[..] else { panic!("{} texts", changes.texts.len()) };
    assert_eq!(*changed, path("/t"));
    let mut before_caret = 0;
    for edit in edits {
        assert!(edit.at <= before_caret && edit.delete == 0, "{edit:?}");
        before_caret += edit.insert.len() as u32;
    }
    let text = two.get(&path("/t")).unwrap();
    assert_eq!(text.as_str().unwrap().find("caret"), Some(before_caret as usize));
}

#[test]
fn ctx_4_what_can_be_read_is_applied_and_the_damaged_counted() {
    let mut one = Context::new(1);
    let mut updates = one.patch(&json!({"a": 1})).unwrap();
    updates.push(b"no update".to_vec());
    updates.extend(one.patch(&json!({"b": 1})).unwrap());
    let mut two = Context::new(2);
    let (changes, damaged) = two.apply_readable(updates.iter().map(Vec::as_slice));
    assert_eq!((two.to_json(), damaged), (one.to_json(), 1));
    assert_eq!(changes.paths, [path("/a"), path("/b")]);
}

#[test]
fn ctx_1_text_and_value_replace_each_other() {
    let mut context = Context::new(1);
    let t = path("/a/t");
    context.patch(&json!({"a": 1})).unwrap();
    context.set_text(&t, "text").unwrap();
    assert_eq!(context.to_json(), json!({"a": {"t": "text"}}));
    assert!(context.is_text(&t));
    context.patch(&json!({"a": {"t": 5}})).unwrap();
    assert_eq!(context.to_json(), json!({"a": {"t": 5}}));
    context.edit_text(&t, &TextEdit { at: 0, delete: 0, insert: "new".into() }).unwrap();
    assert_eq!(context.to_json(), json!({"a": {"t": "new"}}));
    context.patch(&json!({"a": {"t": {"b": 1}}})).unwrap();
    assert_eq!(context.to_json(), json!({"a": {"t": {"b": 1}}}));
    context.patch(&json!({"a": {"t": {"b": null}}})).unwrap();
    assert_eq!(context.to_json(), json!({"a": {"t": {}}}));
    context.set_text(&t, "again").unwrap();
    context.patch(&json!({"a": null})).unwrap();
    assert_eq!(context.to_json(), json!({}));
    context.set_text(&t, "").unwrap();
    assert_eq!(context.to_json(), json!({"a": {"t": ""}}));
}

#[test]
fn ctx_1_a_context_can_be_given_to_another_thread() {
    fn send<T: Send>(_: &T) {}
    send(&Context::new(1));
}
