//! A server whose operations follow a script.
//!
//! Owns what each document does, and a record of what ended. Start reading at [`World::start`].

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use callboard_transport::{
    Event, OperationRequest, Operations, SseSettings, Started, WebSocketSettings, accept_websocket, serve_websocket,
    sse_response,
};
use futures::{StreamExt, stream};
use serde_json::{Map, Value, json};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc, watch},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long anything may take before a test fails; far more than it ever takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The bytes of an event of `flood`.
pub(crate) const FLOOD_EVENT_BYTES: u64 = 10_000;

/// A running server.
pub(crate) struct World {
    pub(crate) address: String,
    pub(crate) script: Script,
    pub(crate) closing: CancellationToken,
    /// What is being served.
    pub(crate) served: TaskTracker,
    ended: Mutex<mpsc::UnboundedReceiver<&'static str>>,
}

/// Operations by name: the document is the name.
#[derive(Clone)]
pub(crate) struct Script {
    ticks: watch::Sender<u64>,
    taken: Arc<AtomicU64>,
    ended: mpsc::UnboundedSender<&'static str>,
}

/// Tells when an operation is dropped.
struct Ending(&'static str, mpsc::UnboundedSender<&'static str>);

#[derive(Clone)]
struct Served {
    script: Script,
    closing: CancellationToken,
    tracker: TaskTracker,
    websocket: WebSocketSettings,
    sse: SseSettings,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::start(WebSocketSettings::default(), SseSettings::default()).await
    }

    pub(crate) async fn with(settings: WebSocketSettings) -> Self {
        Self::start(settings, SseSettings::default()).await
    }

    /// Starts a server on a port of its own.
    pub(crate) async fn start(websocket: WebSocketSettings, sse: SseSettings) -> Self {
        let (sender, ended) = mpsc::unbounded_channel();
        let script = Script { ticks: watch::Sender::new(0), taken: Arc::default(), ended: sender };
        let (closing, tracker) = (CancellationToken::new(), TaskTracker::new());
        let served =
            Served { script: script.clone(), closing: closing.clone(), tracker: tracker.clone(), websocket, sse };
        let router = Router::new().route("/", get(upgrade).post(events)).with_state(served);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, script, closing, served: tracker, ended: Mutex::new(ended) }
    }

    /// Waits until an operation has ended and returns which.
    pub(crate) async fn ended(&self) -> &'static str {
        timeout(PATIENCE, self.ended.lock().await.recv()).await.expect("an operation ends").unwrap()
    }
}

impl Script {
    /// Makes every follower of `ticks` get an event.
    pub(crate) fn tick(&self) {
        self.ticks.send_modify(|tick| *tick += 1);
    }

    /// Returns how many events of `flood` were taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

impl Operations for Script {
    async fn start(&self, request: OperationRequest) -> Started {
        let ending = |name| Ending(name, self.ended.clone());
        let first = request.last_event_id.as_deref().map_or(0, |id| id.parse::<u64>().unwrap() + 1);
        match request.body["query"].as_str().unwrap() {
            "query" => Started::Answer(data(json!({ "request": request.request_id }))),
            "invalid" => Started::Refused(Bytes::from_static(br#"[{"message":"no such field"}]"#)),
            "panic" => panic!("as the script says"),
            "stuck" => {
                let _ending = ending("stuck");
                pending().await
            }
            "three" => Started::Events(stream::iter((first..3).map(event)).boxed()),
            "failing" => {
                let error = Bytes::from_static(br#"{"data":null,"errors":[{"message":"lost"}]}"#);
                let events = [event(0), Event { payload: error, cursor: None }];
                Started::Events(stream::iter(events).boxed())
            }
            "ticks" => {
                let ending = ending("ticks");
                let ticks = self.ticks.subscribe();
                let events = stream::unfold((ticks, ending, true), |(mut ticks, ending, is_first)| async move {
                    if !is_first {
                        ticks.changed().await.ok()?;
                    }
                    let tick = *ticks.borrow_and_update();
                    Some((event(tick), (ticks, ending, false)))
                });
                Started::Events(events.boxed())
            }
            "flood" => {
                let (taken, ending) = (Arc::clone(&self.taken), ending("flood"));
                let events = stream::iter(0..).map(move |number: u64| {
                    let _kept = &ending;
                    taken.store(number + 1, Ordering::Relaxed);
                    let filler = "x".repeat(usize::try_from(FLOOD_EVENT_BYTES).unwrap());
                    let payload = data(json!({ "number": number, "filler": filler }));
                    Event { payload, cursor: Some(number.to_string()) }
                });
                Started::Events(events.boxed())
            }
            other => panic!("the script has no `{other}`"),
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        _ = self.1.send(self.0);
    }
}

fn data(data: Value) -> Bytes {
    json!({ "data": data }).to_string().into()
}

fn event(number: u64) -> Event {
    Event { payload: data(json!({ "number": number })), cursor: Some(number.to_string()) }
}

async fn upgrade(State(served): State<Served>, upgrade: WebSocketUpgrade) -> Response {
    let Some(upgrade) = accept_websocket(upgrade, &served.websocket) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let tracker = served.tracker.clone();
    upgrade.on_upgrade(move |socket| {
        tracker.track_future(async move {
            let Served { script, closing, websocket, .. } = served;
            serve_websocket(socket, script, &websocket, closing, "socket".to_owned()).await;
        })
    })
}

async fn events(State(served): State<Served>, headers: HeaderMap, Json(body): Json<Map<String, Value>>) -> Response {
    let last_event_id = headers.get("last-event-id").map(|value| value.to_str().unwrap().to_owned());
    let request = OperationRequest { body, last_event_id, request_id: "request".to_owned() };
    let started = served.script.start(request).await;
    sse_response(started, &served.sse, served.closing, served.tracker.token())
}
