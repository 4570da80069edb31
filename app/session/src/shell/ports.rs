//! What of the browser's storage is this page's, and the stores of the journal.

use std::rc::Rc;

use gloo_storage::{LocalStorage, SessionStorage, Storage};
use holdfast_domain::id::SessionId;

use crate::browser::{get_local, set_local, sleep, window};
use crate::journal::{IndexedDb, Journal, LocalStorageStore, MemoryStore, poke_key};

const LABEL: &str = "holdfast.label";
const RELOAD: &str = "holdfast.reload-offered";
const PERSIST: &str = "holdfast.persist-asked";

fn has_session_storage() -> bool {
    window().is_some_and(|window| matches!(window.session_storage(), Ok(Some(_))))
}

/// The stores, best first.
pub(super) fn journal(profile: &str) -> Journal {
    let stores: Vec<Rc<dyn crate::journal::Store>> = vec![
        Rc::new(IndexedDb::new(profile)),
        Rc::new(LocalStorageStore::new(profile)),
        Rc::new(MemoryStore::default()),
    ];
    Journal::new(stores, Rc::new(sleep))
}

/// The session this device had open last; what is no id is discarded.
pub(super) fn kept_session(profile: &str) -> Option<SessionId> {
    let key = format!("holdfast.open.{profile}");
    let text = get_local(&key)?;
    let id = text.parse().ok();
    if id.is_none() {
        LocalStorage::delete(&key);
    }
    id
}

pub(super) fn keep_session(profile: &str, id: SessionId) {
    set_local(&format!("holdfast.open.{profile}"), &id.to_string());
}

/// Nothing of the session is here any more.
pub(super) fn forget_session(profile: &str, id: SessionId) {
    let open = format!("holdfast.open.{profile}");
    if get_local(&open) == Some(id.to_string()) {
        LocalStorage::delete(&open);
    }
    LocalStorage::delete(poke_key(profile, id));
}

/// What the person called this tab.
pub(crate) fn label() -> Option<String> {
    has_session_storage().then(|| SessionStorage::get(LABEL).ok()).flatten()
}

pub(crate) fn keep_label(label: &str) {
    if has_session_storage() {
        SessionStorage::set(LABEL, label).ok();
    }
}

/// Whether a reload may be offered: once, and not again after it happened (TAB-6).
pub(crate) fn may_offer_reload() -> bool {
    if !has_session_storage() {
        return true;
    }
    let offered: Option<u16> = SessionStorage::get(RELOAD).ok();
    SessionStorage::set(RELOAD, holdfast_domain::wire::FORMAT).ok();
    offered != Some(holdfast_domain::wire::FORMAT)
}

/// Asks the browser once not to evict this origin's data (CTX-4).
pub(crate) fn ask_to_persist() {
    if get_local(PERSIST).is_some() {
        return;
    }
    set_local(PERSIST, "yes");
    let Some(window) = window() else { return };
    let navigator = window.navigator();
    // Absent on insecure origins, where the binding would call into nothing.
    let storage = js_sys::Reflect::get(&navigator, &"storage".into());
    if !storage.is_ok_and(|storage| !storage.is_undefined()) {
        return;
    }
    if let Ok(asked) = navigator.storage().persist() {
        wasm_bindgen_futures::spawn_local(async move {
            wasm_bindgen_futures::JsFuture::from(asked).await.ok();
        });
    }
}
