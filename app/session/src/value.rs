//! One value of the context as a signal.

use holdfast_domain::context::Path;
use holdfast_domain::{Error, Result};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{SessionOptions, use_session};

/// The value at `key` (a key of the context or a JSON pointer such as `/trip/budget`), `default`
/// while there is none or it is of another type, and a callback that writes it. `None` and `null`
/// remove it. What cannot be written is told by [`crate::UseSession::error`].
pub fn use_session_value<T>(key: &str, default: T) -> (Signal<T>, Callback<T>)
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let session = use_session(SessionOptions::default());
    let path = path_of(key);
    let reading = path.clone().ok();
    let value = Memo::new(move |_| {
        let value = reading.as_ref().and_then(|path| session.get(path));
        value
            .and_then(|value| serde_json::from_value(value).ok())
            .unwrap_or_else(|| default.clone())
    });
    let write = Callback::new(move |value: T| {
        if let Err(error) = write(&path, &value, |path, value| session.set(path, value)) {
            session.handle.fail(error);
        }
    });
    (value.into(), write)
}

fn write<T: Serialize>(
    path: &Result<Path>,
    value: &T,
    set: impl FnOnce(&Path, serde_json::Value) -> Result<()>,
) -> Result<()> {
    let path = path.as_ref().map_err(Clone::clone)?;
    let value = serde_json::to_value(value).map_err(|_| Error::InvalidValue {
        field: path.to_string(),
        reason: "This value has no form in JSON.".into(),
    })?;
    set(path, value)
}

/// A JSON pointer where it starts with a slash, else one key.
fn path_of(key: &str) -> Result<Path> {
    if key.starts_with('/') { key.parse() } else { Path::from_keys([key]) }
}
