use std::{fs, time::Duration};

use super::{ConfigSource, Environment, Loaded, load};
use crate::{ConfigError, DatabaseSettings, KindRule, Secret};

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn load_texts(texts: &[&str], variables: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let names = ["first.yaml", "second.yaml", "third.yaml"];
    let sources: Vec<_> =
        texts.iter().zip(names).map(|(text, name)| ConfigSource::Text { name, text: (*text).to_owned() }).collect();
    load(&sources, &environment(variables))
}

fn loaded(text: &str) -> Loaded {
    load_texts(&[text], &[]).unwrap()
}

/// Loads a text with mistakes and checks how many there are, and that the report has these parts.
fn check_mistakes(text: &str, count: usize, parts: &[&str]) {
    let error = load_texts(&[text], &[]).expect_err("the configuration should be refused");
    let report = error.to_string();
    assert_eq!(error.mistakes.len(), count, "{report}");
    for part in parts {
        assert!(report.contains(part), "`{part}` is not in: {report}");
    }
}

fn check_database(text: &str, expected: DatabaseSettings) {
    assert_eq!(loaded(text).settings.backend.database, expected, "{text}");
}

fn postgres(address: &str) -> DatabaseSettings {
    DatabaseSettings::Postgres(Secret::new(address))
}

#[test]
fn without_any_file_the_defaults_hold() {
    let settings = load(&[], &Environment::new()).unwrap().settings;
    assert_eq!(settings.backend.listen.host.as_deref(), Some("127.0.0.1"));
    assert_eq!(settings.backend.listen.port, 7007);
    assert_eq!(settings.backend.database, DatabaseSettings::SqliteFile("./data/callboard.db".into()));
    assert_eq!(settings.catalog.rules, None);
    assert_eq!(settings.catalog.processing_interval, Some(Duration::from_secs(120)));
    assert_eq!(settings.callboard.reading.limits.max_file_bytes, 8 << 20);
    assert_eq!(settings.callboard.graphql.max_page_size, 500);
    assert_eq!(settings.integrations.github[0].host, "github.com");
}

#[test]
fn how_often_a_client_may_ask_is_bounded_when_it_is_said() {
    let settings =
        loaded("callboard: { graphql: { rateLimit: { requests: 600 } }, redis: 'redis://a:S3CR3T@b' }").settings;
    let limit = settings.callboard.graphql.rate_limit;
    assert_eq!((limit.requests.map(u32::from), limit.per), (Some(600), Duration::from_secs(60)));
    assert!(settings.callboard.redis.is_some() && !format!("{settings:?}").contains("S3CR3T"));
    let limit = loaded("callboard: { graphql: { rateLimit: { per: 1s } } }").settings.callboard.graphql.rate_limit;
    assert_eq!((limit.requests, limit.per), (None, Duration::from_secs(1)));
}

#[test]
fn a_later_file_wins_and_leaves_the_rest() {
    let first =
        "backend: { baseUrl: 'http://a.example.com', listen: ':1' }\ncatalog: { locations: [{type: file, target: a}] }";
    let second = "backend: { listen: ':2' }\ncatalog: { locations: [{type: url, target: 'https://b.example.com/x'}] }";
    let settings = load_texts(&[first, second], &[]).unwrap().settings;
    assert_eq!(settings.backend.listen.port, 2);
    assert_eq!(settings.backend.base_url.unwrap().host_str(), Some("a.example.com"));
    assert_eq!(settings.catalog.locations.len(), 1);
    assert_eq!(settings.catalog.locations[0].kind, "url");
}

#[test]
fn a_section_with_nothing_in_it_changes_nothing() {
    let settings =
        load_texts(&["backend: { listen: ':1' }", "backend:\ncallboard:\n  graphql:\n"], &[]).unwrap().settings;
    assert_eq!(settings.backend.listen.port, 1);
    assert_eq!(settings.callboard.graphql.default_page_size, 50);
}

#[test]
fn an_empty_file_is_a_configuration() {
    assert_eq!(loaded("# nothing\n").settings, load(&[], &Environment::new()).unwrap().settings);
}

#[test]
fn a_null_takes_back_what_an_earlier_file_said() {
    let settings = load_texts(&["catalog: { readonly: true }", "catalog: { readonly: null }"], &[]).unwrap().settings;
    assert!(!settings.catalog.is_readonly);
}

#[test]
fn variables_fill_in_numbers_flags_and_tokens() {
    let text = "backend: { listen: '${PORT}' }\ncatalog: { readonly: '${READONLY}' }\n\
                integrations: { github: [{ host: github.com, token: { $env: TOKEN } }] }";
    let loaded = load_texts(&[text], &[("PORT", "8080"), ("READONLY", "true"), ("TOKEN", "ghp_1")]).unwrap();
    assert_eq!(loaded.settings.backend.listen.port, 8080);
    assert!(loaded.settings.catalog.is_readonly);
    assert_eq!(loaded.settings.integrations.github[0].token, Some(Secret::new("ghp_1")));
}

#[test]
fn an_unset_variable_unsets_its_key_and_is_told() {
    let loaded = loaded("integrations:\n  gitlab:\n    - host: gitlab.com\n      token: ${GITLAB_TOKEN}\n");
    assert_eq!(loaded.settings.integrations.gitlab[0].token, None);
    assert_eq!(loaded.unset_variables[0].key, "integrations.gitlab[0].token");
    assert_eq!(loaded.unset_variables[0].variable, "GITLAB_TOKEN");
}

#[test]
fn a_required_key_whose_variable_is_unset_names_the_variable() {
    check_mistakes(
        "catalog: { locations: [{ type: url, target: '${CATALOG_URL}' }] }",
        1,
        &["`catalog.locations[0].target` (first.yaml", "environment variable `CATALOG_URL` is not set"],
    );
}

#[test]
fn app_config_variables_come_last() {
    let variables = [("APP_CONFIG_backend_listen", "9000"), ("APP_CONFIG_catalog_readonly", "true")];
    let settings = load_texts(&["backend: { listen: ':1' }"], &variables).unwrap().settings;
    assert_eq!(settings.backend.listen.port, 9000);
    assert!(settings.catalog.is_readonly);
}

#[test]
fn every_mistake_is_told_at_once_with_key_and_file() {
    check_mistakes(
        "backend:\n  listen: nowhere\n  baseUrl: portal\ncatalog:\n  locations:\n    - type: files\n  readonly: maybe\n",
        5,
        &[
            "`backend.listen` (first.yaml",
            "but is `nowhere`",
            "`backend.baseUrl`",
            "`catalog.locations[0].type`",
            "must be `file` or `url`, but is `files`",
            "`catalog.locations[0].target`",
        ],
    );
}

#[test]
fn a_mistake_names_its_line() {
    check_mistakes(
        "backend:\n  listen: ':7007'\ncatalog:\n  readonly: maybe\n",
        1,
        &["`catalog.readonly` (first.yaml:4)"],
    );
}

#[test]
fn wrong_structures_are_told() {
    check_mistakes("backend: 7007", 1, &["`backend` (first.yaml", "must be an object with `listen`, `baseUrl`"]);
    check_mistakes(
        "catalog: { locations: ./a.yaml }",
        1,
        &["`catalog.locations`", "must be a list, but is `./a.yaml`"],
    );
    check_mistakes(
        "catalog: { locations: [./a.yaml] }",
        1,
        &["`catalog.locations[0]`", "an object with `type`, `target`"],
    );
    check_mistakes("catalog: { locations: [null] }", 1, &["but is empty"]);
    check_mistakes("backend: { baseUrl: [a] }", 1, &["`backend.baseUrl`", "but is a list"]);
    check_mistakes("[1, 2]", 1, &["`first.yaml` must hold an object of keys", "but holds a list"]);
}

#[test]
fn an_unknown_key_of_ours_is_a_mistake_with_a_suggestion() {
    check_mistakes(
        "callboard: { graphql: { maxPagesize: 10 } }",
        1,
        &["`callboard.graphql.maxPagesize`", "did you mean `callboard.graphql.maxPageSize`?"],
    );
    check_mistakes(
        "callboard: { colour: red }",
        1,
        &["`callboard.colour` (first.yaml", "is not a setting of Callboard"],
    );
}

#[test]
fn keys_of_backstage_that_are_not_used_are_listed_outermost_only() {
    let loaded = loaded(
        "app: { title: X, baseUrl: 'http://x' }\nbackend: { csp: { connect-src: [] }, cors: { credentials: true } }",
    );
    let keys: Vec<_> = loaded.unused_keys.iter().map(|unused| unused.key.as_str()).collect();
    assert_eq!(keys, ["app", "backend.cors.credentials", "backend.csp"]);
}

#[test]
fn broken_yaml_names_the_file() {
    check_mistakes("backend: [", 1, &["`first.yaml` is not valid YAML"]);
}

#[test]
fn two_keys_that_contradict_each_other_are_told() {
    check_mistakes(
        "callboard: { graphql: { defaultPageSize: 100, maxPageSize: 50 } }",
        1,
        &["callboard.graphql.maxPageSize"],
    );
    check_mistakes("backend: { database: { connection: 'postgres://h/d' } }", 1, &["needs the client `pg`"]);
}

#[test]
fn a_secret_shows_in_no_message_and_no_debug_output() {
    check_mistakes(
        "backend: { database: { client: pg, connection: 'mysql://u:S3CR3T@h/d' } }",
        1,
        &["but is another text"],
    );
    let text = "backend: { database: { client: pg, connection: { password: S3CR3T } } }\n\
                integrations: { github: [{ host: a.example.com, token: S3CR3T }] }";
    assert!(!format!("{:?}", loaded(text)).contains("S3CR3T"));
    let error = load_texts(&["integrations: { github: [{ host: a, token: [S3CR3T] }] }"], &[]).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("S3CR3T"), "{error}");
}

#[test]
fn sqlite_is_configured_as_in_backstage() {
    let file = |path: &str| DatabaseSettings::SqliteFile(path.into());
    check_database(
        "backend: { database: { client: better-sqlite3, connection: ':memory:' } }",
        DatabaseSettings::SqliteMemory,
    );
    check_database("backend: { database: { connection: { directory: /var/db } } }", file("/var/db/callboard.db"));
    check_database("backend: { database: { connection: { filename: /var/x.db } } }", file("/var/x.db"));
    check_database("backend: { database: { connection: ./x.db } }", file("./x.db"));
    check_database("callboard: { dataDirectory: /srv }", file("/srv/callboard.db"));
}

#[test]
fn postgresql_is_configured_as_in_backstage() {
    let pg = |connection: &str| format!("backend: {{ database: {{ client: pg, connection: {connection} }} }}");
    check_database(&pg("'postgres://u:p@h:1/d'"), postgres("postgres://u:p@h:1/d"));
    check_database(&pg("{ connectionString: 'postgresql://u@h/d' }"), postgres("postgresql://u@h/d"));
    check_database(
        &pg("{ host: h, port: '5433', user: u, password: 'a:b@c/d?' }"),
        postgres("postgres://u:a%3Ab%40c%2Fd%3F@h:5433/callboard"),
    );
    check_database(
        &pg("{ host: '::1', ssl: true }"),
        postgres("postgres://postgres@[::1]:5432/callboard?sslmode=verify-full"),
    );
    check_database(
        &pg("{ ssl: { rejectUnauthorized: false } }"),
        postgres("postgres://postgres@localhost:5432/callboard?sslmode=require"),
    );
    check_database(
        &pg("{ host: /run/postgresql, database: d }"),
        postgres("postgres://postgres@localhost:5432/d?host=%2Frun%2Fpostgresql"),
    );
}

#[test]
fn postgresql_without_a_connection_is_a_mistake() {
    check_mistakes("backend: { database: { client: pg } }", 1, &["`backend.database.connection`", "is missing"]);
}

#[test]
fn listening_may_be_an_object() {
    let listen = loaded("backend: { listen: { host: 0.0.0.0, port: 80 } }").settings.backend.listen;
    assert_eq!((listen.host.as_deref(), listen.port), (Some("0.0.0.0"), 80));
}

#[test]
fn rules_distinguish_absent_from_empty() {
    assert_eq!(loaded("catalog: { readonly: false }").settings.catalog.rules, None);
    assert_eq!(loaded("catalog: { rules: [] }").settings.catalog.rules, Some(Vec::new()));
    let rules = loaded("catalog: { rules: [{ allow: [API, { kind: Template, spec.type: website }], locations: [{ pattern: 'https://a/**' }] }] }")
        .settings
        .catalog
        .rules
        .unwrap();
    let template = KindRule { kind: "Template".to_owned(), spec_type: Some("website".to_owned()) };
    assert_eq!(rules[0].allow, [KindRule { kind: "API".to_owned(), spec_type: None }, template]);
    assert_eq!(rules[0].locations.as_ref().unwrap()[0].pattern.as_deref(), Some("https://a/**"));
}

#[test]
fn the_interval_may_be_never() {
    assert_eq!(loaded("catalog: { processingInterval: false }").settings.catalog.processing_interval, None);
    let half_hour = loaded("catalog: { processingInterval: { minutes: 30 } }").settings.catalog.processing_interval;
    assert_eq!(half_hour, Some(Duration::from_secs(1800)));
}

#[test]
fn files_are_taken_in_relative_to_the_file_that_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("more")).unwrap();
    fs::write(path("token.txt"), "ghp_2\n\n").unwrap();
    fs::write(path("more/listen.yaml"), "deep: { listen: { $include: port.json#port } }").unwrap();
    fs::write(path("more/port.json"), r#"{"port": 4321}"#).unwrap();
    fs::write(
        path("app-config.yaml"),
        "backend: { $include: 'more/listen.yaml#deep' }\n\
         integrations: { github: [{ host: github.com, token: { $file: token.txt } }] }",
    )
    .unwrap();
    let settings = load(&[ConfigSource::File(path("app-config.yaml"))], &Environment::new()).unwrap().settings;
    assert_eq!(settings.backend.listen.port, 4321);
    assert_eq!(settings.integrations.github[0].token, Some(Secret::new("ghp_2")));
}

#[test]
fn what_cannot_be_taken_in_is_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(
        &path,
        "backend: { $include: a.yaml }\ncatalog: { $include: nowhere.yaml }\n\
         app: { $file: gone.txt }\nauth: { $include: 'a.yaml#no.such.key' }\nproxy: { $include: a.toml }",
    )
    .unwrap();
    fs::write(folder.path().join("a.toml"), "").unwrap();
    let report = load(&[ConfigSource::File(path)], &Environment::new()).unwrap_err().to_string();
    for part in ["more than 16 files", "nowhere.yaml", "gone.txt", "has no such key", "neither in .yaml nor in .json"] {
        assert!(report.contains(part), "`{part}` is not in: {report}");
    }
}

#[test]
fn a_file_that_is_not_there_is_a_mistake() {
    let error = load(&[ConfigSource::File("/nowhere/app-config.yaml".into())], &Environment::new()).unwrap_err();
    assert!(error.to_string().contains("`/nowhere/app-config.yaml` cannot be read"), "{error}");
}
