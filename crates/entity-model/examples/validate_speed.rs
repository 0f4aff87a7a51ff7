//! Measures validating, annotating and serialising: `cargo run --release -p callboard-entity-model --example
//! validate_speed -- FILE.jsonl`, where each line is an entity.
#![allow(clippy::print_stdout, reason = "a program for people to run")]

use std::{env, fs, io, time::Instant};

use callboard_entity_model::{Entity, ModelPolicy};
use serde_json::Value;

fn main() -> io::Result<()> {
    let file = env::args().nth(1).ok_or_else(|| io::Error::other("which file?"))?;
    let values: Vec<Value> = fs::read_to_string(file)?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)?;
    for _ in 0..3 {
        let values = values.clone();
        let (count, mut refused, mut relations, mut bytes) = (values.len(), 0_usize, 0_usize, 0_usize);
        let begin = Instant::now();
        for value in values {
            match Entity::validate(value, ModelPolicy::default()) {
                Ok((mut entity, _)) => {
                    entity.annotate("backstage.io/managed-by-location", "file:/catalog/all.yaml");
                    entity.annotate("backstage.io/managed-by-origin-location", "file:/catalog/all.yaml");
                    relations += entity.relations().len();
                    bytes += entity.into_document().0.len();
                }
                Err(_) => refused += 1,
            }
        }
        let seconds = begin.elapsed().as_secs_f64();
        println!("{count} entities, {refused} refused, {relations} relations, {bytes} bytes: {seconds:.3} s");
    }
    Ok(())
}
