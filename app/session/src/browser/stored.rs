//! localStorage, which a browser may refuse; `gloo_storage` would panic then.

use gloo_storage::{LocalStorage, Storage};

use super::window;

/// Whether there is one.
pub(crate) fn has_local_storage() -> bool {
    window().is_some_and(|window| matches!(window.local_storage(), Ok(Some(_))))
}

/// What is kept under a key; `None` where nothing is, or nothing can be.
pub(crate) fn get_local(key: &str) -> Option<String> {
    has_local_storage().then(|| LocalStorage::get(key).ok()).flatten()
}

/// Keeps something under a key, where there is a localStorage with room.
pub(crate) fn set_local(key: &str, value: &str) {
    if has_local_storage() {
        LocalStorage::set(key, value).ok();
    }
}

/// The keys that begin like this; none where there is no localStorage.
pub(crate) fn local_keys(prefix: &str) -> Vec<String> {
    if !has_local_storage() {
        return Vec::new();
    }
    let storage = LocalStorage::raw();
    let all = (0..LocalStorage::length()).filter_map(|at| storage.key(at).ok().flatten());
    all.filter(|key| key.starts_with(prefix)).collect()
}
