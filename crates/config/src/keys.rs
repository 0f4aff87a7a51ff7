//! The table of every key that Callboard reads: its shape, default, an example and a sentence.
//!
//! Owns what exists. The check of a configuration, the defaults themselves and the tables of `docs/configuration.md`
//! all come from here. List items are written `[]`.

use crate::shape::Shape::{
    self, Bytes, BytesOrFalse, Duration, DurationOrFalse, Flag, HttpUrl, Integer, Listen, OneOf, Secret, Share, Text,
};

/// One key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyDefinition {
    /// The path, `catalog.locations[].target`.
    pub key: &'static str,
    /// What its value must look like.
    pub shape: Shape,
    /// What holds when it is not set.
    pub default: KeyDefault,
    /// A value as YAML.
    pub example: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// What holds when a key is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyDefault {
    /// This value, as YAML.
    Value(&'static str),
    /// Something that follows from elsewhere, in words.
    Described(&'static str),
    /// It must be set wherever its parent is.
    Required,
}

use KeyDefault::{Described, Required, Value};

const fn key(
    key: &'static str,
    shape: Shape,
    default: KeyDefault,
    example: &'static str,
    about: &'static str,
) -> KeyDefinition {
    KeyDefinition { key, shape, default, example, about }
}

const PORT: Shape = Integer { min: 0, max: 65_535 };
const COUNT: Shape = Integer { min: 1, max: 1_000_000_000 };

/// Every key, in the order of the documentation.
#[rustfmt::skip]
pub const KEYS: &[KeyDefinition] = &[
    key("backend.listen", Listen, Value("127.0.0.1:7007"), "':7007'", "Where to accept connections; without a host on every interface. Also as an object."),
    key("backend.listen.host", Text, Described("every interface"), "0.0.0.0", "The interface, when `listen` is an object."),
    key("backend.listen.port", PORT, Described("7007"), "7007", "The port, when `listen` is an object; 0 lets the system choose."),
    key("backend.baseUrl", HttpUrl, Described("`http://localhost:<port>`"), "https://portal.example.com", "The address under which users reach this server."),
    key("backend.database.client", OneOf(&["better-sqlite3", "pg"]), Value("better-sqlite3"), "pg", "Which database: the embedded SQLite or PostgreSQL."),
    key("backend.database.connection", Secret, Described("`callboard.db` in `callboard.dataDirectory`"), "':memory:'", "SQLite: a file or `:memory:`. PostgreSQL: a `postgres://` address. Also as an object."),
    key("backend.database.connection.directory", Text, Described("none"), "./data", "SQLite: the folder that holds `callboard.db`."),
    key("backend.database.connection.filename", Text, Described("none"), "./data/callboard.db", "SQLite: the file."),
    key("backend.database.connection.connectionString", Secret, Described("none"), "postgres://callboard@db/callboard", "PostgreSQL: the whole address."),
    key("backend.database.connection.host", Text, Described("`localhost`"), "db.example.com", "PostgreSQL: the server."),
    key("backend.database.connection.port", PORT, Described("5432"), "5432", "PostgreSQL: the server's port."),
    key("backend.database.connection.user", Text, Described("`postgres`"), "callboard", "PostgreSQL: the user."),
    key("backend.database.connection.password", Secret, Described("none"), "${POSTGRES_PASSWORD:-hunter2}", "PostgreSQL: the user's password."),
    key("backend.database.connection.database", Text, Described("`callboard`"), "portal", "PostgreSQL: the name of the database."),
    key("backend.database.connection.ssl", Flag, Described("TLS when the server offers it, unverified"), "true", "PostgreSQL: `true` demands TLS with a verified certificate, `false` forbids it. Also as an object."),
    key("backend.database.connection.ssl.rejectUnauthorized", Flag, Described("`true`"), "false", "PostgreSQL: `false` demands TLS but takes any certificate."),
    key("backend.cors.origin", Text, Described("none"), "https://portal.example.com", "The origin of a web page that may open a WebSocket here, beside pages of `baseUrl` itself. Also as a list."),
    key("backend.cors.origin[]", Text, Described("none"), "https://portal.example.com", "One of several such origins."),
    key("backend.trustProxy", Flag, Value("false"), "true", "Whether a proxy stands in front that says in `X-Forwarded-For` who asks; without one, anybody could say anything there."),
    key("backend.reading.allow[].host", Text, Required, "'*.example.com:8080'", "A host that catalog files may be read from; `*.` stands for any subdomain, a port for that port only."),
    key("backend.reading.allow[].paths[]", Text, Described("every path"), "/catalog/", "A path prefix that may be read on that host."),

    key("catalog.locations[].type", OneOf(&["file", "url"]), Required, "file", "What the target is."),
    key("catalog.locations[].target", Text, Required, "./catalog/**/catalog-info.yaml", "A path, glob or folder relative to the working directory, or an `http(s)` address."),
    key("catalog.locations[].presence", OneOf(&["required", "optional"]), Described("`required`"), "optional", "Whether a missing target is a problem, or only empty."),
    key("catalog.locations[].rules[].allow[]", Text, Described("`catalog.rules` holds"), "Group", "A kind that this location may declare. Also as an object."),
    key("catalog.locations[].rules[].allow[].kind", Text, Required, "Template", "The kind, when `allow` holds an object."),
    key("catalog.locations[].rules[].allow[].spec.type", Text, Described("every type"), "website", "The `spec.type` that is meant, when `allow` holds an object."),
    key("catalog.rules[].allow[]", Text, Described("`Component`, `API`, `Location`"), "User", "A kind that any location may declare. Also as an object. Case is free; `catalog.rules: []` allows nothing."),
    key("catalog.rules[].allow[].kind", Text, Required, "Template", "The kind, when `allow` holds an object."),
    key("catalog.rules[].allow[].spec.type", Text, Described("every type"), "website", "The `spec.type` that is meant, when `allow` holds an object."),
    key("catalog.rules[].locations[].type", Text, Described("every type"), "url", "Restricts the rule to locations of this type."),
    key("catalog.rules[].locations[].exact", Text, Described("every target"), "https://github.com/acme/org/blob/main/all.yaml", "Restricts the rule to this target."),
    key("catalog.rules[].locations[].pattern", Text, Described("every target"), "https://github.com/acme/**", "Restricts the rule to targets that match this glob."),
    key("catalog.readonly", Flag, Value("false"), "true", "Whether registering and removing locations at run time is refused."),
    key("catalog.processingInterval", DurationOrFalse, Value("2m"), "{ minutes: 30 }", "How often each location is read again, at the cost of a conditional request; `false` for never."),

    key("integrations.github[].host", Text, Required, "github.example.com", "The host of a GitHub; `github.com` is always known."),
    key("integrations.github[].apiBaseUrl", HttpUrl, Described("`https://api.github.com`, elsewhere `https://<host>/api/v3`"), "https://github.example.com/api/v3", "Its REST API."),
    key("integrations.github[].rawBaseUrl", HttpUrl, Described("`https://raw.githubusercontent.com`, elsewhere `https://<host>/raw`"), "https://github.example.com/raw", "Where it serves raw files, used when there is no token."),
    key("integrations.github[].token", Secret, Described("none: only public files"), "${GITHUB_TOKEN:-ghp_example}", "A token that may read contents; it is sent to this host's API only."),
    key("integrations.gitlab[].host", Text, Required, "gitlab.example.com", "The host of a GitLab; `gitlab.com` is always known."),
    key("integrations.gitlab[].apiBaseUrl", HttpUrl, Described("`https://<host>/api/v4`"), "https://gitlab.example.com/api/v4", "Its REST API."),
    key("integrations.gitlab[].baseUrl", HttpUrl, Described("`https://<host>`"), "https://gitlab.example.com", "Where its pages are, when it is not at the root of the host."),
    key("integrations.gitlab[].token", Secret, Described("none: only public files"), "${GITLAB_TOKEN:-glpat-example}", "A token that may read repositories; it is sent to this host's API only."),

    key("callboard.dataDirectory", Text, Value("./data"), "/var/lib/callboard", "The folder for the embedded database and the unpacked example organisation."),
    key("callboard.shutdownTimeout", Duration, Value("20s"), "5s", "How long running requests may take to finish after SIGTERM."),
    key("callboard.redis", Secret, Described("none: each replica counts for itself"), "redis://redis.example.com:6379", "A Redis in which replicas count together what clients spend."),
    key("callboard.database.maxConnections", Integer { min: 2, max: 1_000 }, Value("10"), "20", "The most connections to PostgreSQL held at once."),
    key("callboard.catalog.customKinds", Flag, Value("false"), "true", "Whether entities of kinds that are not built in are kept, instead of refused as Backstage does."),
    key("callboard.catalog.watch", Flag, Value("true"), "false", "Whether `file` locations are watched and read again within a second of a change."),
    key("callboard.catalog.removalGuard.share", Share, Value("0.5"), "0.2", "A reading that would remove more than this share of a location's entities waits for confirmation; 1 switches the guard off."),
    key("callboard.catalog.removalGuard.minimum", Integer { min: 0, max: 1_000_000_000 }, Value("10"), "100", "Removals of at most this many entities never wait."),
    key("callboard.reading.maxFileBytes", Bytes, Value("8 MiB"), "1 MiB", "The largest file that is read, local or remote."),
    key("callboard.reading.maxDocuments", COUNT, Value("20000"), "1000", "The most YAML documents in one file."),
    key("callboard.reading.maxDepth", Integer { min: 4, max: 64 }, Value("64"), "32", "The deepest nesting of a YAML document."),
    key("callboard.reading.maxNodes", COUNT, Value("1000000"), "250000", "The most values of one YAML document, aliases expanded."),
    key("callboard.reading.maxFiles", COUNT, Value("50000"), "1000", "The most files that one location may lead to."),
    key("callboard.reading.maxLocationDepth", Integer { min: 1, max: 256 }, Value("32"), "8", "The longest chain of Location entities."),
    key("callboard.reading.urlTimeout", Duration, Value("10s"), "30s", "How long one address may take, redirects and body included."),
    key("callboard.reading.urlConcurrency", Integer { min: 1, max: 256 }, Value("8"), "16", "How many addresses are read at once."),
    key("callboard.reading.filePlaceholders", Flag, Value("false"), "true", "Whether `$text`, `$json` and `$yaml` may name files beside a `file` location; Backstage refuses them."),
    key("callboard.reading.allowPrivateAddresses[]", Text, Described("none"), "git.intranet.example.com", "A host that may resolve to a private or loopback address; it must be allowed by `backend.reading.allow` or `integrations` as well."),
    key("callboard.export.maxReaders", COUNT, Value("8"), "2", "The most readers of `/export/entities.ndjson` at the same time."),
    key("callboard.export.stallTimeout", Duration, Value("30s"), "5m", "How long such a reader may take nothing before it is cut off."),
    key("callboard.history.retention", DurationOrFalse, Value("P90D"), "false", "How long changes are kept; what is older can't be asked for any more. `false` keeps them for ever."),
    key("callboard.graphql.graphiql", Flag, Value("true"), "false", "Whether the query editor is served at `/`."),
    key("callboard.graphql.federation", Flag, Value("false"), "true", "Whether a federation router may use this server as a subgraph: `_service` and `_entities`, with `ref` as the key of every entity."),
    key("callboard.graphql.defaultPageSize", Integer { min: 1, max: 10_000 }, Value("50"), "20", "The page size of a query that names none."),
    key("callboard.graphql.maxPageSize", Integer { min: 1, max: 10_000 }, Value("500"), "100", "The largest page size that a query may name."),
    key("callboard.graphql.maxDepth", Integer { min: 1, max: 100 }, Value("15"), "12", "The most levels of fields of a query."),
    key("callboard.graphql.maxNodes", COUNT, Value("500000"), "50000", "The most nodes (objects) that the answer to a query could have, decided before it is executed."),
    key("callboard.graphql.maxTokens", Integer { min: 100, max: 100_000 }, Value("5000"), "2000", "The most tokens of a document."),
    key("callboard.graphql.rateLimit.requests", COUNT, Described("no limit"), "600", "How many requests a client may make per period, all at once if it likes."),
    key("callboard.graphql.rateLimit.per", Duration, Value("1m"), "10s", "The period in which that many requests are there again."),
    key("callboard.graphql.maxBodyBytes", Bytes, Value("1 MiB"), "256 KiB", "The largest request body."),
    key("callboard.graphql.maxStreams", COUNT, Value("20000"), "500", "The most WebSockets and event streams open at the same time."),
    key("callboard.graphql.introspection", Flag, Value("true"), "false", "Whether a query may ask for the schema."),
    key("callboard.graphql.trustedDocuments", Text, Described("none"), "./documents", "A folder of approved documents, `*.graphql` files or `*.json` manifests from ids to texts, that requests may name by `documentId`."),
    key("callboard.graphql.trustedDocumentsOnly", Flag, Value("false"), "true", "Whether nothing but the approved documents is executed."),
    key("callboard.graphql.documentCache", Bytes, Value("64 MiB"), "16 MiB", "About how much memory documents may take that are remembered, parsed and validated."),
    key("callboard.graphql.answerCache", BytesOrFalse, Value("64 MiB"), "false", "How many bytes of answers are kept for as long as they are true; `false` keeps none."),
    key("callboard.graphql.revisionWait", Duration, Value("5s"), "1s", "How long a request may wait for the revision that it asks for."),
    key("callboard.graphql.timeout", Duration, Value("30s"), "10s", "How long one request may take; subscriptions are not bounded."),
    key("callboard.webhooks.allowPrivateTargets", Flag, Value("false"), "true", "Whether events may be sent to private, loopback and link-local addresses."),
    key("callboard.webhooks.allowedHosts[]", Text, Described("none"), "hooks.intranet.example.com:8080", "A host, `name` or `name:port`, that events may be sent to though it has such an address."),
    key("callboard.webhooks.timeout", Duration, Value("10s"), "30s", "How long one attempt to deliver may take."),
    key("callboard.webhooks.maxSubscriptions", COUNT, Value("1000"), "50", "The most webhooks."),
    key("callboard.webhooks.concurrency", Integer { min: 1, max: 1_024 }, Value("16"), "4", "How many attempts a replica makes at once."),
    key("callboard.webhooks.maxBackoff", Duration, Value("1h"), "10m", "The longest wait between two attempts, unless the receiver asks for a longer one."),
    key("callboard.webhooks.deliveriesKept", Integer { min: 1, max: 10_000 }, Value("100"), "20", "How many attempts are remembered for each webhook."),
];
