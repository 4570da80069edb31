//! The scanner: what it refuses, and what it reads from an update.

use std::collections::BTreeMap;

use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::scan;
use serde_json::json;
use yrs::types::Attrs;
use yrs::{Any, Array, ArrayPrelim, Doc, Map, MapPrelim, Text, TextPrelim, Transact};
use yrs::{Xml, XmlElementPrelim, XmlFragment};

use crate::support::{bytes, path, refused, replica};

#[test]
fn sync_5_ten_thousand_nested_arrays_are_refused() {
    // One value of the root map, 20 KB: an array in an array in an array ...
    let update = bytes()
        .numbers(&[1, 1, 7, 0])
        .raw(&[0x28, 1])
        .text("context")
        .text("/bomb")
        .numbers(&[1])
        .raw(&[117, 1].repeat(10_000))
        .raw(&[126, 0])
        .done();
    assert!(update.len() < 21_000);
    assert_eq!(refused(&update).code(), "limit_exceeded");
    let mut fine = bytes().numbers(&[1, 1, 7, 0]).raw(&[0x28, 1]).text("context").text("/deep");
    fine = fine.numbers(&[1]).raw(&[117, 1].repeat(63)).raw(&[117, 0, 0]);
    let mut context = replica(1);
    context.apply(&fine.done()).unwrap();
    assert_eq!(context.to_json()["deep"].to_string(), "[".repeat(64) + &"]".repeat(64));
}

#[test]
fn sync_5_fifty_thousand_nested_types_are_refused_one_by_one() {
    // Each small update nests one more map into the last one; the first is refused already, and so
    // is each that names another struct as its parent.
    let doc = Doc::with_client_id(7);
    let mut map = doc.get_or_insert_map("context");
    let mut context = replica(1);
    for number in 0..50_000_u32 {
        let update = if number < 100 {
            let mut txn = doc.transact_mut();
            map = map.insert(&mut txn, "/a", MapPrelim::default());
            txn.encode_update_v1()
        } else {
            // info: type content with a key; parent: the struct before; key; type: map
            let parent = [0, 7, u64::from(number) - 1];
            let head = bytes().numbers(&[1, 1, 7, u64::from(number)]).raw(&[0x27]);
            head.numbers(&parent).text("/a").raw(&[1, 0]).done()
        };
        assert_eq!(context.apply(&update).unwrap_err().code(), "schema", "{number}");
    }
    assert_eq!(context.to_json(), json!({}));
}

#[test]
fn sync_5_what_is_not_in_the_schema_is_refused() {
    type Write = fn(&Doc);
    let cases: [(&str, Write); 13] = [
        ("nested map", |doc| {
            let map = doc.get_or_insert_map("context");
            map.insert(&mut doc.transact_mut(), "/a", MapPrelim::default());
        }),
        ("nested array", |doc| {
            let map = doc.get_or_insert_map("context");
            map.insert(&mut doc.transact_mut(), "/a", ArrayPrelim::default());
        }),
        ("nested text", |doc| {
            let map = doc.get_or_insert_map("context");
            map.insert(&mut doc.transact_mut(), "/a", TextPrelim::new("x"));
        }),
        ("subdocument", |doc| {
            let map = doc.get_or_insert_map("context");
            map.insert(&mut doc.transact_mut(), "/a", Doc::new());
        }),
        ("another map", |doc| {
            let map = doc.get_or_insert_map("other");
            map.insert(&mut doc.transact_mut(), "/a", 1);
        }),
        ("another text", |doc| {
            doc.get_or_insert_text("notes").push(&mut doc.transact_mut(), "x");
        }),
        ("text without a path", |doc| {
            doc.get_or_insert_text("text:notes").push(&mut doc.transact_mut(), "x");
        }),
        ("characters in the map", |doc| {
            doc.get_or_insert_text("context").push(&mut doc.transact_mut(), "x");
        }),
        ("keys in a text", |doc| {
            let map = doc.get_or_insert_map("text:/a");
            map.insert(&mut doc.transact_mut(), "/a", 1);
        }),
        ("values in a text", |doc| {
            let array = doc.get_or_insert_array("text:/a");
            array.push_back(&mut doc.transact_mut(), 1);
        }),
        ("formatting", |doc| {
            let text = doc.get_or_insert_text("text:/a");
            let bold = Attrs::from([("b".into(), true.into())]);
            text.insert_with_attributes(&mut doc.transact_mut(), 0, "x", bold);
        }),
        ("embedded value", |doc| {
            let text = doc.get_or_insert_text("text:/a");
            text.insert_embed(&mut doc.transact_mut(), 0, Any::from(1));
        }),
        ("XML", |doc| {
            let fragment = doc.get_or_insert_xml_fragment("text:/a");
            let mut txn = doc.transact_mut();
            let element = fragment.insert(&mut txn, 0, XmlElementPrelim::empty("p"));
            element.insert_attribute(&mut txn, "a", "b");
        }),
    ];
    for (name, write) in cases {
        let doc = Doc::with_client_id(7);
        write(&doc);
        let update = crate::support::encode(&doc);
        assert_eq!(refused(&update).code(), "schema", "{name}");
    }
}

#[test]
fn sync_5_malformed_updates_are_refused_with_a_code() {
    let text = |len: u64| bytes().numbers(&[1, len, 7, 0]).raw(&[0x04, 1]).text("text:/a");
    let cases = [
        ("empty", Vec::new()),
        ("bytes after the end", vec![0, 0, 0]),
        ("cut off", vec![1]),
        ("more clients than bytes", vec![0xff, 0xff, 0x03, 0]),
        ("more structs than bytes", vec![1, 0x7f, 7, 0, 0]),
        ("client without structs", vec![1, 0, 7, 0, 0]),
        ("client id of 2^53", bytes().numbers(&[1, 1, 1 << 53, 0]).raw(&[0, 1, 0]).done()),
        ("clock of 2^31", bytes().numbers(&[1, 1, 7, 1 << 31]).raw(&[0, 1, 0]).done()),
        (
            "clock over 2^31",
            bytes().numbers(&[1, 1, 7, 9]).raw(&[0]).numbers(&[0x7fff_fff8, 0]).done(),
        ),
        ("empty gap", bytes().numbers(&[1, 1, 7, 0]).raw(&[10, 0, 0]).done()),
        ("nothing collected", bytes().numbers(&[1, 1, 7, 0]).raw(&[0, 0, 0]).done()),
        ("empty text", text(1).text("").raw(&[0]).done()),
        ("no UTF-8", text(1).raw(&[1, 0xff, 0]).done()),
        ("length beyond the end", text(1).raw(&[0x7f, 65, 0]).done()),
        (
            "unknown content",
            bytes().numbers(&[1, 1, 7, 0]).raw(&[0x0b, 1]).text("text:/a").raw(&[0]).done(),
        ),
        (
            "the same client twice",
            bytes().numbers(&[2, 1, 7, 0]).raw(&[0, 1]).numbers(&[1, 7, 1]).raw(&[0, 1, 0]).done(),
        ),
        (
            "origin is itself",
            bytes().numbers(&[1, 1, 7, 0]).raw(&[0x84, 7, 0]).text("x").raw(&[0]).done(),
        ),
        (
            "right origin comes later",
            bytes().numbers(&[1, 1, 7, 0]).raw(&[0x44, 7, 3]).text("x").raw(&[0]).done(),
        ),
        ("empty deletion", bytes().numbers(&[0, 1, 7, 1, 0, 0]).done()),
        ("client without deletions", bytes().numbers(&[0, 1, 7, 0]).done()),
        ("deletions out of order", bytes().numbers(&[0, 1, 7, 2, 5, 2, 6, 1]).done()),
        ("deletions over 2^31", bytes().numbers(&[0, 1, 7, 1, 9, 0x7fff_ffff]).done()),
        ("number of 32 bits with six bytes", vec![0, 1, 7, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 1]),
        (
            "number of 64 bits with overflow",
            vec![0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        ),
    ];
    for (name, update) in cases {
        assert_eq!(refused(&update).code(), "malformed", "{name}");
    }
}

#[test]
fn sync_5_structs_that_wait_for_each_other_are_refused() {
    // 7 builds on the first struct of 8, which builds on that of 7: nobody could ever place them.
    let circle = bytes()
        .numbers(&[2, 1, 8, 0])
        .raw(&[0x84, 7, 0])
        .text("b")
        .numbers(&[1, 7, 0])
        .raw(&[0x84, 8, 0])
        .text("a")
        .raw(&[0])
        .done();
    assert_eq!(refused(&circle).code(), "malformed");
    // Back and forth between two clients, but never in a circle.
    let mut ladder = bytes().numbers(&[2, 500, 8, 0]);
    for clock in 0..500 {
        ladder = ladder.raw(&[0x84]).numbers(&[7, clock]).text("b");
    }
    ladder = ladder.numbers(&[500, 7, 0]).raw(&[0x04, 1]).text("text:/a").text("a");
    for clock in 1..500 {
        ladder = ladder.raw(&[0x84]).numbers(&[8, clock - 1]).text("a");
    }
    let mut context = replica(1);
    context.apply(&ladder.raw(&[0]).done()).unwrap();
    assert_eq!(context.to_json(), json!({"a": "ab".repeat(500)}));
}

#[test]
fn sync_5_an_update_over_its_limit_is_not_read() {
    assert_eq!(scan(&[0, 0], 1).unwrap_err().code(), "limit_exceeded");
    let clients = bytes().numbers(&[200_000]).raw(&vec![0; 200_000]).done();
    assert_eq!(refused(&clients).code(), "limit_exceeded");
}

#[test]
fn sync_5_a_scan_says_what_is_inserted_deleted_and_needed() {
    let mut one = replica(5);
    let mut two = replica(6);
    // 0: marker, 1..5: a😀b
    for update in one.set_text(&path("/t"), "a😀b").unwrap() {
        let scan = scan(&update, CONTEXT_BYTES).unwrap();
        assert_eq!(scan.inserts, BTreeMap::from([(5, vec![(0, 5)])]));
        assert!(scan.deletes.is_empty() && scan.needs.is_empty());
        two.apply(&update).unwrap();
    }
    let updates = two.set_text(&path("/t"), "ax").unwrap();
    let read = scan(&updates[0], CONTEXT_BYTES).unwrap();
    assert_eq!(read.inserts, BTreeMap::from([(6, vec![(0, 1)])]));
    assert_eq!(read.deletes, BTreeMap::from([(5, vec![(2, 5)])]));
    assert_eq!(read.needs, BTreeMap::from([(5, 4)]));
    let updates = two.set_text(&path("/t"), "axy").unwrap();
    let read = scan(&updates[0], CONTEXT_BYTES).unwrap();
    assert_eq!(read.inserts, BTreeMap::from([(6, vec![(1, 2)])]));
    // What stands before in its own clock is needed, whether it is an origin or not.
    assert_eq!(read.needs.get(&6), Some(&0));
    // A gap inside: clocks 0 and 3 are brought, 1 and 2 are needed.
    let gap = bytes().numbers(&[1, 3, 7, 0]).raw(&[0, 1, 10, 2, 0, 4, 0]).done();
    let read = scan(&gap, CONTEXT_BYTES).unwrap();
    assert_eq!(read.inserts, BTreeMap::from([(7, vec![(0, 1), (3, 7)])]));
    assert_eq!(read.needs, BTreeMap::from([(7, 2)]));
}

#[test]
fn sync_5_many_clients_whose_structs_are_fetched_early_do_not_overflow_the_stack() {
    // The highest client builds on each of the others, so that a reader is left with a queue for
    // each of them that is empty when its turn comes.
    const CLIENTS: u64 = 90_000;
    let mut update = bytes().numbers(&[CLIENTS + 1, CLIENTS, 1 << 40, 0]);
    for client in 0..CLIENTS {
        update = update.raw(&[0x88]).numbers(&[client, 0, 1]).raw(&[120]);
    }
    for client in 0..CLIENTS {
        let head = update.numbers(&[1, client, 0]).raw(&[0x28, 1]).text("context");
        update = head.text(&format!("/{client}")).numbers(&[1]).raw(&[121]);
    }
    let mut context = replica(1);
    context.apply(&update.raw(&[0]).done()).unwrap();
    assert_eq!(context.get(&path("/7")), Some(json!(true)));
}
