use std::time::Instant;
use serde_json::json;
use crate::support::{TestGateway, component};

#[tokio::test]
async fn speed() {
    let gateway = TestGateway::empty().await;
    let many = (0..50_000).map(|n| { let mut c = component(&format!("c{n:05}"), ["service","website","library"][n % 3], &format!("team-{}", n % 200));
        c["metadata"]["title"] = json!(format!("Component {n}")); c["metadata"]["description"] = json!("Some text about it that is not too short."); c["metadata"]["tags"] = json!(["a","b"]); c }).collect();
    let t = Instant::now();
    gateway.configure("file:/many.yaml", many).await;
    println!("import {:?}", t.elapsed());
    for (name, query) in [
        ("revision", "{ revision }"),
        ("entity 12 fields", r#"{ entity(ref: "component:default/c00777") { id ref kind namespace name title description tags revision updatedAt ownerRef ... on Component { type lifecycle } } }"#),
        ("page 20 + total", r#"{ entities(filter: { kind: { eq: "Component" } }, orderBy: [{ field: NAME }], first: 20) { totalCount pageInfo { endCursor } nodes { ref name title ownerRef ... on Component { type lifecycle } } } }"#),
        ("page 100x8", r#"{ entities(first: 100) { nodes { ref kind name title description tags ... on Component { type lifecycle } } } }"#),
        ("three facets", r#"{ entities(filter: { kind: { eq: "Component" } }) { totalCount facets(fields: ["type","lifecycle","owner"]) { field values { value count } } } }"#),
        ("23k duplicates", &format!("{{ {} }}", "revision ".repeat(23_000))),
        ("4000 aliases of entities", &format!("{{ {} }}", (0..3900).map(|n| format!("a{n}:entities{{totalCount}} ")).collect::<String>())),
    ] {
        let body = json!({ "query": query });
        let first = gateway.post(&body).await;
        let rounds = if query.len() > 5_000 { 5 } else { 2_000 };
        let t = Instant::now();
        for _ in 0..rounds { gateway.post(&body).await; }
        println!("{name}: {:?} per request, {} bytes, {}", t.elapsed() / rounds, first.text.len(), &first.text[..first.text.len().min(120)]);
    }
}
