//! Connecting to the database. The browser may take as long as it likes: another tab may have to close it
//! first. An attempt is never dropped, though nobody waits for it any more: an upgrade that nobody listens to
//! would make a database without stores, and a connection that nobody has would block the upgrades of others.
//! One that is silent may stay so where a new one is answered, so others are made beside it, ever more rarely.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use holdfast_domain::Environment;
use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;

use super::{Connection, STORES, VERSION};
use crate::browser::{Browser, Listener, spawn_now};
use crate::journal::StoreError;

/// The next attempt beside a silent one is made after so long, and the one after that after twice the time.
const AGAIN_MS: i64 = 5_000;

/// The attempts under way, and what listens to the last connection.
#[derive(Default)]
pub(super) struct Opening {
    under_way: Cell<u32>,
    /// When the next one may be made beside them, and how long after it the one after that.
    next_at_ms: Cell<i64>,
    after_ms: Cell<i64>,
    wakers: RefCell<Vec<Waker>>,
    listeners: RefCell<Vec<Listener>>,
}

impl Opening {
    /// Connects, or waits for what is under way. What is connected to is in `connection` then, also where
    /// nobody waits any more.
    pub(super) async fn opened(
        self: Rc<Self>,
        name: &str,
        connection: &Connection,
    ) -> Result<(), StoreError> {
        let now_ms = Browser.now_ms();
        if self.under_way.get() == 0 {
            self.after_ms.set(AGAIN_MS);
            self.begin(name, connection, now_ms);
        } else if self.next_at_ms.get() <= now_ms {
            self.after_ms.set(self.after_ms.get().saturating_mul(2));
            self.begin(name, connection, now_ms);
        }
        poll_fn(|context| {
            if connection.borrow().is_some() {
                Poll::Ready(Ok(()))
            } else if self.under_way.get() == 0 {
                Poll::Ready(Err(StoreError::Broken))
            } else {
                self.wakers.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }

    fn begin(self: &Rc<Self>, name: &str, connection: &Connection, now_ms: i64) {
        self.next_at_ms.set(now_ms.saturating_add(self.after_ms.get()));
        self.under_way.set(self.under_way.get() + 1);
        let (opening, name, connection) = (self.clone(), name.to_owned(), connection.clone());
        spawn_now(async move {
            let connected = connect(&name).await;
            opening.end(connected, &connection);
        });
    }

    fn end(&self, connected: Result<Database, StoreError>, connection: &Connection) {
        self.under_way.set(self.under_way.get().saturating_sub(1));
        if let Ok(database) = connected {
            if connection.borrow().is_some() {
                database.close();
            } else {
                self.listeners.replace(watch(connection, &database));
                connection.borrow_mut().replace(database);
            }
        }
        for waker in self.wakers.take() {
            waker.wake();
        }
    }
}

async fn connect(name: &str) -> Result<Database, StoreError> {
    let database = request(name).await?;
    if database.object_store_names().any(|store| STORES.contains(&store.as_str())) {
        return Ok(database);
    }
    // Something made it without what belongs into it, so there is nothing to lose.
    database.close();
    let deleted = Database::delete_by_name(name).map_err(|_| StoreError::Broken)?;
    deleted.await.map_err(|_| StoreError::Broken)?;
    request(name).await
}

async fn request(name: &str) -> Result<Database, StoreError> {
    let request = Database::open(name)
        .with_version(VERSION)
        .with_on_upgrade_needed(|_, database| {
            for store in STORES {
                database.create_object_store(store).build()?;
            }
            Ok(())
        })
        .build()
        .map_err(|_| StoreError::Broken)?;
    request.await.map_err(|_| StoreError::Broken)
}

/// Another build that changes the layout must not wait for this page, and the browser may close the
/// connection (site data cleared): either way this store is broken until it is opened again.
fn watch(connection: &Connection, database: &Database) -> Vec<Listener> {
    ["versionchange", "close"]
        .map(|event| {
            let connection = connection.clone();
            Listener::new(database.as_sys(), event, move |_| {
                if let Some(database) = connection.borrow_mut().take() {
                    database.close();
                }
            })
        })
        .into()
}
