//! The server's clock, which a test may move.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;

use crate::Config;

/// The system's time and randomness, plus what a file says.
pub(super) struct Clock {
    /// Only with the developer's controls.
    offset_file: Option<PathBuf>,
    offset_ms: AtomicI64,
}

impl Clock {
    pub(super) fn new(config: &Config) -> Self {
        let file = &config.clock_offset_file;
        let moved = config.dev_controls && !file.as_os_str().is_empty();
        Self { offset_file: moved.then(|| file.clone()), offset_ms: AtomicI64::new(0) }
    }

    /// Read each time, so that a test need not wait. While the file is being written it may be empty or
    /// half there: then the last number stands.
    fn offset_ms(&self) -> i64 {
        let Some(file) = &self.offset_file else { return 0 };
        let text = std::fs::read_to_string(file).unwrap_or_default();
        match text.trim().parse() {
            Ok(offset) => {
                self.offset_ms.store(offset, Ordering::Relaxed);
                offset
            }
            Err(_) => self.offset_ms.load(Ordering::Relaxed),
        }
    }
}

impl Environment for Clock {
    fn now_ms(&self) -> i64 {
        SystemEnvironment.now_ms().saturating_add(self.offset_ms())
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        SystemEnvironment.fill_random(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snap_1_a_file_moves_the_clock_while_the_server_runs() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let config = Config {
            dev_controls: true,
            clock_offset_file: file.path().to_owned(),
            ..Config::default()
        };
        let clock = Clock::new(&config);
        let offset = |clock: &Clock| (clock.now_ms() - SystemEnvironment.now_ms() + 500) / 1000;
        assert_eq!(offset(&clock), 0);
        std::fs::write(file.path(), "60000\n").unwrap();
        assert_eq!(offset(&clock), 60);
        std::fs::write(file.path(), "").unwrap();
        assert_eq!(offset(&clock), 60);
        let fixed = Clock::new(&Config { dev_controls: false, ..config });
        std::fs::write(file.path(), "60000").unwrap();
        assert_eq!(offset(&fixed), 0);
    }
}
