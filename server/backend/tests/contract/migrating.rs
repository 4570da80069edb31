//! OPS-1: a database of an earlier build is brought up to date at the start.

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use serde_json::json;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection};

use crate::harness::{Database, Device, Kind, World, contract};

contract!(ops_1_a_database_of_any_earlier_build_is_brought_up_to_date);

async fn ops_1_a_database_of_any_earlier_build_is_brought_up_to_date(world: World) {
    let kind = world.database.kind;
    let migrations: Migrator = match kind {
        Kind::Sqlite => sqlx::migrate!("../../migrations/sqlite"),
        Kind::Postgres => sqlx::migrate!("../../migrations/postgres"),
    };
    for version in migrations.iter().map(|migration| migration.version) {
        let database = Database::create(kind).await;
        let url = match kind {
            Kind::Sqlite => format!("{}?mode=rwc", database.url()),
            Kind::Postgres => database.url(),
        };
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        migrations.run_to(version, &mut connection).await.unwrap();
        connection.close().await.unwrap();
        let backend = world.start_on(&database, 1).await.unwrap();
        let visitor = backend.visitor(backend.issue_token().as_str()).unwrap();
        let mut device = Device::new(&visitor);
        device.edit(json!({"version": version}));
        device.sync(&backend).await;
        let mission = SystemEnvironment.uuid();
        backend.link_mission(&visitor, device.session, mission).await.unwrap();
        backend.close().await;
        database.remove().await;
    }
}
