//! The script of early typing (`early.js`) in this page, and what it put aside in pages that were left.

use gloo_storage::{LocalStorage, Storage};
use holdfast_domain::id::SessionId;
use js_sys::{Function, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::noted::{Aside, Typed};
use crate::browser::{local_keys, window};

/// Marks a field whose early typing is in the context, or on its way there.
pub(crate) const APPLIED: &str = "data-typed-applied";

/// From here on the program keeps what is typed; what was typed into this page before, once.
pub(crate) fn take_over() -> Vec<Typed> {
    let notes = call(&JsValue::UNDEFINED).and_then(|notes| notes.as_string());
    let notes = notes.and_then(|notes| serde_json::from_str::<Vec<Value>>(&notes).ok());
    notes.unwrap_or_default().iter().filter_map(Typed::read).collect()
}

/// What was typed into one field is in a context, by another way.
pub(crate) fn forget(field: &Element) {
    call(field);
}

fn call(argument: &JsValue) -> Option<JsValue> {
    let script = Reflect::get(window()?.as_ref(), &"holdfastEarly".into()).ok()?;
    script.dyn_into::<Function>().ok()?.call1(&JsValue::UNDEFINED, argument).ok()
}

/// What was typed into another page, which is perhaps gone. Its key is also the name of the lock that the page has.
#[derive(Clone, Debug)]
pub(crate) struct Left {
    pub(crate) key: String,
    /// The session it was typed into; `None`: into the one that would be chosen.
    pub(crate) session: Option<SessionId>,
}

impl Left {
    /// All of a profile, in the order in which the pages were opened.
    pub(crate) fn all(profile: &str) -> Vec<Self> {
        let prefix = format!("holdfast.early.{profile}.");
        let mut keys = local_keys(&prefix);
        keys.sort_unstable();
        let read = |key: String| {
            let session = key.strip_prefix(&prefix)?.split('.').next()?.parse().ok();
            Some(Self { key, session })
        };
        keys.into_iter().filter_map(read).collect()
    }

    /// What it is, where this build wrote it.
    pub(crate) fn read(&self) -> Option<Aside> {
        LocalStorage::get::<Aside>(&self.key).ok().filter(Aside::is_ours)
    }

    /// Only so much of it is still in no context.
    pub(crate) fn keep(&self, aside: &Aside) {
        if aside.typed.is_empty() {
            LocalStorage::delete(&self.key);
        } else {
            LocalStorage::set(&self.key, aside).ok();
        }
    }
}
