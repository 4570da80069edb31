//! What is typed before the program has taken over (CTX-8).

#[cfg(feature = "hydrate")]
mod early;
#[cfg(any(feature = "hydrate", test))]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
mod noted;
#[cfg(any(feature = "hydrate", test))]
mod reading;

use std::sync::LazyLock;

use holdfast_domain::account::PageOf;
use holdfast_domain::id::SessionId;

#[cfg(feature = "hydrate")]
pub(crate) use early::{APPLIED, Left, forget, take_over};
#[cfg(feature = "hydrate")]
pub(crate) use noted::Typed;

/// The profile of a device that has no other; a fixed name, so that two tabs that open first
/// agree and a cleared localStorage finds its IndexedDB again.
pub(crate) const FIRST_PROFILE: &str = "first";

/// Without what is for its readers only: it comes with every page.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("typed/early.js").lines().map(str::trim);
    lines.filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join("\n")
});

/// A script that keeps what is typed into every `input`, `textarea` and `select` with a `data-path`
/// until the session is read: it is applied as edits then, or by the next page where this one is left
/// before. To be put inline, and before every field, into the page that the server sends. `asked` is the
/// session that the page's address names, as in [`SessionOptions::session`](crate::SessionOptions), and `page_of` whose
/// page it is, as in [`SessionOptions::page_of`](crate::SessionOptions).
#[must_use]
pub fn early_script(asked: Option<SessionId>, page_of: Option<PageOf>) -> String {
    // Ids and one word: nothing that could end a string.
    let quoted =
        |word: Option<String>| word.map_or_else(|| "null".into(), |word| format!("\"{word}\""));
    let asked = quoted(asked.map(|asked| asked.to_string()));
    let page_of = quoted(page_of.map(|page_of| page_of.to_string()));
    format!("{}keepEarly({asked},{page_of},\"{FIRST_PROFILE}\");", *SCRIPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctx_8_the_script_of_early_typing_may_stand_in_a_document() {
        let asked = "019a0000-0000-7000-8000-000000000001";
        let guest = early_script(asked.parse().ok(), Some(PageOf::Guest));
        assert!(
            guest.ends_with(&format!("}}keepEarly(\"{asked}\",\"guest\",\"first\");")),
            "{guest}"
        );
        let script = early_script(None, None);
        assert!(script.ends_with("}keepEarly(null,null,\"first\");"), "{script}");
        // Neither would end it, and nothing is left of the comments.
        assert!(!script.contains("</") && !script.contains("<!--") && !script.contains("//"));
    }
}
