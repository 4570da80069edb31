//! Keys and values as IndexedDB has them.

use holdfast_domain::id::SessionId;
use holdfast_domain::sync::RecordId;
use indexed_db_futures::KeyRange;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// `[session, tab, number]`.
#[expect(clippy::cast_precision_loss, reason = "no page load makes 2^53 records")]
pub(super) fn record(session: SessionId, id: RecordId) -> JsValue {
    let (session, tab) = (session.to_string(), id.tab.to_string());
    Array::of3(&session.into(), &tab.into(), &(id.number as f64).into()).into()
}

/// `[session, name]`.
pub(super) fn named(session: SessionId, name: &str) -> JsValue {
    Array::of2(&session.to_string().into(), &name.into()).into()
}

/// The session's own key.
pub(super) fn plain(session: SessionId) -> JsValue {
    session.to_string().into()
}

/// Every key that is an array starting with the session. An array sorts behind every string and
/// number.
pub(super) fn of_session(session: SessionId) -> KeyRange<JsValue> {
    let session = JsValue::from(session.to_string());
    KeyRange::Bound(Array::of1(&session).into(), false, end_of(&session), false)
}

/// Those of them behind this one.
pub(super) fn after(session: SessionId, key: JsValue) -> KeyRange<JsValue> {
    KeyRange::Bound(key, true, end_of(&session.to_string().into()), false)
}

fn end_of(session: &JsValue) -> JsValue {
    Array::of2(session, &Array::new()).into()
}

/// Every key: no key sorts before this number.
pub(super) fn all() -> KeyRange<JsValue> {
    KeyRange::LowerBound(f64::NEG_INFINITY.into(), false)
}

/// Every key behind this one and all others of its session.
pub(super) fn beyond(key: &JsValue) -> KeyRange<JsValue> {
    let last = key.dyn_ref::<Array>().map(|key| end_of(&key.get(0)));
    KeyRange::LowerBound(last.unwrap_or_else(|| key.clone()), true)
}

/// Every text that starts with `prefix`.
pub(super) fn starting_with(prefix: &str) -> KeyRange<JsValue> {
    let last = format!("{prefix}\u{ffff}");
    KeyRange::Bound(prefix.into(), false, last.into(), false)
}

/// The name in `[session, name]`.
pub(super) fn name_of(key: &JsValue) -> Option<String> {
    key.dyn_ref::<Array>()?.get(1).as_string()
}

/// The session in `[session, ...]`.
pub(super) fn session_of(key: &JsValue) -> Option<SessionId> {
    key.dyn_ref::<Array>()?.get(0).as_string()?.parse().ok()
}

/// Bytes to store.
pub(super) fn value(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Stored bytes; something else (by another hand) reads as nothing, which no envelope matches.
pub(super) fn bytes(value: &JsValue) -> Vec<u8> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default()
}
