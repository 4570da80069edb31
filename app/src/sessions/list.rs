//! The list of sessions as the person has it: how wide, and what is searched for.

use leptos::prelude::*;

use crate::{focus, popover};

/// The id of the list; where there is little room it is a drawer.
pub(crate) const SIDEBAR: &str = "sidebar";
/// The id of its search.
pub(super) const SEARCH: &str = "search";
/// Of `<html>`: the style sheet follows it.
const ATTRIBUTE: &str = "data-sidebar";
/// Of localStorage: how much room there is for a list is a matter of the device.
const KEY: &str = "holdfast.sidebar";
const COLLAPSED: &str = "collapsed";

/// The script that makes the list as narrow as it was, before anything is painted: nothing jumps.
pub(crate) fn collapse_script() -> String {
    format!(
        "try {{ if (localStorage.getItem({KEY:?}) === {COLLAPSED:?}) \
         document.documentElement.setAttribute({ATTRIBUTE:?}, {COLLAPSED:?}); }} catch {{ }}"
    )
}

/// The list of the page.
#[derive(Clone, Copy)]
pub(crate) struct SessionList {
    /// It shows marks instead of names.
    pub(super) collapsed: RwSignal<bool>,
    /// What is searched for.
    pub(super) wanted: RwSignal<String>,
}

impl SessionList {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let list = Self { collapsed: RwSignal::new(false), wanted: RwSignal::default() };
        provide_context(list);
        // The document carries what the device knows.
        Effect::new(move |_| {
            let root = document().document_element();
            let written = root.and_then(|root| root.get_attribute(ATTRIBUTE));
            list.collapsed.set(written.as_deref() == Some(COLLAPSED));
        });
        list
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Makes it narrow, or wide again, and remembers it.
    pub(super) fn toggle(self) {
        let collapsed = !self.collapsed.get_untracked();
        self.collapsed.set(collapsed);
        if collapsed {
            // The search goes; what it left out must not be gone with it.
            self.wanted.set(String::new());
        }
        if let Some(root) = document().document_element() {
            // Neither can fail for this name.
            let _ = match collapsed {
                true => root.set_attribute(ATTRIBUTE, COLLAPSED),
                false => root.remove_attribute(ATTRIBUTE),
            };
        }
        if let Ok(Some(storage)) = window().local_storage() {
            // Where it is full or refused, the list is wide again after the next load.
            let _ = match collapsed {
                true => storage.set_item(KEY, COLLAPSED),
                false => storage.remove_item(KEY),
            };
        }
    }

    /// Gives the search the focus, wherever the list is.
    pub(crate) fn search(self) {
        if is_hidden(SIDEBAR) {
            // A drawer that is closed; an open one is never collapsed.
            popover::open(SIDEBAR);
        } else if is_hidden(SEARCH) {
            self.toggle();
        }
        focus::now(SEARCH);
    }
}

/// It takes no room. (Nothing that is fixed, as the drawer is, has an `offsetParent`.)
fn is_hidden(id: &str) -> bool {
    document().get_element_by_id(id).is_some_and(|element| element.client_height() == 0)
}
