//! How often something is done.

/// `bounded` in `make test`, `full` in `make soak`.
pub(crate) fn rounds(bounded: usize, full: usize) -> usize {
    if std::env::var("HOLDFAST_SOAK").is_ok_and(|soak| soak == "1") { full } else { bounded }
}
