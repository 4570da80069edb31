//! Where something stands in a context: a JSON pointer (RFC 6901) of object keys.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::{Error, Result};

/// A non-empty JSON pointer of object keys, for example `/trip/budget`. Also the key under which the
/// document's root map holds the value, and, after `text:`, the name of a text's root type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(String);

impl Path {
    /// From keys, outermost first.
    ///
    /// # Errors
    /// `LimitExceeded` for a key over 256 bytes or more than 64 levels; `InvalidValue` for none.
    pub fn from_keys<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut path = String::new();
        let mut levels = 0;
        for key in keys {
            if key.len() > limits::KEY_BYTES {
                return Err(Error::limit("key bytes", limits::KEY_BYTES, key.len()));
            }
            levels += 1;
            path.push('/');
            path.push_str(&key.replace('~', "~0").replace('/', "~1"));
        }
        if levels > limits::NESTING_LEVELS {
            return Err(Error::limit("nesting levels", limits::NESTING_LEVELS, levels));
        }
        if path.is_empty() {
            return Err(Error::InvalidValue {
                field: "path".into(),
                reason: "A path names at least one key.".into(),
            });
        }
        Ok(Self(path))
    }

    /// The keys, outermost first, unescaped.
    pub fn keys(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~"))
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the enclosing object; `None` at the top.
    pub fn parent(&self) -> Option<Self> {
        match self.0.rsplit_once('/') {
            Some(("", _)) | None => None,
            Some((parent, _)) => Some(Self(parent.into())),
        }
    }

    /// The enclosing objects, innermost first.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), Self::parent)
    }

    /// The path of `key` in the object here.
    ///
    /// # Errors
    /// `LimitExceeded` for a key over 256 bytes or more than 64 levels.
    pub fn join(&self, key: &str) -> Result<Self> {
        let levels = self.0.matches('/').count() + 1;
        if levels > limits::NESTING_LEVELS {
            return Err(Error::limit("nesting levels", limits::NESTING_LEVELS, levels));
        }
        let Self(mut path) = Self::from_keys([key])?;
        path.insert_str(0, &self.0);
        Ok(Self(path))
    }

    /// Whether `other` stands somewhere below this path.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl Borrow<str> for Path {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for Path {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let invalid =
            |reason: &str| Error::InvalidValue { field: "path".into(), reason: reason.into() };
        let Some(rest) = text.strip_prefix('/') else {
            return Err(invalid("A path starts with a slash."));
        };
        for key in rest.split('/') {
            let mut tildes = key.split('~').skip(1);
            if !tildes.all(|after| after.starts_with('0') || after.starts_with('1')) {
                return Err(invalid("In a path, ~ is written ~0 and / is written ~1."));
            }
        }
        let keys: Vec<String> = Self(text.into()).keys().collect();
        Self::from_keys(keys.iter().map(String::as_str))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({})", self.0)
    }
}
