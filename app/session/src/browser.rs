//! The browser's own things, each in the smallest form that is needed here.

mod broadcast;
mod environment;
mod listen;
mod locks;
mod stored;
mod task;

pub(crate) use broadcast::Broadcast;
pub(crate) use environment::Browser;
pub(crate) use listen::{Listener, document, is_visible, window};
pub(crate) use locks::{
    HeldLock, LockEnd, LockRequest, has_locks, is_wanted, request_lock, with_free_lock,
};
pub(crate) use stored::{get_local, has_local_storage, local_keys, set_local};
pub(crate) use task::{issued, sleep, spawn_now};
