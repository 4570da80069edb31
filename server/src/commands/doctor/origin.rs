//! Whether browsers keep the cookie of the address that people open.

use holdfast_backend::Finding;

use crate::Config;
use crate::serve::cookies_lost;

const WHAT: &str = "cookie";

/// As a start warns of it.
pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let finding = if config.insecure_cookie {
        Finding::warning(
            WHAT,
            "insecure_cookie is on: whoever listens on the network acts as others",
        )
    } else if cookies_lost(config) {
        Finding::warning(
            WHAT,
            "browsers keep none of a plain HTTP address in the network: use HTTPS",
        )
    } else {
        Finding::ok(WHAT, "browsers keep it")
    };
    vec![finding]
}
