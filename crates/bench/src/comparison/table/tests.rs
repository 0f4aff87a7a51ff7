use super::*;
use crate::comparison::shapes::SHAPES;

fn comparison(costs: &[(Who, f64)]) -> Comparison {
    let mut shape = ShapeCosts::new(&SHAPES[1], 22_000);
    for (who, cost) in costs {
        shape.add(*who, *cost);
    }
    Comparison {
        measured_at: "2026-01-01T00:00:00Z".to_owned(),
        binary_sha256: "abcdef0123456789".to_owned(),
        machine: Machine { processor: "Fast 3000".to_owned(), cores: 2, memory_bytes: 1, kernel: "6.1".to_owned() },
        entities: 10_000,
        rounds: 3,
        seconds: 2,
        peers: vec!["graphql-yoga 5".to_owned()],
        left_out: None,
        static_floor: 7.8,
        shapes: vec![shape],
    }
}

#[test]
fn the_median_of_the_rounds_is_shown_with_its_ratios() {
    let comparison = comparison(&[
        (Who::Floor, 10.0),
        (Who::CacheOn, 12.0),
        (Who::CacheOff, 90.0),
        (Who::CacheOff, 101.0),
        (Who::CacheOff, 500.0),
        (Who::Yoga, 404.0),
        (Who::Mercurius, 50.5),
    ]);
    let table = comparison.render();
    assert!(
        table.contains("| **12.0 µs** | 1.20 | **101.0 µs** | 0.33 | 404.0 µs | 0.25 | 50.5 µs | 2.00 | met |"),
        "{table}"
    );
    assert_eq!(comparison.missed(), Vec::<String>::new());
}

#[test]
fn goals_that_are_not_reached_are_named() {
    let comparison =
        comparison(&[(Who::Floor, 10.0), (Who::CacheOn, 15.1), (Who::CacheOff, 213.0), (Who::Yoga, 425.0)]);
    let missed = comparison.missed();
    assert_eq!(missed.len(), 3, "{missed:#?}");
    assert!(missed[2].contains("15.1 µs, more than 15.0 µs"), "{missed:#?}");
    assert!(comparison.render().contains("**missed**"));
}

#[test]
fn without_the_others_only_what_was_measured_counts() {
    let mut comparison = comparison(&[(Who::Floor, 10.0), (Who::CacheOn, 9.0), (Who::CacheOff, 100.0)]);
    comparison.peers.clear();
    comparison.left_out = Some("the servers of Node are left out: Node is not installed".to_owned());
    let table = comparison.render();
    assert!(table.contains("Node is not installed.") && table.contains("no other server"), "{table}");
    assert!(table.contains("| – | – | – | – | met |"), "{table}");
}
