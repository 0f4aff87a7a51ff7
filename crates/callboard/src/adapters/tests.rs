use callboard_config::{ConfigSource, Environment, Settings, load};
use callboard_entity_model::Presence;

use super::{
    NEVER, catalog_settings, client_limit, configured_locations, gateway_settings, reader_settings, webhook_settings,
};

fn settings(text: &str) -> Settings {
    let source = ConfigSource::Text { name: "test.yaml", text: text.to_owned() };
    load(&[source], &Environment::new()).unwrap().settings
}

#[test]
fn an_interval_of_false_never_comes_round() {
    assert_eq!(catalog_settings(&settings("catalog: { processingInterval: false }")).refresh_interval, NEVER);
}

#[test]
fn file_targets_become_absolute_and_addresses_stay() {
    let text = "catalog: { locations: [{ type: file, target: /srv/./a.yaml, presence: optional }, \
                { type: url, target: 'https://a.example.com/../b.yaml' }] }";
    let locations = configured_locations(&settings(text));
    assert_eq!(locations[0].location.reference(), "file:/srv/a.yaml");
    assert_eq!(locations[0].location.presence, Presence::Optional);
    assert_eq!(locations[1].location.reference(), "url:https://a.example.com/../b.yaml");
    assert_eq!(locations[1].rules, None);
}

#[test]
fn absent_rules_stay_absent() {
    assert_eq!(reader_settings(&settings("backend: {}")).rules, None);
    assert_eq!(reader_settings(&settings("catalog: { rules: [] }")).rules, Some(Vec::new()));
}

#[test]
fn the_own_address_is_an_allowed_origin() {
    let text = "backend: { baseUrl: 'https://portal.example.com/x', cors: { origin: 'https://app.example.com' } }";
    let origins = gateway_settings(&settings(text)).unwrap().allowed_origins;
    assert_eq!(origins, ["https://app.example.com", "https://portal.example.com"]);
}

#[test]
fn clients_are_counted_when_a_limit_is_set() {
    assert!(client_limit(&settings("callboard: { redis: 'redis://127.0.0.1:1' }")).unwrap().is_none());
    let text = "{ backend: { trustProxy: true }, callboard: { graphql: { rateLimit: { requests: 5 } } } }";
    assert!(client_limit(&settings(text)).unwrap().unwrap().trusts_proxy);
}

#[test]
fn an_address_of_redis_that_is_none_is_refused_without_its_password() {
    let text = "callboard: { redis: 'nothing://a:S3CR3T@b', graphql: { rateLimit: { requests: 5 } } }";
    let error = client_limit(&settings(text)).unwrap_err();
    assert_eq!(error.to_string(), "`nothing://b` is no address of a Redis server");
}

#[test]
fn a_token_is_handed_on_and_not_shown() {
    let text = "integrations: { github: [{ host: GitHub.com, token: S3CR3T, apiBaseUrl: 'https://api.github.com/' }] }";
    let reader = reader_settings(&settings(text));
    assert_eq!(reader.github[0].host, "github.com");
    assert_eq!(reader.github[0].api_base_url.as_deref(), Some("https://api.github.com"));
    assert!(reader.github[0].token.is_some() && !format!("{reader:?}").contains("S3CR3T"));
}

#[test]
fn events_come_from_the_own_address_and_stay_away_from_private_ones() {
    let usual = webhook_settings(&settings("backend: {}"));
    assert_eq!((usual.source.as_str(), usual.allows_private_targets), ("urn:callboard:catalog", false));
    let text = "backend: { baseUrl: 'https://portal.example.com/x' }\n\
                callboard: { webhooks: { allowedHosts: ['hooks.local:8080'], timeout: 2s, maxSubscriptions: 3 } }";
    let own = webhook_settings(&settings(text));
    assert_eq!((own.source.as_str(), own.max_subscriptions), ("https://portal.example.com/x", 3));
    assert_eq!((own.allowed_hosts, own.timeout.as_secs()), (vec!["hooks.local:8080".to_owned()], 2));
}
