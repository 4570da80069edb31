//! Where settings come from.

use std::fmt;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};

use super::{Config, Problem};

/// What each setting is called in the environment, before its name in capitals.
const PREFIX: &str = "HOLDFAST_";
/// Says where the file is; not a setting itself.
const FILE: &str = "HOLDFAST_CONFIG";
/// The setting that says which defaults there are.
const PRESET: &str = "preset";
/// The file that is read when [`FILE`] does not say another.
const DEFAULT_FILE: &str = "holdfast.toml";

/// Why there is no configuration to start with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub Vec<Problem>);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The configuration cannot be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Unreadable {}

impl Config {
    /// Defaults, then the file, then the environment.
    ///
    /// # Errors
    /// Everything that is wrong with them, in words for the operator.
    pub fn load() -> Result<Self, Unreadable> {
        let file = std::env::var_os(FILE).map(PathBuf::from);
        if let Some(file) = file.as_deref().filter(|file| !file.is_file()) {
            let wanted = format!("there is no file {}", file.display());
            return Err(Unreadable(vec![Problem::new(FILE, wanted)]));
        }
        let file = file.unwrap_or_else(|| DEFAULT_FILE.into());
        Self::from_figment(&Self::sources(&file))
    }

    fn sources(file: &Path) -> Figment {
        let mut said = Figment::new();
        if file.is_file() {
            said = said.merge(Toml::file_exact(file));
        }
        let said = said
            // Tools set this one for every program; our own name wins.
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(Env::prefixed(PREFIX).filter(|name| !is_no_setting(name.as_str())));
        // One that cannot be read is told with the rest.
        let preset = said.extract_inner(PRESET).unwrap_or_default();
        Figment::from(Serialized::defaults(Self::of(preset))).merge(said)
    }

    pub(super) fn from_figment(figment: &Figment) -> Result<Self, Unreadable> {
        let config: Self = figment.extract().map_err(|error| {
            Unreadable(error.into_iter().map(|error| explain(&error)).collect())
        })?;
        match config.problems() {
            problems if problems.is_empty() => Ok(config),
            problems => Err(Unreadable(problems)),
        }
    }
}

/// Names that share the prefix but are said to the tests, say where the file is, or are the master key, which no
/// setting shows.
fn is_no_setting(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "config" | "master_key" | "seed" | "seeds" | "bin")
        || name.starts_with("test_")
}

fn explain(error: &figment::Error) -> Problem {
    use figment::error::Kind;
    let setting = match error.path.is_empty() {
        true => "configuration".to_owned(),
        false => error.path.join("."),
    };
    let place = match error.metadata.as_ref().and_then(|metadata| metadata.source.as_ref()) {
        Some(figment::Source::File(file)) => format!(" (in {})", file.display()),
        _ => String::new(),
    };
    match &error.kind {
        Kind::UnknownField(name, _) => {
            Problem::new(name, format!("there is no such setting{place}"))
        }
        // Serde's words name what was found and what was wanted; these addresses can hold a password.
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted)
            if matches!(setting.as_str(), "database_url" | "smtp_url") =>
        {
            Problem::new(&setting, format!("{wanted}{place}"))
        }
        kind => Problem::new(&setting, format!("{kind}{place}")),
    }
}

#[cfg(test)]
// Figment's error is large, and its `Jail` wants closures that return it.
#[allow(clippy::result_large_err)]
mod tests {
    use figment::Jail;

    use super::*;
    use crate::config::LogFormat;

    /// The words of a refused configuration.
    fn refused() -> String {
        Config::load().unwrap_err().to_string()
    }

    #[test]
    fn ops_1_defaults_are_enough_to_start() {
        Jail::expect_with(|_| {
            let config = Config::load().unwrap();
            assert_eq!(config, Config::default());
            assert_eq!(config.origin(), "http://127.0.0.1:3000");
            let everywhere = Config { addr: ([0, 0, 0, 0], 80).into(), ..config.clone() };
            assert_eq!(everywhere.origin(), "http://127.0.0.1:80");
            assert_eq!(config.database_url(), "sqlite:data/holdfast.db");
            assert_eq!(config.master_key_file(), Path::new("data/master.key"));
            Ok(())
        });
    }

    #[test]
    fn ops_1_the_environment_wins_over_the_file_and_the_file_over_the_default() {
        Jail::expect_with(|jail| {
            jail.create_file("holdfast.toml", "snapshot_days = 7\nlog = \"warn\"\n")?;
            jail.set_env("HOLDFAST_LOG", "debug");
            jail.set_env("DATABASE_URL", "postgres://localhost/one");
            let config = Config::load().unwrap();
            assert_eq!((config.snapshot_days, config.log.as_str()), (7, "debug"));
            assert_eq!(config.database_url(), "postgres://localhost/one");
            jail.set_env("HOLDFAST_DATABASE_URL", "sqlite:two.db");
            assert_eq!(Config::load().unwrap().database_url(), "sqlite:two.db");
            Ok(())
        });
    }

    #[test]
    fn ops_1_each_wrong_setting_is_named_with_what_is_wanted() {
        for (name, value, words) in [
            ("HOLDFAST_ADDR", "here", ["addr", "invalid"]),
            ("HOLDFAST_AUTOSAVE_INTERVAL_SECONDS", "4", ["autosave_interval_seconds", "5 to 600"]),
            ("HOLDFAST_AUTOSAVE_INTERVAL_SECONDS", "601", ["autosave_interval_seconds", "not 601"]),
            ("HOLDFAST_SNAPSHOT_DAYS", "soon", ["snapshot_days", "u32"]),
            ("HOLDFAST_SNAPSHOT_DAYS", "0", ["snapshot_days", "1 to 3650"]),
            ("HOLDFAST_DEV_CONTROLS", "perhaps", ["dev_controls", "bool"]),
            ("HOLDFAST_ORIGIN", "https://notes.example.org/app", ["origin", "without a path"]),
            ("HOLDFAST_ORIGIN", "notes.example.org", ["origin", "scheme"]),
            ("HOLDFAST_DATABASE_URL", "mysql://me:secret@host/x", ["database_url", "sqlite:PATH"]),
            ("HOLDFAST_CLOCK_OFFSET_FILE", "offset", ["clock_offset_file", "dev_controls"]),
            ("HOLDFAST_LOG_FORMAT", "xml", ["log_format", "json"]),
            ("HOLDFAST_SNAPSHOT_DAY", "3", ["snapshot_day", "no such setting"]),
            ("HOLDFAST_CONFIG", "missing.toml", ["HOLDFAST_CONFIG", "missing.toml"]),
        ] {
            Jail::expect_with(|jail| {
                jail.set_env(name, value);
                let refused = refused();
                for word in words {
                    assert!(refused.contains(word), "{name}={value}: {refused}");
                }
                assert!(!refused.contains("secret"), "{refused}");
                Ok(())
            });
        }
    }

    #[test]
    fn ops_1_a_preset_is_what_is_not_said() {
        Jail::expect_with(|jail| {
            jail.set_env("HOLDFAST_PRESET", "production");
            assert_eq!(Config::load().unwrap().log_format, LogFormat::Json);
            jail.create_file("holdfast.toml", "log_format = \"text\"\nlog = \"warn\"\n")?;
            assert_eq!(Config::load().unwrap().log_format, LogFormat::Text);
            // Of a machine that others use nothing is opened by mistake.
            jail.set_env("HOLDFAST_DEV_CONTROLS", "true");
            jail.set_env("HOLDFAST_INSECURE_COOKIE", "true");
            let refused = refused();
            assert!(refused.contains("dev_controls") && refused.contains("insecure_cookie"));
            jail.set_env("HOLDFAST_PRESET", "development");
            jail.set_env("HOLDFAST_DEV_CONTROLS", "false");
            let config = Config::load().unwrap();
            assert_eq!((config.dev_controls, config.log.as_str()), (false, "warn"));
            jail.set_env("HOLDFAST_PRESET", "fast");
            assert!(self::refused().contains("preset"));
            Ok(())
        });
    }

    #[test]
    fn ops_1_an_unknown_key_and_a_broken_file_are_named() {
        Jail::expect_with(|jail| {
            jail.create_file("holdfast.toml", "snapshots_days = 7\n")?;
            assert!(refused().contains("snapshots_days: there is no such setting"));
            jail.create_file("holdfast.toml", "snapshot_days = \n")?;
            assert!(refused().contains("holdfast.toml"), "{}", refused());
            Ok(())
        });
    }

    #[test]
    fn ops_1_every_wrong_range_is_told_at_once() {
        Jail::expect_with(|jail| {
            jail.set_env("HOLDFAST_SNAPSHOT_DAYS", "0");
            jail.set_env("HOLDFAST_SHUTDOWN_SECONDS", "0");
            assert_eq!(Config::load().unwrap_err().0.len(), 2);
            Ok(())
        });
    }
}
