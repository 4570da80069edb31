//! A browser that has visited: it holds a cookie and says where its requests come from.

use holdfast_domain::wire::{self, SaveRequest};
use reqwest::{Client, RequestBuilder, header, redirect};
use serde_json::Value;

use super::Answer;

/// Follows no redirect, keeps no cookie.
pub(crate) fn client() -> Client {
    Client::builder().redirect(redirect::Policy::none()).build().unwrap()
}

#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) http: Client,
    pub(crate) url: String,
    /// `name=value`
    pub(crate) cookie: String,
}

impl Guest {
    /// Opens the page for the first time.
    pub(crate) async fn visit(url: &str) -> Self {
        let http = client();
        let page = http.get(url).header(header::ACCEPT, "text/html").send().await.unwrap();
        assert_eq!(page.status(), 200);
        let set = page.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        Self { http, url: url.to_owned(), cookie }
    }

    /// The same browser after the server came back elsewhere.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// A call of a server function as our page makes it.
    pub(crate) fn request(&self, function: &str) -> RequestBuilder {
        self.http
            .post(format!("{}/fn/{function}", self.url))
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
    }

    pub(crate) async fn send(&self, function: &str, body: impl Into<reqwest::Body>) -> Answer {
        Answer::of(self.request(function).body(body).send().await.unwrap()).await
    }

    pub(crate) async fn call(&self, function: &str, arguments: &Value) -> Answer {
        let request = self.request(function).header(header::CONTENT_TYPE, "application/json");
        Answer::of(request.body(arguments.to_string()).send().await.unwrap()).await
    }

    /// A form as our page sends it.
    pub(crate) async fn form(&self, function: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.request(function).form(fields).send().await.unwrap()).await
    }

    /// A form that has to work; the browser has the cookie it was given after it.
    pub(crate) async fn go_on(&mut self, function: &str, fields: &[(&str, &str)]) {
        let answer = self.form(function, fields).await;
        assert_eq!(answer.status, 200, "{function}: {}", answer.text());
        let set = answer.header("set-cookie").to_owned();
        self.cookie = set.split(';').next().unwrap().to_owned();
        assert!(self.cookie.starts_with("__Host-holdfast="), "{set}");
    }

    /// `None` where nobody answers any more.
    pub(crate) async fn try_save(&self, request: &SaveRequest) -> Option<Answer> {
        let response = self.request("save_context").body(wire::seal(request)).send().await.ok()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.ok()?.to_vec();
        Some(Answer { status, headers, body })
    }

    pub(crate) async fn save(&self, request: &SaveRequest) -> Answer {
        self.try_save(request).await.unwrap()
    }
}
