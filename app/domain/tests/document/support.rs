//! What several tests of the document need.

use holdfast_domain::context::{Context, Path};
use holdfast_domain::error::Error;
use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::scan::scan;
use yrs::encoding::write::Write;
use yrs::{Any, Doc, Map, ReadTxn, StateVector, Transact};

/// Updates in the order in which they were made.
pub(crate) type Updates = Vec<Vec<u8>>;

pub(crate) fn path(text: &str) -> Path {
    text.parse().unwrap()
}

pub(crate) fn replica(client: u64) -> Context {
    Context::new(client)
}

/// Lets each tell each other what it has; then all read the same.
pub(crate) fn sync(replicas: &mut [&mut Context]) {
    for _ in 0..2 {
        for from in 0..replicas.len() {
            for to in 0..replicas.len() {
                let update = replicas[from].difference(&replicas[to].state_vector()).unwrap();
                replicas[to].apply(&update).unwrap();
            }
        }
    }
    for pair in replicas.windows(2) {
        assert_eq!(pair[0].to_json(), pair[1].to_json());
        assert_eq!(pair[0].entries(), pair[1].entries());
        assert_eq!(pair[0].state_vector(), pair[1].state_vector());
    }
}

/// What a client that speaks Yjs makes when it sets one key of the root map.
pub(crate) fn foreign_map(client: u64, key: &str, value: impl Into<Any>) -> Vec<u8> {
    let doc = Doc::with_client_id(client);
    let map = doc.get_or_insert_map("context");
    let mut txn = doc.transact_mut();
    map.insert(&mut txn, key, value.into());
    txn.encode_update_v1()
}

/// The whole of a Yjs document as an update.
pub(crate) fn encode(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

/// Why an update is refused, by the scanner and by a context, which stays as it was.
pub(crate) fn refused(update: &[u8]) -> Error {
    let mut context = replica(1);
    let error = context.apply(update).unwrap_err();
    assert_eq!(scan(update, CONTEXT_BYTES).unwrap_err(), error);
    assert_eq!(context.encode(), [0, 0]);
    error
}

/// Writes an update by hand.
#[derive(Default)]
pub(crate) struct Bytes(Vec<u8>);

pub(crate) fn bytes() -> Bytes {
    Bytes::default()
}

impl Bytes {
    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Variable-length integers.
    pub(crate) fn numbers(mut self, numbers: &[u64]) -> Self {
        numbers.iter().for_each(|number| self.0.write_var(*number));
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.write_string(text);
        self
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
}
