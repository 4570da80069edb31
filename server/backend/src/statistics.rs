//! What a person did, in figures (SESS-6): counted with every save, in its transaction, and read by days of their own
//! time zone. Their own events only: who else is in a session has figures of their own.

mod count;
mod days;
mod read;

pub(crate) use count::{Activity, write};
