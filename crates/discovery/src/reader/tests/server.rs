//! A real HTTP server on this machine that answers what a test tells it to and remembers what it was asked.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};

use super::harness::permissive;
use crate::{AllowedHost, ReaderSettings};

#[derive(Clone, Default)]
pub(super) struct Server {
    address: Option<SocketAddr>,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    requests: Arc<Mutex<Vec<(String, HeaderMap)>>>,
}

#[derive(Clone)]
pub(super) enum Answer {
    Text(String),
    /// A text with this ETag; asked with it, 304.
    Tagged(String, &'static str),
    Redirect(String),
    Status(u16),
    /// A body that has no end.
    Endless,
    /// Never answers.
    Silence,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: Some(listener.local_addr().unwrap()), ..Self::default() };
        let app = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        server
    }

    /// Answers requests for this path, with its query.
    pub(super) fn on(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    pub(super) fn text(&self, path: &str, text: impl Into<String>) {
        self.on(path, Answer::Text(text.into()));
    }

    pub(super) fn host(&self) -> String {
        self.address.unwrap().to_string()
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }

    /// Returns the paths asked for since the last time.
    pub(super) fn asked(&self) -> Vec<String> {
        self.take_requests().into_iter().map(|(path, _)| path).collect()
    }

    pub(super) fn take_requests(&self) -> Vec<(String, HeaderMap)> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// Returns settings that let this server be read.
    pub(super) fn settings(&self) -> ReaderSettings {
        ReaderSettings {
            allow: vec![AllowedHost { host: self.host(), paths: Vec::new() }],
            private_hosts: vec![self.host()],
            ..permissive()
        }
    }
}

async fn answer(State(server): State<Server>, request: Request) -> Response {
    let path = request.uri().path_and_query().unwrap().to_string();
    server.requests.lock().unwrap().push((path.clone(), request.headers().clone()));
    let answer = server.answers.lock().unwrap().get(&path).cloned();
    match answer {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(Answer::Text(text)) => text.into_response(),
        Some(Answer::Tagged(_, tag)) if request.headers().get("if-none-match").is_some_and(|sent| sent == tag) => {
            StatusCode::NOT_MODIFIED.into_response()
        }
        Some(Answer::Tagged(text, tag)) => ([("etag", tag)], text).into_response(),
        Some(Answer::Redirect(to)) => (StatusCode::FOUND, [("location", to)]).into_response(),
        Some(Answer::Status(status)) => StatusCode::from_u16(status).unwrap().into_response(),
        Some(Answer::Endless) => {
            let chunk = || Ok::<_, std::io::Error>(vec![b'#'; 64 << 10]);
            Body::from_stream(futures::stream::repeat_with(chunk)).into_response()
        }
        Some(Answer::Silence) => std::future::pending().await,
    }
}
