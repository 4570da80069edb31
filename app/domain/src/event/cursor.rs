//! A place in the log of a session's events.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;
use crate::id::IncarnationId;

/// How far somebody has heard: `<event>.<context>.<incarnation>`, two whole numbers and eight hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCursor {
    /// The newest event.
    pub seq: i64,
    /// The newest version of the context.
    pub context: i64,
    /// The life of the database that counted them: the end of its id. Another one has counted anew.
    pub incarnation: u32,
}

impl EventCursor {
    /// The beginning of everything.
    pub fn start(incarnation: IncarnationId) -> Self {
        Self { seq: 0, context: 0, incarnation: end_of(incarnation) }
    }

    /// Whether it was counted by this life of the database.
    pub fn is_of(self, incarnation: IncarnationId) -> bool {
        self.incarnation == end_of(incarnation)
    }
}

/// The end of an id is random; it begins with the time.
fn end_of(incarnation: IncarnationId) -> u32 {
    let [.., a, b, c, d] = *incarnation.as_uuid().as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

impl fmt::Display for EventCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{:08x}", self.seq, self.context, self.incarnation)
    }
}

impl FromStr for EventCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let number = |text: &str| text.parse().ok().filter(|number: &i64| *number >= 0);
        let read = || {
            let mut parts = text.split('.');
            let (seq, context) = (number(parts.next()?)?, number(parts.next()?)?);
            let incarnation = parts.next().filter(|text| text.len() == 8)?;
            let incarnation = u32::from_str_radix(incarnation, 16).ok()?;
            parts.next().is_none().then_some(Self { seq, context, incarnation })
        };
        read().ok_or_else(|| Error::malformed("event cursor"))
    }
}

impl Serialize for EventCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EventCursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for EventCursor {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[0-9]{1,19}\\.[0-9]{1,19}\\.[0-9a-f]{8}$"))
            .description(Some("How far somebody has heard of a session's events."))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for EventCursor {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_3_a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
        let cursor = EventCursor { seq: 12, context: 57, incarnation: 0x0190_abcd };
        assert_eq!(cursor.to_string(), "12.57.0190abcd");
        assert_eq!("12.57.0190abcd".parse(), Ok(cursor));
        for wrong in
            ["", "12", "12.57", "12.57.190abcd", "-1.0.0190abcd", "1.0.0190abcd.", "1.0.0190abcg"]
        {
            assert!(wrong.parse::<EventCursor>().is_err(), "{wrong}");
        }
    }
}
