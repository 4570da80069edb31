//! Updates that no honest client writes, byte by byte (Yjs encoding version 1).

/// One client's structs and no deletions.
pub(crate) struct RawUpdate {
    /// Of the first struct.
    clock: usize,
    /// Structs up to its end.
    structs: usize,
    body: Vec<u8>,
}

const CLIENT: u64 = 77;

impl RawUpdate {
    pub(crate) fn new() -> Self {
        Self::after(0)
    }

    /// A value under a key of the root map.
    pub(crate) fn value(self, any: &[u8]) -> Self {
        self.value_at("/bomb", any)
    }

    pub(crate) fn value_at(mut self, path: &str, any: &[u8]) -> Self {
        self.structs += 1;
        self.body.push(0x20 | 8);
        self.root("context");
        self.string(path);
        self.body.push(1);
        self.body.extend_from_slice(any);
        self
    }

    /// A text of one character.
    pub(crate) fn text(mut self, path: &str) -> Self {
        self.structs += 1;
        self.body.push(4);
        self.root(&format!("text:{path}"));
        self.string("x");
        self
    }

    /// A map inside the map that the struct before made, or inside the root.
    pub(crate) fn nested_map(mut self) -> Self {
        self.body.push(0x20 | 7);
        match self.structs.checked_sub(1) {
            None => self.root("context"),
            Some(parent) => {
                self.body.push(0);
                write_var(&mut self.body, CLIENT);
                write_var(&mut self.body, parent as u64);
            }
        }
        self.string("/a");
        self.body.push(1);
        self.structs += 1;
        self
    }

    pub(crate) fn encode(self) -> Vec<u8> {
        let mut update = vec![1];
        write_var(&mut update, (self.structs - self.clock) as u64);
        write_var(&mut update, CLIENT);
        write_var(&mut update, self.clock as u64);
        update.extend(self.body);
        update.push(0);
        update
    }

    /// An update of its own that goes on after `structs` structs.
    pub(crate) fn after(structs: usize) -> Self {
        Self { clock: structs, structs, body: Vec::new() }
    }

    fn root(&mut self, name: &str) {
        self.body.push(1);
        self.string(name);
    }

    fn string(&mut self, text: &str) {
        write_var(&mut self.body, text.len() as u64);
        self.body.extend_from_slice(text.as_bytes());
    }
}

/// A number as Yjs writes it: seven bits a byte, the lowest first.
pub(crate) fn write_var(bytes: &mut Vec<u8>, mut value: u64) {
    let low = |value: u64| u8::try_from(value & 127).unwrap();
    while value > 127 {
        bytes.push(low(value) | 128);
        value >>= 7;
    }
    bytes.push(low(value));
}
