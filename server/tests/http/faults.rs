//! What goes wrong around a server: with each fault a fleet of clients saves and records what was acknowledged.

mod busy;
mod clock;
mod corrupted;
#[cfg(target_os = "linux")]
mod fsync;
#[cfg(target_os = "linux")]
mod full_disk;
#[cfg(target_os = "linux")]
mod full_location;
mod soak_cut;
mod soak_killed;
mod soak_postgres;
mod soak_scan;
mod soak_transfer;
mod soaked_job;
mod streams;
mod unsynced;
