//! How a server function fails: the project's error as JSON with its HTTP status, or no answer at all.

#[cfg(feature = "ssr")]
mod status;

use std::fmt;

use bytes::Bytes;
use holdfast_domain::Error;
use holdfast_domain::sync::TransportError;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use server_fn::{ContentType, Decodes, Encodes, Format, FormatType};

/// Why a call of a server function brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server said why: `{"code": "...", ...}` with [`Error::status`].
    Answered(Error),
    /// The network is not there, or the server is not.
    Unreachable,
    /// Something else than this server answered: a proxy, a captive portal.
    Unexpected,
}

impl Fault {
    /// An answer that could not be read: from a server of another build, or not from one at all.
    pub(crate) fn of_answer(error: Error) -> Self {
        match error {
            Error::UnsupportedVersion { .. } => Self::Answered(error),
            _ => Self::Unexpected,
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Answered(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Answered(error) => error,
            Fault::Unreachable | Fault::Unexpected => Self::Unavailable,
        }
    }
}

impl From<Fault> for TransportError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Answered(error) => {
                let retry_after_ms = match error {
                    Error::RateLimited { retry_after_ms } => Some(retry_after_ms),
                    _ => None,
                };
                Self::Refused { error, retry_after_ms }
            }
            Fault::Unreachable => Self::Unreachable,
            Fault::Unexpected => Self::UnexpectedAnswer,
        }
    }
}

impl FromServerFnError for Fault {
    type Encoder = Json;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            // On the server it is the request that could not be read, in the browser the answer.
            ServerFnErrorErr::Deserialization(told) if cfg!(feature = "ssr") => {
                Self::Answered(Told::parse(&told))
            }
            ServerFnErrorErr::Deserialization(told) => Self::of_answer(Told::parse(&told)),
            ServerFnErrorErr::Response(_) => Self::Unexpected,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::Answered(unreadable()),
            _ => Self::Answered(Error::Internal),
        }
    }

    /// Called once for each failure that the server answers, whoever found it: here it gets its status.
    fn ser(&self) -> Bytes {
        #[cfg(feature = "ssr")]
        status::set(self);
        Json::encode(self).unwrap_or_default()
    }
}

/// What is said of a request whose reading failed; the reader's own words would quote it.
fn unreadable() -> Error {
    Error::malformed("the request")
}

/// An error on its way through a library that passes texts only: its text is its JSON.
#[derive(Debug)]
pub struct Told(pub(crate) Error);

impl Told {
    fn parse(text: &str) -> Error {
        serde_json::from_str(text).unwrap_or_else(|_| unreadable())
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

/// The JSON form of an error.
pub struct Json;

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<Fault> for Json {
    type Error = serde_json::Error;

    fn encode(fault: &Fault) -> Result<Bytes, serde_json::Error> {
        serde_json::to_vec(&Error::from(fault.clone())).map(Bytes::from)
    }
}

impl Decodes<Fault> for Json {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<Fault, serde_json::Error> {
        serde_json::from_slice(&bytes).map(Fault::Answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctx_5_an_error_comes_back_as_it_was_said() {
        for error in [
            Error::NotFound,
            Error::UnsupportedVersion { got: 9, supported: 1 },
            Error::limit("context bytes", 10, 11),
        ] {
            let fault = Fault::Answered(error.clone());
            assert_eq!(Json::decode(Json::encode(&fault).unwrap()).unwrap(), fault);
            assert_eq!(Told::parse(&Told(error.clone()).to_string()), error);
        }
        assert_eq!(Told::parse("EOF at line 1"), unreadable());
        assert!(Json::decode(Bytes::from_static(b"<html>")).is_err());
    }
}
