//! Many insertions into one large text: they read as if they had come one by one, and do not copy the text
//! for each (SYNC-5).

use std::time::{Duration, Instant};

use holdfast_domain::Context;
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::scan;
use serde_json::json;

use crate::support::{bytes, path, replica};

const WRITER: u64 = 7;
const OTHER: u64 = 8;
/// A text's character: origin and right origin say where it stands.
const BETWEEN: u8 = 0xC4;

/// A document with one text, and the clock of the text's first character.
fn whole(text: &str) -> (Vec<u8>, u64) {
    let mut writer = replica(WRITER);
    let updates = writer.set_text(&path("/notes"), text).unwrap();
    let mut reader = replica(1);
    reader.apply_all(updates.iter().map(Vec::as_slice)).unwrap();
    let whole = reader.encode();
    let end = scan(&whole, CONTEXT_BYTES).unwrap().inserts[&WRITER].last().unwrap().1;
    (whole, u64::from(end) - text.encode_utf16().count() as u64)
}

/// What another client makes when it types a `+` before each of the writer's clocks.
fn insertions(before: &[u64], first_clock: u64) -> Vec<u8> {
    let head = bytes().numbers(&[1, before.len() as u64, OTHER, first_clock]);
    let structs = before.iter().fold(head, |update, clock| {
        update.raw(&[BETWEEN]).numbers(&[WRITER, clock - 1, WRITER, *clock, 1]).raw(b"+")
    });
    structs.numbers(&[0]).done()
}

fn opened(whole: &[u8]) -> Context {
    let mut context = replica(1);
    context.apply(whole).unwrap();
    context
}

#[test]
fn sync_5_many_insertions_at_once_read_as_one_by_one() {
    let (whole, first) = whole(&"aä🦀z".repeat(1_000));
    // Before each `ä`; and from the back, as somebody types who goes upwards.
    let forwards: Vec<u64> = (0..1_000).map(|at| first + 1 + at * 5).collect();
    let backwards: Vec<u64> = forwards.iter().rev().copied().collect();
    for before in [forwards, backwards] {
        let one = |(clock, before): (u64, &u64)| insertions(&[*before], clock);
        let apart: Vec<Vec<u8>> = (0..).zip(&before).map(one).collect();
        let mut at_once = opened(&whole);
        at_once.apply(&insertions(&before, 0)).unwrap();
        let mut together = opened(&whole);
        together.apply_all(apart.iter().map(Vec::as_slice)).unwrap();
        let mut with_the_text = replica(2);
        let all = std::iter::once(&whole).chain(&apart);
        with_the_text.apply_all(all.map(Vec::as_slice)).unwrap();
        let mut one_by_one = opened(&whole);
        for update in &apart {
            one_by_one.apply(update).unwrap();
        }
        for context in [&at_once, &together, &with_the_text, &one_by_one] {
            assert_eq!(context.to_json(), json!({"notes": "a+ä🦀z".repeat(1_000)}));
            assert_eq!(context.state_vector(), one_by_one.state_vector());
        }
        // And they are edited as if nothing had been cut.
        for context in [&mut at_once, &mut one_by_one] {
            context.set_text(&path("/notes"), "a+ä").unwrap();
            assert_eq!(context.to_json(), json!({"notes": "a+ä"}));
        }
    }
}

#[test]
fn ctx_1_no_character_is_cut_in_two() {
    let (whole, first) = whole(&"a🦀".repeat(100));
    for count in 60..=100 {
        let before: Vec<u64> = (0..count).map(|at| first + 1 + at * 3).collect();
        let mut context = opened(&whole);
        context.apply(&insertions(&before, 0)).unwrap();
        let (count, rest) = (count as usize, 100 - count as usize);
        let wanted = "a+🦀".repeat(count) + &"a🦀".repeat(rest);
        assert_eq!(context.to_json(), json!({"notes": wanted}), "{count} insertions");
    }
}

#[test]
fn sync_5_many_insertions_do_not_copy_a_large_text_for_each() {
    let (whole, first) = whole(&"ferry to ".repeat(900_000));
    let before: Vec<u64> = (0..10_000).map(|at| first + 1 + at * 800).collect();
    let one = |(clock, before): (u64, &u64)| insertions(&[*before], clock);
    let apart: Vec<Vec<u8>> = (0..).zip(&before).map(one).collect();

    let begun = Instant::now();
    let (mut at_once, mut together) = (opened(&whole), opened(&whole));
    let opening = begun.elapsed();
    let took = |apply: &mut dyn FnMut()| -> Duration {
        let begun = Instant::now();
        apply();
        begun.elapsed()
    };
    let in_one = took(&mut || drop(at_once.apply(&insertions(&before, 0)).unwrap()));
    let in_many = took(&mut || drop(together.apply_all(apart.iter().map(Vec::as_slice)).unwrap()));
    println!("opened twice in {opening:?}, 10,000 insertions in {in_one:?} and {in_many:?}");
    // Copied for each, they took thirty-five times as long; now twice.
    assert!(in_one.max(in_many) < opening * 20, "{opening:?}, {in_one:?}, {in_many:?}");
}
