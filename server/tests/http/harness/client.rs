//! A program that calls the HTTP API.

use reqwest::{Client as Http, Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Answer, Server, client};
use crate::accounts::PASSWORD;

#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) http: Http,
    pub(crate) url: String,
    /// What it sends as `Authorization`; empty: nothing.
    pub(crate) authorization: String,
    pub(crate) refresh_token: String,
}

impl Client {
    /// One that is nobody.
    pub(crate) fn nobody(server: &Server) -> Self {
        Self::of(&server.url)
    }

    fn of(url: &str) -> Self {
        let (authorization, refresh_token) = <(String, String)>::default();
        Self { http: client(), url: url.to_owned(), authorization, refresh_token }
    }

    /// The same program after the server came back elsewhere.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// One with an account of its own.
    pub(crate) async fn register(server: &Server, email: &str) -> Self {
        Self::register_at(&server.url, email).await
    }

    pub(crate) async fn register_at(url: &str, email: &str) -> Self {
        let body = json!({"email": email, "password": PASSWORD});
        let mut client = Self::of(url);
        let answer = client.post("/api/accounts", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        client.take(&answer);
        client
    }

    /// Goes on with the tokens of an answer.
    pub(crate) fn take(&mut self, answer: &Answer) {
        let tokens: Value = serde_json::from_slice(&answer.body).unwrap();
        self.authorization = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        self.refresh_token = tokens["refresh_token"].as_str().unwrap().into();
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}{path}", self.url));
        match self.authorization.as_str() {
            "" => request,
            token => request.header("authorization", token),
        }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        Answer::of(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    /// A session of its own; its id.
    pub(crate) async fn session(&self, name: &str) -> String {
        let answer = self.post("/api/sessions", &json!({"name": name})).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let session: Value = serde_json::from_slice(&answer.body).unwrap();
        session["id"].as_str().unwrap().into()
    }
}
