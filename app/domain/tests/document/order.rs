//! Updates come in any order: a journal gives them by name, a network as it likes.

use std::time::{Duration, Instant};

use holdfast_domain::context::{Context, TextEdit};

use crate::support::path;

const UPDATES: u32 = 10_000;

/// What two people write into the same text, each after what the other wrote last; by the one and then by the
/// other, and each in the order of the numbers' letters: 1, 10, 100, 1000, 2.
fn written_by_two() -> (Context, Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let mut people = [Context::new(1), Context::new(2)];
    let mut updates = Vec::new();
    for number in 0..UPDATES {
        let at = number * 5;
        let edit = TextEdit { at, insert: format!("{number:04} "), ..TextEdit::default() };
        let [one, two] = &mut people;
        let (writer, reader) = if number % 2 == 0 { (one, two) } else { (two, one) };
        let update = writer.edit_text(&path("/notes"), &edit).unwrap().concat();
        reader.apply(&update).unwrap();
        updates.push(update);
    }
    let mut by_name: Vec<u32> = (0..UPDATES).collect();
    by_name.sort_by_key(|number| (number % 2, (number / 2).to_string()));
    let named = by_name.iter().map(|number| updates[*number as usize].clone()).collect();
    let [one, _] = people;
    (one, updates, named)
}

fn read(updates: &[Vec<u8>]) -> (Context, Duration) {
    let begun = Instant::now();
    let mut context = Context::new(3);
    context.apply_all(updates.iter().map(Vec::as_slice)).unwrap();
    (context, begun.elapsed())
}

#[test]
fn ctx_4_updates_are_read_in_any_order_and_no_slower() {
    let (whole, made, named) = written_by_two();
    let (in_order, took_in_order) = read(&made);
    let (by_name, took_by_name) = read(&named);
    println!("{UPDATES} updates in order {took_in_order:?}, by name {took_by_name:?}");
    for context in [&in_order, &by_name] {
        assert_eq!(context.to_json(), whole.to_json());
        assert_eq!(context.waiting(), [] as [Vec<u8>; 0]);
    }
    assert!(took_by_name < took_in_order * 5, "{took_in_order:?}, {took_by_name:?}");
}

#[test]
fn sync_5_what_waits_waits_once_and_comes_in_when_it_can() {
    let (whole, made, named) = written_by_two();
    let (first, rest) = made.split_first().unwrap();
    let mut context = Context::new(3);
    let without: Vec<&[u8]> =
        named.iter().filter(|update| *update != first).map(Vec::as_slice).collect();
    for _ in 0..2 {
        assert_eq!(context.apply_all(without.iter().copied()).unwrap(), Default::default());
        assert_eq!(context.waiting().len(), rest.len());
    }
    context.apply(first).unwrap();
    assert_eq!(context.to_json(), whole.to_json());
    assert!(context.waiting().is_empty());
}
