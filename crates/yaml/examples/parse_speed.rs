//! Measures how fast files are parsed: `cargo run --release -p callboard-yaml --example parse_speed -- FILE…`.
//!
//! Reads each file once, parses it three times, and prints the fastest.
#![allow(clippy::print_stdout, reason = "a program for people to run")]

use std::{env, fs, io, time::Instant};

use callboard_yaml::{YamlLimits, parse_stream};

fn main() -> io::Result<()> {
    let limits = YamlLimits { max_bytes: usize::MAX, max_documents: usize::MAX, ..YamlLimits::default() };
    for file in env::args().skip(1) {
        let text = fs::read(&file)?;
        let mut fastest = f64::INFINITY;
        let (mut documents, mut broken) = (0, 0);
        for _ in 0..3 {
            let begin = Instant::now();
            let stream = parse_stream(&text, &limits);
            fastest = fastest.min(begin.elapsed().as_secs_f64());
            documents = stream.documents.len();
            broken = stream.documents.iter().filter(|document| document.result.is_err()).count();
        }
        #[allow(clippy::cast_precision_loss, reason = "shown with one digit")]
        let megabytes = text.len() as f64 / 1e6;
        println!(
            "{file}: {megabytes:.1} MB, {documents} documents ({broken} broken), {fastest:.3} s, {:.1} MB/s",
            megabytes / fastest
        );
    }
    Ok(())
}
