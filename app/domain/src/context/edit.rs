//! Editing texts.

use serde_json::Value;

use super::diff::smallest_edit;
use super::read::Found;
use super::schema::text_marker;
use super::write::{Origin, Step};
use super::{Context, Path, TextEdit, utf16};
use crate::Result;

impl Found {
    /// What a text here starts from.
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Value(Value::String(text)) => text,
            _ => "",
        }
    }
}

impl Context {
    /// Edits the text at `path`, which is created where there is none; a plain string there becomes
    /// a text with that content, any other value is replaced by a text. Returns the updates it made,
    /// none where nothing changed.
    ///
    /// # Errors
    /// `LimitExceeded`; `InvalidValue` for offsets beyond the text or inside a surrogate pair. Then
    /// nothing changed.
    pub fn edit_text(&mut self, path: &Path, edit: &TextEdit) -> Result<Vec<Vec<u8>>> {
        let found = self.find(path);
        utf16::range(found.text(), edit)?;
        let empty = edit.delete == 0 && edit.insert.is_empty();
        self.write_text(path, found, (!empty).then(|| edit.clone()))
    }

    /// Makes the text at `path` read `content` by the smallest edit; otherwise as
    /// [`Context::edit_text`].
    ///
    /// # Errors
    /// `LimitExceeded`; then nothing changed.
    pub fn set_text(&mut self, path: &Path, content: &str) -> Result<Vec<Vec<u8>>> {
        let found = self.find(path);
        let edit = smallest_edit(found.text(), content);
        self.write_text(path, found, edit)
    }

    fn write_text(
        &mut self,
        path: &Path,
        found: Found,
        edit: Option<TextEdit>,
    ) -> Result<Vec<Vec<u8>>> {
        let edit = edit.map(|edit| Step::Edit(path.clone(), edit));
        let mut steps = Vec::new();
        let mut updates = Vec::new();
        match found {
            // Typed into while it was deleted: now it is to stay, even without a character.
            Found::Text(_) if edit.is_some() => self.plan_marker(path, &mut steps),
            Found::Text(_) => {}
            Found::Value(Value::String(text)) => {
                let adding = edit.as_ref().map_or(0, Step::adds) + 2 * text.len();
                self.check_room(adding)?;
                // The characters of a conversion that was undone are still there.
                if self.characters(path) != text {
                    updates = self.seed(path, &text)?;
                    if updates.is_empty() {
                        self.plan_text(path, &text, &mut steps);
                    }
                }
                self.open_parents(path, &mut steps);
                steps.push(Step::Set(path.clone(), text_marker()));
            }
            _ => {
                self.remove_all(path, &mut steps);
                self.open_parents(path, &mut steps);
                steps.push(Step::Set(path.clone(), text_marker()));
            }
        }
        steps.extend(edit);
        updates.extend(self.commit(steps, Origin::Person)?);
        Ok(updates)
    }
}
