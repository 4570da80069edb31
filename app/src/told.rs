//! What the server writes into the document for the page to know.

use std::str::FromStr;

use leptos::prelude::*;

/// The value of an attribute of `<html>`: the server knows it from the context `C`, the browser reads what the server
/// wrote.
pub(crate) fn told<C, T>(attribute: &str, of: fn(&C) -> T) -> Option<T>
where
    C: Clone + 'static,
    T: FromStr,
{
    if cfg!(feature = "hydrate") {
        let root = document().document_element();
        root.and_then(|root| root.get_attribute(attribute)?.parse().ok())
    } else {
        use_context::<C>().as_ref().map(of)
    }
}
