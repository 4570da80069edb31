//! Paths inside a location: names with `/` between them, never out of it.

use holdfast_domain::{Error, Result};

/// As file systems have it.
const PATH_BYTES: usize = 4096;

/// The path as it is kept: without slashes around it.
///
/// # Errors
/// `InvalidValue` of `path`.
pub(crate) fn check_path(path: &str) -> Result<String> {
    let path = path.trim_matches('/');
    let wrong = |name: &str| matches!(name, "" | "." | "..") || name.contains('\0');
    if path.len() > PATH_BYTES || !path.is_empty() && path.split('/').any(wrong) {
        let reason = "Names of folders with / between them.".into();
        return Err(Error::InvalidValue { field: "path".into(), reason });
    }
    Ok(path.to_owned())
}

/// A name in a folder.
pub(crate) fn joined(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_7_a_path_stays_in_its_location() {
        for (given, kept) in [("", ""), ("/", ""), ("a", "a"), ("/a/b c/", "a/b c"), ("..a", "..a")]
        {
            assert_eq!(check_path(given).as_deref(), Ok(kept));
        }
        for wrong in ["..", "a/..", "../a", "a//b", "./a", "a/./b", "a\0b"] {
            assert!(check_path(wrong).is_err(), "{wrong:?}");
        }
        assert!(check_path(&"a/".repeat(3_000)).is_err());
        assert_eq!((joined("", "a"), joined("a", "b")), ("a".into(), "a/b".into()));
    }
}
