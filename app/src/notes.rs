//! Notes: the long text, and the fields a person adds beside it.

mod add;
mod changed;
mod definition;
mod field;
mod fields;
mod mirror;
mod peers;
#[cfg(feature = "ssr")]
mod plain;
mod reading;
mod rename;
mod selection;
mod text;

use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

pub(crate) use self::add::open as open_add_field;
pub(crate) use self::definition::{FIELDS, Kind};
use self::fields::{Fields, use_fields};
#[cfg(feature = "ssr")]
pub(crate) use self::plain::plain_fields;
pub(crate) use self::text::TEXT;
use self::text::{LongText, use_notes};

/// The part of a session that opens first.
#[component]
pub(crate) fn Notes() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let (notes, fields) = (use_notes(), use_fields());
    let is_first = move || {
        !session.loading.get()
            && session.sessions.read().len() <= 1
            && notes.read().is_empty()
            && fields.read().is_none()
    };
    view! {
        <div class="notes">
            <h2 class="visually-hidden">"Notes"</h2>
            <Show when=is_first>
                <p class="lead">
                    "This is your first session: start typing, and it stays exactly as you leave it."
                </p>
            </Show>
            <Fields />
            <LongText text=notes />
        </div>
    }
}
