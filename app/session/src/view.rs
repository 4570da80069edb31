//! What a tab shows, kept per device and session (CTX-11).

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{SessionOptions, use_session};

/// As [`crate::use_session_value`], but for this device only: selection, open panels, half-typed
/// forms. Comes back when the session is opened again; never reaches the server or other people.
pub fn use_view_state<T>(key: &str, default: T) -> (Signal<T>, Callback<T>)
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let session = use_session(SessionOptions::default());
    let reading = key.to_owned();
    let value = Memo::new(move |_| {
        let value = session.handle.view(&reading);
        value
            .and_then(|value| serde_json::from_value(value).ok())
            .unwrap_or_else(|| default.clone())
    });
    let key = key.to_owned();
    let write = Callback::new(move |value: T| {
        if let Ok(value) = serde_json::to_value(&value) {
            session.handle.set_view(&key, value);
        }
    });
    (value.into(), write)
}
