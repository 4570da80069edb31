//! Small things beside the journal: the sessions of this device, what tabs show.
//!
//! What a worse store holds of a thing was written while no better one took it, and a thing that is
//! written anew is taken out of the worse ones: so of two stores the worse one has the newer value.

use super::{Journal, SILENCE_MS};
use crate::journal::{StoreError, Table};

/// A small thing: where it belongs, its key, and what it is; `None` removes it.
pub(crate) type Thing = (Table, String, Option<Vec<u8>>);

/// A thing that is being written, and what came for it meanwhile; `None` inside removes it.
pub(super) struct Putting {
    table: Table,
    key: String,
    next: Option<Option<Vec<u8>>>,
}

impl Journal {
    /// Keeps a small thing; `None` removes it. Of several in a row for the same key the last one is
    /// kept.
    pub(crate) async fn put(&self, table: Table, key: String, value: Option<Vec<u8>>) {
        let under_way = |putting: &&mut Putting| putting.is(table, &key);
        if self.leaving.get() {
            return self.keep(table, &key, value).await;
        }
        if let Some(putting) = self.putting.borrow_mut().iter_mut().find(under_way) {
            putting.next = Some(value);
            return;
        }
        self.putting.borrow_mut().push(Putting { table, key: key.clone(), next: None });
        let mut value = value;
        loop {
            self.keep(table, &key, value).await;
            let mut putting = self.putting.borrow_mut();
            let place = putting.iter_mut().find(|putting| putting.is(table, &key));
            match place.and_then(|putting| putting.next.take()) {
                Some(next) => value = next,
                None => {
                    putting.retain(|putting| !putting.is(table, &key));
                    return;
                }
            }
        }
    }

    /// The page goes, perhaps before what is being written is there: until [`Journal::stay`] nothing waits
    /// for that any more. What did is answered, to be put at once.
    pub(crate) fn leave(&self) -> Vec<Thing> {
        self.leaving.set(true);
        let mut putting = self.putting.borrow_mut();
        let waiting = putting.iter_mut().filter_map(|putting| {
            let next = putting.next.take()?;
            Some((putting.table, putting.key.clone(), next))
        });
        waiting.collect()
    }

    /// The page came back.
    pub(crate) fn stay(&self) {
        self.leaving.set(false);
    }

    /// Into the best store that takes it. A full one keeps its place as the journal's.
    async fn keep(&self, table: Table, key: &str, value: Option<Vec<u8>>) {
        let mut at = self.current.get();
        while let Some(store) = self.stores.get(at) {
            let put = store.put(table, key.into(), value.clone());
            match self.answered(put, SILENCE_MS).await {
                Ok(()) => break,
                Err(StoreError::Full) => {}
                Err(_) => drop(self.fall_from(at)),
            }
            at += 1;
        }
        for worse in self.stores.iter().skip(at + 1) {
            self.answered(worse.put(table, key.into(), None), SILENCE_MS).await.ok();
        }
    }

    /// The small things of all stores whose key starts with `prefix`.
    pub(crate) async fn all(&self, table: Table, prefix: &str) -> Vec<(String, Vec<u8>)> {
        let mut all: Vec<(String, Vec<u8>)> = Vec::new();
        for store in self.stores.iter().skip(self.current.get()).rev() {
            let things = self.answered(store.all(table, prefix.into()), SILENCE_MS).await;
            for (key, value) in things.unwrap_or_default() {
                if !all.iter().any(|(known, _)| *known == key) {
                    all.push((key, value));
                }
            }
        }
        all
    }

    /// Brings what the worse stores hold into the current one: [`Journal::put`] takes it out there.
    pub(super) async fn move_things_up(&self) {
        for table in [Table::Sessions, Table::Views] {
            for store in self.stores.iter().skip(self.current.get() + 1).rev() {
                let things = self.answered(store.all(table, String::new()), SILENCE_MS).await;
                for (key, _) in things.unwrap_or_default() {
                    // What is being written now is newer, and does the same.
                    if self.is_being_put(table, &key) {
                        continue;
                    }
                    // Read anew: it may have been written since, and then it is not here any more.
                    let held = self.answered(store.all(table, key.clone()), SILENCE_MS).await;
                    let held = held.unwrap_or_default().into_iter().find(|(held, _)| *held == key);
                    if let Some((key, value)) = held {
                        self.put(table, key, Some(value)).await;
                    }
                }
            }
        }
    }

    pub(crate) fn is_being_put(&self, table: Table, key: &str) -> bool {
        self.putting.borrow().iter().any(|putting| putting.is(table, key))
    }
}

impl Putting {
    fn is(&self, table: Table, key: &str) -> bool {
        self.table == table && self.key == key
    }
}
