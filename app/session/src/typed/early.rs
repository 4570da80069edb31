//! What the script of early typing (`early.js`) noted, in this page and in pages that were left.

use gloo_storage::{LocalStorage, Storage};
use holdfast_domain::context::Path;
use holdfast_domain::id::SessionId;
use js_sys::{Function, Reflect};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasm_bindgen::JsCast;

use super::reading::{Held, value_of};
use crate::browser::{local_keys, window};

/// Marks a field whose early typing is in the context, or on its way there.
pub(crate) const APPLIED: &str = "data-typed-applied";

const FORMAT: u16 = 1;

/// A field that was changed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Typed {
    /// Where its value belongs.
    pub(crate) path: Path,
    /// What it held before, where it is a text.
    pub(crate) rendered: String,
    held: Held,
    kind: String,
}

impl Typed {
    /// The text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.held {
            Held::Text(text) => Some(text),
            Held::Checked(_) => None,
        }
    }

    /// Whether it is a field for long texts.
    pub(crate) fn is_area(&self) -> bool {
        self.kind == "textarea"
    }

    /// The value, where it is one already.
    pub(crate) fn value(&self) -> Option<Value> {
        value_of(&self.kind, &self.held)
    }
}

/// From here on the program keeps what is typed; what was typed into this page before, once.
pub(crate) fn take_over() -> Vec<Typed> {
    let script = window().and_then(|window| Reflect::get(&window, &"holdfastEarly".into()).ok());
    let Some(script) = script.and_then(|script| script.dyn_into::<Function>().ok()) else {
        return Vec::new();
    };
    let noted = script.call0(&wasm_bindgen::JsValue::UNDEFINED).ok();
    let noted = noted.and_then(|noted| noted.as_string());
    noted.and_then(|noted| serde_json::from_str(&noted).ok()).unwrap_or_default()
}

/// What was typed into a page that is gone. Its key is also the name of the lock that the page held.
pub(crate) struct Left {
    pub(crate) key: String,
}

/// As the script puts it aside.
#[derive(Deserialize, Serialize)]
struct Aside {
    format: u16,
    typed: Vec<Typed>,
}

impl Left {
    /// All that belongs to a session, or to the one that is chosen where nothing named one.
    pub(crate) fn of(session: Option<SessionId>) -> Vec<Self> {
        let session = session.map_or_else(|| "none".to_owned(), |session| session.to_string());
        let mut keys = local_keys(&format!("holdfast.early.{session}."));
        // In the order in which the pages were opened.
        keys.sort_unstable();
        keys.into_iter().map(|key| Self { key }).collect()
    }

    /// What it was. Nothing where another build wrote it.
    pub(crate) fn read(&self) -> Vec<Typed> {
        let aside = LocalStorage::get::<Aside>(&self.key).ok();
        aside.filter(|aside| aside.format == FORMAT).map(|aside| aside.typed).unwrap_or_default()
    }

    /// Only so much of it is still in no context.
    pub(crate) fn keep(&self, typed: Vec<Typed>) {
        if typed.is_empty() {
            LocalStorage::delete(&self.key);
        } else {
            LocalStorage::set(&self.key, Aside { format: FORMAT, typed }).ok();
        }
    }
}
