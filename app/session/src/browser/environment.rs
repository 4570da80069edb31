//! Time and randomness in a browser.

use holdfast_domain::Environment;

/// `Date.now()` and `crypto.getRandomValues()`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Browser;

impl Environment for Browser {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 are far below 2^53"
    )]
    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            // Every browser that runs WASM has it; without it ids still must not repeat.
            for byte in buffer {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "0 to 255 by construction"
                )]
                let random = (js_sys::Math::random() * 256.0) as u8;
                *byte = random;
            }
        }
    }
}
