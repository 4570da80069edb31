//! What the tests run on: a backend on a database of its own, a clock that stands still until it is
//! moved, and devices that save and load as a browser does.

mod bundle;
mod bytes;
mod database;
mod device;
mod environment;
mod person;
mod stored;
mod world;

pub(crate) use bundle::{Bundle, import, row};
pub(crate) use bytes::{RawUpdate, write_var};
pub(crate) use database::{Database, Kind};
pub(crate) use device::{Device, snapshot_request};
pub(crate) use environment::{DAY_MS, HOUR_MS};
pub(crate) use person::{DEVICE, EMAIL, PASSWORD, sign_in};
pub(crate) use world::{KEY, World};

/// Runs each of the named `async fn(World)` on both databases, those after `; postgres:` on one.
macro_rules! contract {
    ($($test:ident),+ $(,)? $(; postgres: $($postgres:ident),+ $(,)?)?) => {
        mod sqlite {
            $(#[test]
            fn $test() {
                crate::harness::run(crate::harness::Kind::Sqlite, super::$test);
            })+
        }
        mod postgres {
            $(#[test]
            fn $test() {
                crate::harness::run(crate::harness::Kind::Postgres, super::$test);
            })+
            $($(#[test]
            fn $postgres() {
                crate::harness::run(crate::harness::Kind::Postgres, super::$postgres);
            })+)?
        }
    };
}
pub(crate) use contract;

/// One test on one database.
pub(crate) fn run<F: Future<Output = ()>>(kind: Kind, test: impl FnOnce(World) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let world = World::create(kind).await;
        let database = world.database.clone();
        test(world).await;
        database.remove().await;
    });
}

/// Waits until a condition holds; fails when that takes a minute.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    while !holds().await {
        assert!(tokio::time::Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
