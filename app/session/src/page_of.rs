//! Whose page it is (TAB-7).

use holdfast_domain::account::PageOf;

/// Whose page it is: as the server `said`, else whose the last one on this device was. On the server: what it said.
#[must_use]
pub fn page_of(said: Option<PageOf>) -> PageOf {
    #[cfg(feature = "hydrate")]
    return crate::shell::page_of(said);
    #[cfg(not(feature = "hydrate"))]
    said.unwrap_or(PageOf::Guest)
}

/// Whose the page is that was loaded last on this device; another than this one's is to be loaded again. `None` where
/// that is not known.
#[must_use]
pub fn page_of_last() -> Option<PageOf> {
    #[cfg(feature = "hydrate")]
    return crate::shell::last();
    #[cfg(not(feature = "hydrate"))]
    None
}
