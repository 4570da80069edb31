//! A kind as an entry tells it: perhaps one that only a newer build knows.

use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use serde::{Deserialize, Serialize};

use super::AuditKind;

/// What happened, on its way to a reader that may be older than the one who wrote it. A word in every format, so that
/// one that is not known does not make the whole list unreadable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum ToldKind {
    /// One that this build knows.
    Known(AuditKind),
    /// The word of another one.
    Unknown(String),
}

impl ToldKind {
    /// The kind, where this build knows it.
    pub fn known(&self) -> Option<AuditKind> {
        match self {
            Self::Known(kind) => Some(*kind),
            Self::Unknown(_) => None,
        }
    }
}

impl From<String> for ToldKind {
    fn from(word: String) -> Self {
        let letters: StrDeserializer<'_, serde::de::value::Error> =
            word.as_str().into_deserializer();
        AuditKind::deserialize(letters).map_or(Self::Unknown(word), Self::Known)
    }
}

impl From<ToldKind> for String {
    fn from(kind: ToldKind) -> Self {
        match kind {
            ToldKind::Known(kind) => match serde_json::to_value(kind) {
                Ok(serde_json::Value::String(word)) => word,
                // A kind is a unit variant, which is always a word.
                _ => Self::new(),
            },
            ToldKind::Unknown(word) => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AuditEntry;

    const LIST: &str = r#"[
        {"seq":2,"at_ms":20,"kind":"moved_to_the_moon","session":null,"detail":"x"},
        {"seq":1,"at_ms":10,"kind":"sign_in_failed","session":null,"detail":""}
    ]"#;

    #[test]
    fn sec_7_a_kind_of_a_newer_build_leaves_the_list_readable_and_keeps_its_word() {
        let entries: Vec<AuditEntry> = serde_json::from_str(LIST).unwrap();
        assert_eq!(entries[0].kind, ToldKind::Unknown("moved_to_the_moon".into()));
        assert_eq!(entries[1].kind.known(), Some(AuditKind::SignInFailed));
        let again = serde_json::to_value(&entries).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(LIST).unwrap());
        let bytes = postcard::to_allocvec(&entries).unwrap();
        assert_eq!(postcard::from_bytes::<Vec<AuditEntry>>(&bytes).unwrap(), entries);
    }
}
