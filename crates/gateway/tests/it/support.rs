//! A gateway over a catalog of its own, and the outside world that the catalog reads: a map from address to entities.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
};
use callboard_catalog::{
    Actor, Catalog, CatalogSettings, ConfiguredLocation, LocationReader, ReadMode, Source, Validated,
};
use callboard_entity_model::{
    Entity, FileOutcome, FileReading, KnownFile, KnownFiles, LocationSpec, ModelPolicy, Presence, Problem, ProblemCode,
    ReadEntity, Reading,
};
use callboard_foundation::Clock;
use callboard_gateway::{GatewaySettings, OpenSockets, router, webhook_dialect};
use callboard_testkit::TestDatabase;
use callboard_webhooks::{WebhookSettings, Webhooks};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::AbortHandle};
use tower::ServiceExt;

/// What stands at each address; an address that is not there can't be read.
#[derive(Default)]
struct World(Mutex<HashMap<String, Vec<Value>>>);

impl World {
    fn read_at(&self, location: &str) -> Option<Validated> {
        let documents = self.0.lock().unwrap().get(location).cloned()?;
        let mut validated = Validated::default();
        for document in documents {
            let policy = ModelPolicy { allows_custom_kinds: true };
            match Entity::validate(document, policy) {
                Ok((entity, _)) => {
                    let entity_ref = entity.entity_ref().clone();
                    let (document, hash) = entity.into_document();
                    validated.entities.push(ReadEntity { entity_ref, document, hash, line: 1 });
                }
                Err(violations) => validated.problems.extend(
                    violations
                        .iter()
                        .map(|violation| Problem::error(ProblemCode::InvalidEntity, location, violation.to_string())),
                ),
            }
        }
        Some(validated)
    }
}

#[async_trait]
impl LocationReader for World {
    async fn read(&self, source: &Source, _: &KnownFiles, _: ReadMode) -> Reading {
        let location: Arc<str> = source.location.reference().into();
        let (outcome, problems) = match self.read_at(&location) {
            Some(Validated { entities, problems }) => {
                let known = KnownFile { fingerprint: format!("{entities:?}"), ..KnownFile::default() };
                let has_unknown = !problems.is_empty();
                (FileOutcome::Read { entities, keep: Vec::new(), has_unknown, known }, problems)
            }
            None => {
                let problem = Problem::error(ProblemCode::NotFound, &*location, "there is nothing");
                (FileOutcome::Failed, vec![problem])
            }
        };
        Reading { files: vec![FileReading { location, outcome, problems }], is_complete: true, problems: Vec::new() }
    }

    fn validate(&self, yaml: &str, location: &str) -> Validated {
        // JSON is YAML, and enough to see that the gateway passes on what it gets.
        let documents = serde_json::from_str(yaml).map(|document: Value| vec![document]);
        match documents {
            Ok(documents) => {
                let world = Self::default();
                world.0.lock().unwrap().insert(location.to_owned(), documents);
                world.read_at(location).unwrap_or_default()
            }
            Err(error) => {
                let problem = Problem::error(ProblemCode::Syntax, location, error.to_string());
                Validated { entities: Vec::new(), problems: vec![problem] }
            }
        }
    }
}

/// A gateway for one test.
pub(crate) struct TestGateway {
    world: Arc<World>,
    pub(crate) catalog: Catalog,
    pub(crate) webhooks: Webhooks,
    pub(crate) router: Router,
    _database: TestDatabase,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Returns the code of the first error.
    pub(crate) fn code(&self) -> String {
        let body = self.json();
        body["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code: {body}")).to_owned()
    }
}

impl TestGateway {
    /// Makes one over an empty catalog.
    pub(crate) async fn empty() -> Self {
        Self::with(GatewaySettings { request_timeout: Duration::from_secs(20), ..GatewaySettings::default() }).await
    }

    /// Makes one with these settings.
    pub(crate) async fn with(settings: GatewaySettings) -> Self {
        Self::over(CatalogSettings::default(), settings).await
    }

    /// Makes one over a catalog with settings of its own.
    pub(crate) async fn over(catalog: CatalogSettings, settings: GatewaySettings) -> Self {
        let database = TestDatabase::sqlite().await.unwrap();
        let world = Arc::new(World::default());
        let reader: Arc<dyn LocationReader> = Arc::<World>::clone(&world);
        let clock = Clock::system();
        let opened = Catalog::open(database.connection(), reader, clock.clone(), catalog).await;
        let catalog = opened.unwrap();
        // Whatever a test starts listens on this machine.
        let allowed = WebhookSettings { allows_private_targets: true, ..WebhookSettings::default() };
        let webhooks =
            Webhooks::open(database.connection(), catalog.clone(), clock.clone(), allowed, webhook_dialect()).unwrap();
        let router = router(catalog.clone(), webhooks.clone(), settings, clock, OpenSockets::default()).unwrap();
        Self { world, catalog, webhooks, router, _database: database }
    }

    /// Makes one over the shop, declared by the configuration.
    pub(crate) async fn of_shop() -> Self {
        let gateway = Self::empty().await;
        gateway.configure("file:/shop.yaml", shop()).await;
        gateway
    }

    /// Puts entities at an address without anybody reading it.
    pub(crate) fn place(&self, location: &str, documents: Vec<Value>) {
        self.world.0.lock().unwrap().insert(location.to_owned(), documents);
    }

    /// Puts entities at an address that the configuration names, and lets it be read.
    pub(crate) async fn configure(&self, location: &str, documents: Vec<Value>) {
        self.place(location, documents);
        let (kind, target) = location.split_once(':').unwrap();
        let spec = LocationSpec { kind: kind.to_owned(), target: target.to_owned(), presence: Presence::Required };
        let configured = ConfiguredLocation { location: spec, rules: None };
        self.catalog.sync_config_locations(vec![configured]).await.unwrap();
        self.read_again(location).await;
    }

    /// Lets a location be read.
    pub(crate) async fn read_again(&self, location: &str) {
        let (kind, target) = location.split_once(':').unwrap();
        let id = self.catalog.snapshot().sources.source_at(kind, target).unwrap().id;
        let cause = callboard_catalog::Cause::Request;
        self.catalog.refresh_source(id, ReadMode::Full, cause, &Actor::system()).await.unwrap();
    }

    /// Sends a request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Takes a port and answers over real HTTP for as long as what is returned is kept.
    pub(crate) async fn listen(&self) -> Http {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = self.router.clone();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }).abort_handle();
        let client = reqwest::Client::builder().no_gzip().redirect(reqwest::redirect::Policy::none()).no_proxy();
        Http { address, client: client.build().unwrap(), serving }
    }

    /// Sends a GraphQL request.
    pub(crate) async fn post(&self, body: &Value) -> Answer {
        self.send(json_request(body.to_string())).await
    }

    /// Asks a question and returns the whole answer.
    pub(crate) async fn ask(&self, query: &str) -> Answer {
        self.post(&json!({ "query": query })).await
    }

    /// Asks a question that must succeed, and returns its data.
    pub(crate) async fn data(&self, query: &str) -> Value {
        let mut body = self.ask(query).await.json();
        assert!(body.get("errors").is_none(), "{query}: {body}");
        body["data"].take()
    }

    /// Asks a question and compares its data.
    pub(crate) async fn check(&self, query: &str, expected: Value) {
        assert_eq!(self.data(query).await, expected, "{query}");
    }
}

/// A gateway that listens, and a client of it that decompresses nothing and follows no redirect.
pub(crate) struct Http {
    pub(crate) address: SocketAddr,
    pub(crate) client: reqwest::Client,
    serving: AbortHandle,
}

impl Http {
    /// Returns the whole address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Makes a GET.
    pub(crate) fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.get(self.url(path))
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Makes a POST of JSON to `/graphql`.
pub(crate) fn json_request(body: String) -> Request<Body> {
    let request = Request::post("/graphql").header("content-type", "application/json");
    request.body(Body::from(body)).unwrap()
}

/// Makes an entity.
pub(crate) fn entity(kind: &str, name: &str, spec: Value) -> Value {
    let api_version = match kind {
        "Template" => "scaffolder.backstage.io/v1beta3",
        "Machine" => "factory.example/v1",
        _ => "backstage.io/v1alpha1",
    };
    json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": name }, "spec": spec })
}

/// A component of the shop.
pub(crate) fn component(name: &str, kind: &str, owner: &str) -> Value {
    entity("Component", name, json!({ "type": kind, "lifecycle": "production", "owner": owner, "system": "shop" }))
}

/// One entity of each kind, and a few more.
pub(crate) fn shop() -> Vec<Value> {
    let mut web = component("web", "website", "team-a");
    web["metadata"]["title"] = json!("Web shop");
    web["metadata"]["description"] = json!("Where people buy.");
    web["metadata"]["tags"] = json!(["react", "public"]);
    web["metadata"]["labels"] = json!({ "tier": "1" });
    web["metadata"]["annotations"] = json!({ "example.com/dashboard": "d-1" });
    web["metadata"]["links"] = json!([{ "url": "https://shop.example.com", "title": "Shop" }]);
    web["spec"]["consumesApis"] = json!(["orders-api"]);
    web["spec"]["dependsOn"] = json!(["component:orders", "resource:missing"]);
    let mut orders = component("orders", "service", "team-b");
    orders["spec"]["providesApis"] = json!(["orders-api"]);
    orders["spec"]["dependsOn"] = json!(["resource:orders-db"]);
    let api = json!({ "type": "openapi", "lifecycle": "production", "owner": "team-b", "system": "shop",
                      "definition": "openapi: 3.1.0" });
    let template = json!({ "type": "service", "owner": "team-a", "parameters": { "title": "One page" },
                           "steps": [{ "id": "fetch", "name": "Fetch", "action": "fetch:template", "input": { "a": 1 } }] });
    vec![
        web,
        orders,
        entity("API", "orders-api", api),
        entity("Resource", "orders-db", json!({ "type": "database", "owner": "team-b", "system": "shop" })),
        entity("System", "shop", json!({ "owner": "team-a", "domain": "sales" })),
        entity("Domain", "sales", json!({ "owner": "team-root" })),
        entity("Group", "team-root", json!({ "type": "root", "children": ["team-a", "team-b"] })),
        entity("Group", "team-a", json!({ "type": "team", "parent": "team-root", "children": [] })),
        entity("Group", "team-b", json!({ "type": "team", "children": [], "profile": { "displayName": "Team B" } })),
        entity(
            "User",
            "ann",
            json!({ "memberOf": ["team-a"], "profile": { "displayName": "Ann", "email": "ann@example.com" } }),
        ),
        entity("User", "bob", json!({ "memberOf": ["team-b"] })),
        entity("Template", "new-service", template),
        entity("Location", "more", json!({ "targets": ["./a.yaml", "./b.yaml"] })),
        entity("Machine", "press", json!({ "type": "hydraulic", "owner": "team-a" })),
    ]
}
