//! What happens in a session, in order, for whoever watches it (JOB-3). What others must see is a row, written in the
//! transaction that does it; that the context changed follows from its log. A watcher reads on from where it is when
//! the doorbell rings, so a slow one costs no memory, and one that was away misses nothing.

mod append;
mod doorbell;
mod elsewhere;
mod of_job;
mod read;
mod sweep;
mod watch;

pub(crate) use append::NewEvent;
pub(crate) use doorbell::{Doorbell, Topic, Waiter};
pub(crate) use elsewhere::Elsewhere;
pub use of_job::JobWatch;
pub use watch::Watch;
