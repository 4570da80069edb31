//! What people type: updates of real documents, made before anything is measured.

use holdfast_domain::Context;
use holdfast_domain::context::{Path, TextEdit};
use uuid::Uuid;

/// A text grows to this many characters; then the next one begins.
const TEXT: usize = 256 << 10;

/// Somebody who writes.
pub struct Author {
    context: Context,
    text: usize,
    written: usize,
}

impl Author {
    pub fn new() -> Self {
        let client =
            u64::from_le_bytes(Uuid::new_v4().as_bytes()[..8].try_into().unwrap_or_default());
        Self { context: Context::new(client), text: 0, written: 0 }
    }

    /// The update of so many characters at the end.
    pub fn write(&mut self, characters: usize) -> anyhow::Result<Vec<u8>> {
        if self.written + characters > TEXT {
            (self.text, self.written) = (self.text + 1, 0);
        }
        let path: Path = format!("/chapters/{}", self.text).parse()?;
        let insert = words(characters, self.text + self.written);
        let at = u32::try_from(self.written)?;
        let mut updates = self.context.edit_text(&path, &TextEdit { at, delete: 0, insert })?;
        self.written += characters;
        anyhow::ensure!(updates.len() == 1, "one edit is one update");
        Ok(updates.remove(0))
    }
}

/// Different words for each seed, of one byte a character.
fn words(characters: usize, seed: usize) -> String {
    let words = ["ferry", "Moskenes", "stove", "rain", "harbour", "tent", "ridge", "coffee", "map"];
    let mut text = String::with_capacity(characters + 16);
    let mut state = seed as u64;
    while text.len() < characters {
        // Knuth's multiplicative generator: https://en.wikipedia.org/wiki/Linear_congruential_generator
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push_str(words[(state >> 33) as usize % words.len()]);
        text.push(' ');
    }
    text.truncate(characters);
    text
}
