//! The encoding of `save_context` and `load_context`: the wire envelope of `holdfast-domain`, as it is.
//!
//! So the browser's keepalive request, and any other client, sends the same bytes to the same address.

use bytes::Bytes;
use holdfast_domain::wire;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::codec::Post;
use server_fn::{ContentType, Decodes, Encodes, Format, FormatType};

use crate::fault::Told;

/// `POST` with an envelope both ways.
pub type Envelope = Post<Sealed>;

/// The envelope's bytes.
pub struct Sealed;

impl ContentType for Sealed {
    const CONTENT_TYPE: &'static str = "application/octet-stream";
}

impl FormatType for Sealed {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T: Serialize> Encodes<T> for Sealed {
    type Error = Told;

    fn encode(value: &T) -> Result<Bytes, Told> {
        Ok(wire::seal(value).into())
    }
}

impl<T: DeserializeOwned> Decodes<T> for Sealed {
    type Error = Told;

    fn decode(bytes: Bytes) -> Result<T, Told> {
        wire::open(&bytes).map_err(Told)
    }
}
