use super::*;

fn put(bench: &Bench, key: &str, value: &[u8]) {
    block_on(bench.journal.put(Table::Views, key.into(), Some(value.into())));
}

fn things(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    block_on(bench.journal.all(Table::Views, ""))
}

#[test]
fn ctx_11_a_small_thing_follows_the_journal_there_and_back() {
    let bench = bench();
    put(&bench, "s/open", b"old");
    bench.indexed_db.fail(StoreError::Silent);
    put(&bench, "s/open", b"new");
    assert_eq!(bench.journal.tier(), StorageTier::LocalStorage);
    assert_eq!(things(&bench), [("s/open".to_owned(), b"new".to_vec())]);
    bench.indexed_db.fail(None);
    assert!(block_on(bench.journal.improve()));
    assert_eq!(things(&bench), [("s/open".to_owned(), b"new".to_vec())]);
    assert_eq!(bench.indexed_db.thing("s/open"), Some(b"new".to_vec()));
    assert_eq!(bench.local_storage.thing("s/open"), None);
}

#[test]
fn ctx_11_a_small_thing_that_a_page_left_in_a_worse_store_is_there_after_the_next_opening() {
    let bench = bench();
    put(&bench, "s/open", b"old");
    let newer = Some(b"new".to_vec());
    block_on(bench.local_storage.put(Table::Views, "s/open".into(), newer)).unwrap();
    block_on(bench.journal.open());
    assert_eq!(bench.indexed_db.thing("s/open"), Some(b"new".to_vec()));
    assert_eq!(bench.local_storage.thing("s/open"), None);
}

#[test]
fn ctx_11_what_waits_behind_a_write_is_put_when_the_page_goes() {
    let mut bench = bench();
    bench.indexed_db.slow.set(1);
    // It has time to answer.
    bench.journal = Journal::new(vec![bench.indexed_db.clone()], Rc::new(|_| Box::pin(pending())));
    let (key, value) = ("s/open".to_owned(), |value: &[u8]| Some(value.to_vec()));
    let first = bench.journal.put(Table::Views, key.clone(), value(b"first"));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(std::pin::pin!(first).as_mut().poll(&mut context).is_pending());
    put(&bench, "s/open", b"second");
    assert_eq!(bench.indexed_db.thing("s/open"), value(b"first"));
    assert_eq!(bench.journal.leave(), [(Table::Views, key, value(b"second"))]);
    put(&bench, "s/open", b"third");
    assert_eq!(bench.indexed_db.thing("s/open"), value(b"third"));
}

#[test]
fn ctx_4_a_small_thing_that_a_full_store_refuses_goes_into_the_next_one() {
    let bench = bench();
    put(&bench, "s/open", b"old");
    bench.indexed_db.fail(StoreError::Full);
    put(&bench, "s/open", b"new");
    assert_eq!(bench.journal.tier(), StorageTier::IndexedDb);
    bench.indexed_db.fail(None);
    assert_eq!(things(&bench), [("s/open".to_owned(), b"new".to_vec())]);
    put(&bench, "s/open", b"newest");
    assert_eq!(things(&bench), [("s/open".to_owned(), b"newest".to_vec())]);
    assert_eq!(bench.local_storage.thing("s/open"), None);
}
