//! The example file, written from the settings themselves so that the two cannot part.

use super::Config;

/// A comment for each setting, in the order of the file.
const COMMENTS: &[(&str, &str)] = &[
    (
        "preset",
        "Defaults that go together, for what is not said below: \"none\", \"development\" (dev_controls, and more\n\
         is logged) or \"production\" (log_format \"json\"; dev_controls and insecure_cookie are refused).",
    ),
    ("addr", "Where to listen, address and port."),
    (
        "origin",
        "The address people open, scheme and host, as in \"https://notes.example.org\".\n\
         Empty: http:// and addr.",
    ),
    ("data_dir", "Where everything is kept that is not in the database. Made where it is missing."),
    (
        "database_url",
        "\"sqlite:PATH\" or \"postgres://...\". Empty: holdfast.db in data_dir.\n\
         The environment may also say it as DATABASE_URL.",
    ),
    (
        "master_key_file",
        "The file with the master key; made by the first start. Keep a copy elsewhere: without it\n\
         nothing that people wrote can be read. Empty: master.key in data_dir. Instead of the file the\n\
         environment may say the key itself, 64 hexadecimal digits, as HOLDFAST_MASTER_KEY.",
    ),
    ("log", "What is logged, as in \"info,holdfast_backend=debug\"."),
    ("log_format", "\"text\" or \"json\"."),
    (
        "autosave_interval_seconds",
        "How often a page saves what the server has not acknowledged, 5 to 600 seconds.",
    ),
    ("snapshot_days", "How long a snapshot is kept unless it is pinned, 1 to 3650 days."),
    ("reset_link_hours", "Hours for which a link to set a new password works, 1 to 168."),
    (
        "smtp_url",
        "The mail server, as in \"smtps://user:password@mail.example.org\". Empty: no mail is sent, and\n\
         links to set a new password are made by the operator.",
    ),
    ("mail_from", "Who mail comes from, as in \"Holdfast <holdfast@example.org>\"."),
    ("abandon_hours", "After how many hours without a person a session is abandoned, 1 to 8760."),
    ("archive_days", "After how many days an abandoned session is archived, 1 to 3650."),
    (
        "grace_days",
        "For how many days a deleted session can be brought back, and a deleted account be kept, 1 to\n\
         3650. Then they are destroyed.",
    ),
    (
        "empty_guest_days",
        "After how many days a guest who has nothing, and whom nobody used since, is forgotten, 1 to 3650.",
    ),
    (
        "job_file_hours",
        "For how many hours each file that a scan found can be read when the scan has ended, 1 to 8760.",
    ),
    ("job_days", "After how many days a job that has ended is removed, 1 to 3650."),
    ("event_days", "For how many days it can be read again what happened in a session, 1 to 3650."),
    (
        "streams_per_account",
        "How many streams of events one account may have open at the same time, 1 to 1000000. A browser\n\
         has one.",
    ),
    (
        "locations",
        "Folders of this machine that people may scan, copy from and copy to, as in\n\
         [{ name = \"photos\", folder = \"/srv/photos\", writable = true, accounts = [\"ada@example.org\"] }].\n\
         Without accounts everybody may, guests too; without writable nothing is written there.",
    ),
    ("sample_location", "Whether there is one with a few files to try it with, in data_dir."),
    ("running_jobs", "How many jobs this server works on at the same time, 1 to 10000."),
    (
        "running_jobs_per_account",
        "How many jobs of one account all servers together work on at the same time, 1 to 10000.",
    ),
    (
        "live_jobs_per_account",
        "How many jobs of one account may be live - waiting, running or paused -, 1 to 1000000.",
    ),
    (
        "new_sessions_per_hour",
        "How many sessions one account, and how many guests one address, may make in an hour, 1 to 1000000.",
    ),
    (
        "metrics",
        "Who may read what is counted, at /metrics: \"nobody\", \"loopback\" (programs on this machine) or\n\
         \"everybody\" (where a proxy in front decides).",
    ),
    (
        "api_calls_per_minute",
        "How often one address, and one sign-in, may call the HTTP API, 1 to 1000000 times a minute.",
    ),
    (
        "entries_per_minute",
        "How often one address may try to sign in, register or set a password, 1 to 1000000 times a\n\
         minute. Wrong passwords in a row make the next try wait by themselves.",
    ),
    (
        "address_header",
        "The header in which a proxy says where a request comes from, as in \"x-forwarded-for\"; the last\n\
         address in it counts. Empty: there is no proxy. Anybody can send one: set it only behind a proxy\n\
         that writes it.",
    ),
    (
        "shutdown_seconds",
        "How long a shutdown may take to finish what is being saved, 1 to 600 seconds.",
    ),
    (
        "insecure_cookie",
        "Cookies over plain HTTP on other than loopback addresses: whoever listens on the network\n\
         can read them and act as the person.",
    ),
    ("dev_controls", "Controls for developers: move the clock."),
    (
        "clock_offset_file",
        "With dev_controls: a file with the milliseconds by which the server's clock is moved.",
    ),
];

/// `holdfast.example.toml`: every setting with its default, commented out.
pub fn example() -> String {
    let mut text = String::from(
        "# Every setting of Holdfast with its default. Copy to holdfast.toml (or name the file in\n\
         # HOLDFAST_CONFIG) and uncomment what you change. The environment wins over the file:\n\
         # HOLDFAST_ and the name in capitals, for example HOLDFAST_DATA_DIR.\n",
    );
    // Plain values of a flat struct: there is nothing in it that could fail to serialise.
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    for (name, comment) in COMMENTS {
        text.push('\n');
        for line in comment.lines() {
            text.push_str(&format!("# {line}\n"));
        }
        // Strings, whole numbers and booleans look the same in TOML as in JSON.
        text.push_str(&format!("#{name} = {}\n", defaults.get(name).unwrap_or_default()));
    }
    text
}

#[cfg(test)]
mod tests {
    use figment::providers::{Format, Toml};
    use figment::{Figment, providers::Serialized};

    use super::*;

    #[test]
    fn ops_1_the_example_file_is_what_the_code_says() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../holdfast.example.toml");
        let written = std::fs::read_to_string(file).unwrap_or_default();
        assert_eq!(written, example(), "write it again: holdfast example-config");
    }

    #[test]
    fn ops_1_the_example_names_every_setting_and_uncommented_changes_nothing() {
        let settings = serde_json::to_value(Config::default()).unwrap();
        let mut names: Vec<&str> =
            settings.as_object().unwrap().keys().map(String::as_str).collect();
        let mut commented: Vec<&str> = COMMENTS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        commented.sort_unstable();
        assert_eq!(commented, names);

        let uncommented: String = example()
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
                _ => String::new(),
            })
            .collect();
        let figment = Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::string(&uncommented));
        assert_eq!(Config::from_figment(&figment).unwrap(), Config::default());
    }
}
