//! A real HTTP server on this machine that takes events, answers as a test tells it to, and shows what it was sent.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc};

/// How long something that must come is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How to answer.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// With this status.
    Status(u16),
    /// With this status, headers and body.
    With(u16, Vec<(&'static str, String)>, String),
    /// With this status and a body that has no end.
    Endless(u16),
    /// Not before the gate is opened, then with 204.
    Held(Arc<Notify>),
    /// Never.
    Silence,
}

/// What arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) struct Receiver {
    address: SocketAddr,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    arrived: AsyncMutex<mpsc::UnboundedReceiver<Arrived>>,
}

#[derive(Clone)]
struct Shared {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    arrived: mpsc::UnboundedSender<Arrived>,
}

impl Receiver {
    /// Starts one that answers 204 to everything.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, arrived) = mpsc::unbounded_channel();
        let answers = Arc::<Mutex<VecDeque<Answer>>>::default();
        let shared = Shared { answers: Arc::clone(&answers), arrived: sender };
        let app = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, answers, arrived: AsyncMutex::new(arrived) }
    }

    /// Answers the next requests like this, in this order.
    pub(crate) fn will(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap().extend(answers);
    }

    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook?a=1", self.address)
    }

    /// Waits for the next request.
    pub(crate) async fn next(&self) -> Arrived {
        let mut arrived = self.arrived.lock().await;
        let next = tokio::time::timeout(PATIENCE, arrived.recv()).await;
        next.expect("nothing arrived").expect("the server runs")
    }

    /// Waits for that many requests and returns their types with their subjects, `created component:default/web`.
    pub(crate) async fn next_told(&self, count: usize) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..count {
            told.push(self.next().await.told());
        }
        told
    }

    /// Returns how many requests have arrived that nobody looked at.
    pub(crate) async fn waiting(&self) -> usize {
        self.arrived.lock().await.len()
    }
}

impl Arrived {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no `{name}`")).to_str().unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Returns the last part of the type, and the subject or the revision.
    pub(crate) fn told(&self) -> String {
        let event = self.json();
        let kind = event["type"].as_str().unwrap().rsplit('.').next().unwrap().to_owned();
        match event["subject"].as_str() {
            Some(subject) => format!("{kind} {subject}"),
            None => format!("{kind} {}", event["data"]["revision"]),
        }
    }

    /// Returns how many of the signatures are right for a secret, computed from nothing but what arrived.
    pub(crate) fn right_signatures(&self, secret: &str) -> usize {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(self.header("webhook-id").as_bytes());
        mac.update(b".");
        mac.update(self.header("webhook-timestamp").as_bytes());
        mac.update(b".");
        mac.update(&self.body);
        let right = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature").split(' ').filter(|signature| *signature == right).count()
    }
}

async fn answer(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = shared.answers.lock().unwrap().pop_front();
    // Whoever started the server may have lost interest.
    _ = shared.arrived.send(Arrived { headers, body });
    let status = |status: u16| StatusCode::from_u16(status).unwrap();
    match answer {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(Answer::Status(code)) => status(code).into_response(),
        Some(Answer::With(code, headers, body)) => {
            let mut response = (status(code), body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Some(Answer::Endless(code)) => {
            let chunk = || Ok::<_, std::io::Error>(vec![b'#'; 64 << 10]);
            (status(code), Body::from_stream(futures::stream::repeat_with(chunk))).into_response()
        }
        Some(Answer::Held(gate)) => {
            gate.notified().await;
            StatusCode::NO_CONTENT.into_response()
        }
        Some(Answer::Silence) => std::future::pending().await,
    }
}
