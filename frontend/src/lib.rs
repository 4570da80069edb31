//! The WASM entry: called by the document's script.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page that the server rendered to life.
#[wasm_bindgen]
pub fn hydrate() {
    holdfast_app::hydrate();
}
