//! Updates that nobody honest would make: none of them ends the process, whatever is done afterwards
//! with the document they leave.

use holdfast_domain::context::{Context, TextEdit};
use holdfast_domain::limits::{CONTEXT_BYTES, DELETED_RANGES};
use holdfast_domain::scan::{Coverage, Relation, scan, scan_taken};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{Bytes, bytes, path, replica};

const CLIENTS: u64 = 4;

/// One struct as a hostile client makes it up.
#[derive(Clone, Debug)]
struct Made {
    client: u64,
    origin: Option<(u64, u32)>,
    right_origin: Option<(u64, u32)>,
    parent: usize,
    content: usize,
    /// Also in the delete set.
    deletes: Option<(u64, u32, u32)>,
}

fn made() -> impl Strategy<Value = Made> {
    let id = || prop::option::weighted(0.6, (0..CLIENTS, 0..40_u32));
    let deletes = prop::option::weighted(0.2, (0..CLIENTS, 0..40_u32, 1..5_u32));
    (0..CLIENTS, id(), id(), 0..6_usize, 0..10_usize, deletes).prop_map(
        |(client, origin, right_origin, parent, content, deletes)| Made {
            client,
            origin,
            right_origin,
            parent,
            content,
            deletes,
        },
    )
}

impl Made {
    /// One update with this struct, at the client's next clock; `clocks` is what was made before.
    fn update(&self, clocks: &mut [u32]) -> Vec<u8> {
        let clock = clocks[self.client as usize];
        // Mostly to what is there, sometimes to what is not.
        let place = |id: Option<(u64, u32)>| {
            id.map(|(client, at)| (client, at % (clocks[client as usize] + 1).max(1)))
        };
        let (origin, right_origin) = (place(self.origin), place(self.right_origin));
        let text = matches!(self.content, 0..=3);
        let (kind, content, len) = match self.content {
            0 => (4, bytes().text("a"), 1),
            1 => (4, bytes().text("bc"), 2),
            2 => (4, bytes().text("😀"), 2),
            3 => (4, bytes().text("d😀e"), 4),
            4 => (8, bytes().numbers(&[1]).raw(&[126]), 1),
            5 => (8, bytes().numbers(&[2]).raw(&[120, 127]), 2),
            6 => (8, bytes().numbers(&[1]).raw(&[118, 1]).text("type").raw(&[119]).text("text"), 1),
            7 => (8, bytes().numbers(&[1]).raw(&[118, 0]), 1),
            8 => (1, bytes().numbers(&[3]), 3),
            _ => (0, bytes().numbers(&[2]), 2),
        };
        let mut update = bytes().numbers(&[1, 1, self.client, u64::from(clock)]);
        if kind == 0 {
            update = update.raw(&[0]);
        } else {
            let named = origin.is_none() && right_origin.is_none();
            let info = kind
                | if origin.is_some() { 0x80 } else { 0 }
                | if right_origin.is_some() { 0x40 } else { 0 }
                | if named && !text { 0x20 } else { 0 };
            update = update.raw(&[info]);
            for (client, clock) in [origin, right_origin].into_iter().flatten() {
                update = update.numbers(&[client, u64::from(clock)]);
            }
            if named && text {
                update =
                    update.numbers(&[1]).text(["text:/t", "text:/a/t", "text:/"][self.parent % 3]);
            } else if named {
                let key = ["/t", "/a", "/a/t", "/a/b", "", "no path"][self.parent];
                update = update.numbers(&[1]).text("context").text(key);
            }
        }
        clocks[self.client as usize] += len;
        let update = append(update, content);
        match self.deletes {
            Some((client, clock, len)) => {
                let numbers = [1, client, 1, u64::from(clock), u64::from(len)];
                update.numbers(&numbers).done()
            }
            None => update.numbers(&[0]).done(),
        }
    }
}

fn append(update: Bytes, content: Bytes) -> Bytes {
    update.raw(&content.done())
}

/// Everything that can be done with a context.
fn use_everything(context: &mut Context) {
    for (number, text) in ["/t", "/a/t", "/", "/a"].into_iter().map(path).enumerate() {
        context.set_now_ms(10_000 * i64::try_from(number).unwrap_or(0));
        let read = context.get(&text);
        let units = read
            .as_ref()
            .and_then(|read| read.as_str())
            .map_or(0, |text| u32::try_from(text.encode_utf16().count()).unwrap_or(0));
        for (at, delete) in [(0, units), (units, 0), (units / 2, units - units / 2), (1, 1), (0, 1)]
        {
            let _ = context.edit_text(&text, &TextEdit { at, delete, insert: "x😀".into() });
        }
        let _ = context.set_text(&text, "set");
    }
    let then = context.entries();
    let _ = context.patch(&json!({"t": "patched", "a": {"t": "patched", "b": 1}, "": "x"}));
    let restoration = context.restore(&then).unwrap_or_default();
    let _ = context.revert(&restoration.replaced);
    while context.undo().is_some() {}
    while context.redo().is_some() {}
    let _ = context.patch(&json!({"t": null, "a": null, "": null}));
    let _ = (context.to_json(), context.entries(), context.state_vector());
    let mut other = replica(900);
    let difference = context.difference(&[0]).unwrap_or_default();
    other.apply(&difference).unwrap();
    other.apply(&context.encode()).unwrap();
    let _ = other.to_json();
}

/// Updates of an honest context, to be damaged.
fn honest() -> Vec<Vec<u8>> {
    let mut context = replica(5);
    let mut updates = Vec::new();
    for number in 0..6 {
        let patch = json!({"a": {"b": number, "c": [1.5, "x", null, {"y": -1}]}, "k": "text"});
        updates.extend(context.patch(&patch).unwrap());
        updates.extend(context.set_text(&path("/t"), &format!("he😀llo {number}")).unwrap());
        updates.extend(context.patch(&json!({"a": {"b": null}})).unwrap());
    }
    updates.push(context.encode());
    updates
}

#[test]
fn sync_5_values_between_characters_do_not_move_edits() {
    let mut context = replica(5);
    // 5: marker at clock 0, characters at 1, 2 and 3
    context.set_text(&path("/t"), "abc").unwrap();
    let between = bytes().numbers(&[1, 1, 7, 0]).raw(&[0xc8, 5, 1, 5, 2]).numbers(&[2]);
    context.apply(&between.raw(&[120, 121, 0]).done()).unwrap();
    assert_eq!(context.to_json(), json!({"t": "abc"}));
    context.edit_text(&path("/t"), &TextEdit { at: 2, delete: 1, insert: "C".into() }).unwrap();
    assert_eq!(context.to_json(), json!({"t": "abC"}));
    context.patch(&json!({"t": null})).unwrap();
    assert_eq!(context.to_json(), json!({}));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn sync_5_made_up_structs_never_panic(structs in prop::collection::vec(made(), 1..25)) {
        let mut clocks = [0; CLIENTS as usize];
        let mut context = replica(100);
        for made in &structs {
            let mut after = clocks;
            let update = made.update(&mut after);
            if scan(&update, CONTEXT_BYTES).is_ok() {
                context.apply(&update).unwrap();
                clocks = after;
            }
            let _ = (context.to_json(), context.entries());
        }
        use_everything(&mut context);
    }

    #[test]
    fn sync_5_damaged_updates_never_panic(
        which in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::weighted(0.3, any::<prop::sample::Index>()),
        base in any::<bool>(),
    ) {
        let honest = honest();
        let mut update = which.get::<Vec<u8>>(&honest).clone();
        if let Some(cut) = cut {
            update.truncate(cut.index(update.len()));
        }
        for (at, byte) in damage {
            if !update.is_empty() {
                let at = at.index(update.len());
                update[at] = byte;
            }
        }
        let mut context = replica(100);
        if base {
            context.apply_all(honest.iter().map(Vec::as_slice)).unwrap();
        }
        if scan(&update, CONTEXT_BYTES).is_ok() {
            context.apply(&update).unwrap();
            use_everything(&mut context);
        } else {
            prop_assert!(context.apply(&update).is_err());
        }
    }

    #[test]
    fn sync_5_any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut context = replica(100);
        let _ = (context.apply(&bytes), context.difference(&bytes), Coverage::decode(&bytes));
        let _ = Coverage::from_state_vector(&bytes);
    }

    #[test]
    fn sync_5_any_state_vector_gets_a_difference(
        clocks in prop::collection::vec((0..8_u64, 0..60_u64), 0..5),
    ) {
        let honest = honest();
        let mut context = replica(100);
        context.apply_all(honest.iter().map(Vec::as_slice)).unwrap();
        let vector = clocks.iter().fold(bytes().numbers(&[clocks.len() as u64]), |vector, (client, clock)| {
            vector.numbers(&[*client, *clock])
        });
        let difference = context.difference(&vector.done()).unwrap();
        scan(&difference, CONTEXT_BYTES).unwrap();
    }
}

/// Deletes one of a client's clocks in every `step`, `count` times.
fn deletions(client: u64, first: u64, step: u64, count: u64) -> Vec<u8> {
    let head = bytes().numbers(&[0, 1, client, count]);
    let ranges = (0..count).fold(head, |update, at| update.numbers(&[first + at * step, 1]));
    ranges.done()
}

#[test]
fn sync_5_deletions_are_counted() {
    let most = DELETED_RANGES as u64;
    assert!(scan(&deletions(7, 0, 2, most), CONTEXT_BYTES).is_ok());
    let more = deletions(7, 0, 2, most + 1);
    let error = scan(&more, CONTEXT_BYTES).unwrap_err();
    assert!(error.to_string().contains("200000"), "{error}");
    // What was taken before stays readable, whatever it came to.
    assert!(scan_taken(&more).is_ok());

    let mut coverage = Coverage::default();
    coverage.add(&scan_taken(&deletions(7, 0, 4, most)).unwrap());
    let room = |update: &[u8]| coverage.check_room(&scan_taken(update).unwrap());
    assert_eq!(room(&deletions(7, 2, 4, 1)).unwrap_err().code(), "limit_exceeded");
    assert_eq!(room(&deletions(8, 2, 4, 1)).unwrap_err().code(), "limit_exceeded");
    // The same again, and what joins others.
    room(&deletions(7, 0, 4, most)).unwrap();
    room(&deletions(7, 1, 4, most)).unwrap();
    room(&bytes().numbers(&[0, 1, 7, 1, 2, 100]).done()).unwrap();
}

#[test]
fn sync_5_many_deletions_at_once_delete_what_they_should() {
    let words = "aä🦀z".repeat(2_000);
    let mut writer = replica(7);
    writer.set_text(&path("/notes"), &words).unwrap();
    let whole = writer.encode();
    let clock = scan(&whole, CONTEXT_BYTES).unwrap().inserts[&7][0].1;
    let first = u64::from(clock) - words.encode_utf16().count() as u64;
    // Every `ä`, in one update and one by one.
    let (mut at_once, mut one_by_one) = (replica(1), replica(2));
    at_once.apply(&whole).unwrap();
    one_by_one.apply(&whole).unwrap();
    at_once.apply(&deletions(7, first + 1, 5, 2_000)).unwrap();
    for at in 0..2_000 {
        one_by_one.apply(&deletions(7, first + 1 + at * 5, 1, 1)).unwrap();
    }
    assert_eq!(at_once.to_json(), json!({"notes": "a🦀z".repeat(2_000)}));
    assert_eq!(at_once.to_json(), one_by_one.to_json());
    let mut coverage = Coverage::default();
    coverage.add(&scan(&at_once.encode(), CONTEXT_BYTES).unwrap());
    let other = scan(&one_by_one.encode(), CONTEXT_BYTES).unwrap();
    assert_eq!(coverage.relation(&other), Relation::Known);
}
