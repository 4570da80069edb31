//! Who the page is of.

use holdfast_domain::account::PageOf;
use leptos::prelude::*;

use crate::on_page::page_of;

/// Of `<html>`: the address, where there is one.
pub(crate) const EMAIL: &str = "data-email";

/// Who it is, as far as the page knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Who {
    /// The page does not run yet.
    #[default]
    Unknown,
    /// Nobody yet.
    Guest,
    /// Somebody, with this address; empty where the server could not say it.
    Account(String),
}

/// Who the page is of, for everything below.
#[derive(Clone, Copy)]
pub(crate) struct UseAccount(RwSignal<Who>);

impl UseAccount {
    /// Makes it known to the components below.
    pub(crate) fn provide() -> Self {
        let account = Self(RwSignal::default());
        provide_context(account);
        // The document carries what the server knows.
        Effect::new(move |_| {
            account.0.set(match page_of() {
                PageOf::Guest => Who::Guest,
                PageOf::Account(_) => {
                    let root = document().document_element();
                    Who::Account(
                        root.and_then(|root| root.get_attribute(EMAIL)).unwrap_or_default(),
                    )
                }
            });
        });
        account
    }

    /// That of this page.
    pub(crate) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    pub(crate) fn get(self) -> Who {
        self.0.get()
    }

    pub(crate) fn is_guest(self) -> bool {
        self.0.with(|who| *who == Who::Guest)
    }
}
