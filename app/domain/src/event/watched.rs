//! A session that somebody watches.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::EventCursor;
use crate::Error;
use crate::id::SessionId;

/// A session that is to be watched: its id and, where something of it was heard before, `@` and the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// The session.
    pub session: SessionId,
    /// What was heard before; `None`: only what happens from now on.
    pub heard: Option<EventCursor>,
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.session.fmt(f)?;
        self.heard.map_or(Ok(()), |heard| write!(f, "@{heard}"))
    }
}

impl FromStr for Watched {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once('@') {
            Some((session, heard)) => {
                Ok(Self { session: session.parse()?, heard: Some(heard.parse()?) })
            }
            None => Ok(Self { session: text.parse()?, heard: None }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_3_what_is_watched_is_read_as_it_was_written() {
        let id = "01900000-0000-7000-8000-000000000001";
        for text in [id.to_owned(), format!("{id}@3.9.000000ab")] {
            assert_eq!(text.parse::<Watched>().map(|watched| watched.to_string()), Ok(text));
        }
        assert_eq!("x".parse::<Watched>(), Err(Error::InvalidId));
        assert!(format!("{id}@").parse::<Watched>().is_err());
    }
}
