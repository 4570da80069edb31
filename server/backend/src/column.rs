//! Reading columns of a row.

use std::str::FromStr;

use holdfast_domain::{Error, Result};
use sqlx::any::AnyRow;
use sqlx::{Any, Decode, Row, Type};

use crate::database::failure;

/// The value of a column.
pub(crate) fn column<'r, T>(row: &'r AnyRow, name: &str) -> Result<T>
where
    T: Decode<'r, Any> + Type<Any>,
{
    row.try_get(name).map_err(failure)
}

/// An id in a column.
pub(crate) fn id<T: FromStr>(row: &AnyRow, name: &str) -> Result<T> {
    column::<String>(row, name)?.parse().map_err(|_| Error::Damaged)
}

/// A word of an enumeration, as serde writes it.
pub(crate) fn word<T: serde::de::DeserializeOwned>(row: &AnyRow, name: &str) -> Result<T> {
    let word = serde_json::Value::String(column(row, name)?);
    serde_json::from_value(word).map_err(|_| Error::Damaged)
}

/// As [`word`], where there may be none.
pub(crate) fn optional_word<T: serde::de::DeserializeOwned>(
    row: &AnyRow,
    name: &str,
) -> Result<Option<T>> {
    match column::<Option<String>>(row, name)? {
        Some(_) => word(row, name).map(Some),
        None => Ok(None),
    }
}

/// The word under which [`word`] reads it again.
pub(crate) fn to_word<T: serde::Serialize>(value: T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Error::Internal),
    }
}
