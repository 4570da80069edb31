//! What all routes share.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRef;
use holdfast_app::{Periods, Setup, ToMail};
use holdfast_backend::Backend;
use http::{HeaderMap, HeaderName};
use leptos::config::LeptosOptions;

use crate::Config;
use crate::config::MetricsFor;
use crate::http::{Budget, CookieForm, Peer, Rates, Site, SiteMissing};
use crate::mail::{self, MailError};

/// A backend and how it is served. Every layer of every request clones it, so it is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<Served>);

/// Why there is nothing to serve.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The page is missing.
    #[error(transparent)]
    Site(#[from] SiteMissing),
    /// Mail cannot be sent like this.
    #[error(transparent)]
    Mail(#[from] MailError),
}

/// What an [`AppState`] points at.
pub struct Served {
    pub(crate) backend: Backend,
    pub(crate) origin: Arc<str>,
    pub(crate) cookie: CookieForm,
    pub(crate) site: Arc<Site>,
    pub(crate) leptos: LeptosOptions,
    pub(crate) periods: Periods,
    pub(crate) setup: Setup,
    pub(crate) bodies: Budget,
    pub(crate) to_mail: ToMail,
    pub(crate) rates: Rates,
    pub(crate) metrics_for: MetricsFor,
    address_header: Option<HeaderName>,
    stopping: AtomicBool,
}

impl AppState {
    /// For [`router`](crate::router).
    ///
    /// # Errors
    /// The page was not built before the program was, or mail cannot be sent as it is configured.
    pub fn new(backend: Backend, config: &Config) -> Result<Self, StateError> {
        Ok(Self(Arc::new(Served {
            backend,
            origin: config.origin().into(),
            cookie: CookieForm::new(config.insecure_cookie),
            site: Arc::new(Site::find()?),
            leptos: LeptosOptions::builder().output_name("holdfast").build(),
            periods: Periods {
                autosave_seconds: config.autosave_interval_seconds,
                grace_days: config.grace_days,
            },
            setup: Setup { developer: config.dev_controls, insecure: config.insecure_cookie },
            bodies: Budget::default(),
            to_mail: ToMail(mail::sender(config)?),
            rates: Rates::new(config.api_calls_per_minute, config.entries_per_minute),
            metrics_for: config.metrics,
            address_header: config.address_header.parse().ok(),
            stopping: AtomicBool::default(),
        })))
    }

    /// Whose request it is, by address: as the proxy in front says, where there is one.
    pub(crate) fn address_of(&self, peer: Option<Peer>, headers: &HeaderMap) -> Option<IpAddr> {
        let said = self.address_header.as_ref();
        let said = said.and_then(|header| headers.get_all(header).iter().next_back());
        // What did not come through the proxy comes from where it says.
        let Some(said) = said else { return peer.map(|peer| peer.0.ip()) };
        let said = said.to_str().ok()?;
        // What is left of the last one the client may have written itself.
        said.rsplit(',').next()?.trim().parse().ok()
    }

    /// From now on `/readyz` sends requests elsewhere; those that come are still answered.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

impl Deref for AppState {
    type Target = Served;

    fn deref(&self) -> &Served {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
