//! Settings that go together: what is right for a machine of one's own, and what for one that others use. A setting that
//! is said wins over its preset.

use serde::{Deserialize, Serialize};

use super::{Config, LogFormat};

/// Which defaults there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Those of the example file.
    #[default]
    None,
    /// For who works on Holdfast: more is logged, and there are controls for developers.
    Development,
    /// For who serves others: the log is for programs to read.
    Production,
}

impl Config {
    /// The defaults of a preset.
    pub(super) fn of(preset: Preset) -> Self {
        let config = Self { preset, ..Self::default() };
        match preset {
            Preset::None => config,
            Preset::Development => Self {
                log: "info,holdfast_server=debug,holdfast_backend=debug".into(),
                dev_controls: true,
                ..config
            },
            Preset::Production => Self { log_format: LogFormat::Json, ..config },
        }
    }
}
