//! `backend`: where to listen, which database, what may be read.
//!
//! Owns the forms of `backend.database`, Backstage's and ours. Opening a database is `db`'s work.

use std::path::{Path, PathBuf};

use url::Url;

use crate::{
    error::Mistake,
    load::Files,
    secret::Secret,
    shape::listen_of,
    tree::{Node, Setting},
};

/// The name of the embedded database's file, where only its folder is given.
const DATABASE_FILE: &str = "callboard.db";

/// `backend`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendSettings {
    /// Where to accept connections.
    pub listen: ListenAddress,
    /// The address under which users reach this server; without one, it follows from the port.
    pub base_url: Option<Url>,
    /// The database.
    pub database: DatabaseSettings,
    /// Origins of web pages, beside our own, that may open a WebSocket.
    pub allowed_origins: Vec<String>,
    /// Whether a proxy in front says who asks.
    pub trusts_proxy: bool,
    /// Hosts that catalog files may be read from, beside those of the integrations.
    pub allowed_hosts: Vec<AllowedHost>,
}

/// Where to accept connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenAddress {
    /// A host name or address; `None` is every interface.
    pub host: Option<String>,
    /// The port; 0 lets the system choose.
    pub port: u16,
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseSettings {
    /// SQLite in memory: gone when the process ends.
    SqliteMemory,
    /// SQLite in a file.
    SqliteFile(PathBuf),
    /// PostgreSQL at a `postgres://` address, which may hold a password.
    Postgres(Secret),
}

/// A host that catalog files may be read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    /// `example.com`, `example.com:8443` or `*.example.com`.
    pub host: String,
    /// Path prefixes; none means every path.
    pub paths: Vec<String>,
}

impl BackendSettings {
    pub(super) fn from_tree(
        setting: Setting<'_>,
        data_directory: &Path,
        files: &Files,
        mistakes: &mut Vec<Mistake>,
    ) -> Self {
        Self {
            listen: listen(setting.key("listen")),
            base_url: setting.key("baseUrl").find_url(),
            database: database(setting.key("database"), data_directory, files, mistakes),
            allowed_origins: match setting.key("cors.origin").find_text() {
                Some(origin) => vec![origin],
                None => setting.key("cors.origin").texts(),
            },
            trusts_proxy: setting.key("trustProxy").flag(),
            allowed_hosts: setting
                .key("reading.allow")
                .items()
                .into_iter()
                .map(|item| AllowedHost { host: item.key("host").text(), paths: item.key("paths").texts() })
                .collect(),
        }
    }
}

fn listen(setting: Setting<'_>) -> ListenAddress {
    if setting.is_map() {
        let port = setting.key("port");
        // The table of keys bounds the port; an object without one gets the usual port.
        let port = if port.is_set() { u16::try_from(port.integer()).unwrap_or(7007) } else { 7007 };
        return ListenAddress { host: setting.key("host").find_text(), port };
    }
    let (host, port) = setting.value().as_ref().and_then(listen_of).unwrap_or((None, 7007));
    ListenAddress { host, port }
}

fn database(
    setting: Setting<'_>,
    data_directory: &Path,
    files: &Files,
    mistakes: &mut Vec<Mistake>,
) -> DatabaseSettings {
    let connection = setting.key("connection");
    if setting.key("client").text() == "pg" {
        return postgres(setting, connection, files, mistakes);
    }
    if let (Some(node), Some(text)) = (connection.0, connection.find_text())
        && is_postgres_address(&text)
    {
        mistakes.push(Mistake::Contradiction {
            place: files.place(node, "backend.database.connection"),
            other: "backend.database.client",
            reason: "a `postgres://` address needs the client `pg`",
        });
    }
    let file = match (connection.key("filename").find_text(), connection.key("directory").find_text()) {
        (Some(file), _) => PathBuf::from(file),
        (None, Some(directory)) => Path::new(&directory).join(DATABASE_FILE),
        (None, None) => connection.find_text().map_or_else(|| data_directory.join(DATABASE_FILE), PathBuf::from),
    };
    match file.to_str() {
        Some(":memory:") => DatabaseSettings::SqliteMemory,
        _ => DatabaseSettings::SqliteFile(file),
    }
}

fn postgres(
    setting: Setting<'_>,
    connection: Setting<'_>,
    files: &Files,
    mistakes: &mut Vec<Mistake>,
) -> DatabaseSettings {
    const EXPECTED: &str = "a `postgres://` address, or an object with `host`, `user` and so on, for the client `pg`";
    let key = "backend.database.connection";
    if connection.is_map() && !connection.key("connectionString").is_set() {
        return DatabaseSettings::Postgres(Secret::new(postgres_address(connection)));
    }
    let text =
        if connection.is_map() { connection.key("connectionString").find_text() } else { connection.find_text() };
    match (text, connection.0.or(setting.0)) {
        (Some(text), _) if is_postgres_address(&text) && Url::parse(&text).is_ok() => {
            return DatabaseSettings::Postgres(Secret::new(text));
        }
        (Some(_), Some(node)) => mistakes.push(Mistake::WrongValue {
            place: files.place(node, key),
            expected: EXPECTED.to_owned(),
            found: "another text".to_owned(),
        }),
        (None, Some(node)) => mistakes.push(Mistake::Missing {
            place: files.place(node, key),
            expected: EXPECTED.to_owned(),
            variable: connection.0.and_then(Node::unset_variable).map(str::to_owned),
        }),
        (_, None) => {}
    }
    DatabaseSettings::SqliteMemory
}

fn is_postgres_address(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// Puts an address together from the parts of the object form; every part is encoded as its place demands.
fn postgres_address(connection: Setting<'_>) -> String {
    let part = |key: &str, default: &str| connection.key(key).find_text().unwrap_or_else(|| default.to_owned());
    let host = part("host", "localhost");
    let mut address = encode(&part("user", "postgres"));
    if let Some(password) = connection.key("password").find_text() {
        address = format!("{address}:{}", encode(&password));
    }
    let port = part("port", "5432");
    let database = encode(&part("database", "callboard"));
    let mut options = Vec::new();
    address = if host.starts_with('/') {
        // A folder with the server's socket.
        options.push(format!("host={}", encode(&host)));
        format!("postgres://{address}@localhost:{port}/{database}")
    } else if host.contains(':') {
        format!("postgres://{address}@[{}]:{port}/{database}", host.trim_matches(['[', ']']))
    } else {
        format!("postgres://{address}@{}:{port}/{database}", encode(&host))
    };
    let ssl = connection.key("ssl");
    if ssl.is_map() {
        let reject = ssl.key("rejectUnauthorized");
        let takes_any = reject.is_set() && !reject.flag();
        options.push(format!("sslmode={}", if takes_any { "require" } else { "verify-full" }));
    } else if ssl.is_set() {
        options.push(format!("sslmode={}", if ssl.flag() { "verify-full" } else { "disable" }));
    }
    if options.is_empty() { address } else { format!("{address}?{}", options.join("&")) }
}

/// Percent-encodes everything but letters, digits, `-`, `_` and `.`.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
