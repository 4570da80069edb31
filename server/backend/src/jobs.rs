//! Long work for a session (JOB): rows that whoever works on them holds by a lease, with their progress and the place to
//! go on from saved together. A job that is stopped - paused, cancelled, its server gone - is dropped where it is, and
//! goes on from there: what it does between two such places does no harm when it is done again.

mod claim;
mod create;
mod find;
mod finish;
mod heartbeat;
mod parts;
mod report;
mod rollback;
mod row;
mod run;
mod scan;
mod steps;
mod sweep;
mod tidy;
mod transfer;
mod walk;
mod work;
mod workers;

pub use find::{JobPage, JobQuery};
pub use report::JobFiles;
pub(crate) use workers::Workers;
