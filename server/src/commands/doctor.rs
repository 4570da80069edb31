//! `holdfast doctor`: whether everything is as it should be, and what to do where it is not.

mod folder;
mod origin;

use std::sync::Arc;

use holdfast_backend::{Finding, SystemEnvironment, Verdict, examine};

use super::CommandError;
use crate::{Config, serve};

/// Looks at everything and changes nothing; what is printed, one line for each check.
///
/// # Errors
/// [`CommandError::Problems`], with the same lines.
pub fn doctor(config: &Config) -> Result<String, CommandError> {
    let mut found = vec![Finding::ok("configuration", format!("pages are at {}", config.origin()))];
    found.extend(folder::examine(&config.data_dir));
    let (key, of_key) = folder::examine_key(config);
    found.extend(of_key);
    found.extend(origin::examine(config));
    let url = config.database_url();
    let stored = serve::in_runtime(config, async {
        Ok::<_, CommandError>(examine(&url, key.as_ref(), Arc::new(SystemEnvironment)).await)
    })?;
    found.extend(stored);
    let text: String = found.iter().map(line).collect();
    match found.iter().any(|finding| finding.verdict == Verdict::Problem) {
        true => Err(CommandError::Problems(text)),
        false => Ok(text),
    }
}

fn line(finding: &Finding) -> String {
    let verdict = match finding.verdict {
        Verdict::Ok => "ok",
        Verdict::Warning => "warning",
        Verdict::Problem => "problem",
    };
    format!("{verdict:<8} {}: {}\n", finding.what, finding.says)
}
