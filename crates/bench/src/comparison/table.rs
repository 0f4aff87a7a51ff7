//! What the comparison came to, and its table.
//!
//! Owns the goals and how they are shown. Measuring is the parent's work.

use std::fmt::Write as _;

use super::shapes::Shape;
use crate::{machine::Machine, statistics::median};

/// Where the table stands in the document.
pub(crate) const MARKERS: (&str, &str) =
    ("<!-- comparison: written by the benchmark, do not edit -->", "<!-- end of comparison -->");

/// The share of what async-graphql takes by itself that is the most for us, without the cache.
const OF_ANCHOR: f64 = 0.7;
/// The share of what graphql-yoga takes that is the most for us, without the cache.
const OF_YOGA: f64 = 0.5;
/// How many times what the bare handler takes is the most for us, with the cache.
const OF_FLOOR: f64 = 1.5;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// A bare axum handler with the bytes of our answer.
    Floor,
    CacheOn,
    CacheOff,
    Yoga,
    Mercurius,
}

impl Who {
    /// Returns its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Floor => "the bare handler",
            Self::CacheOn => "Callboard, cache on",
            Self::CacheOff => "Callboard, cache off",
            Self::Yoga => "graphql-yoga",
            Self::Mercurius => "mercurius with graphql-jit",
        }
    }
}

/// What one question costs, in microseconds of processor time a request, one value a round.
#[derive(Debug)]
pub(crate) struct ShapeCosts {
    id: &'static str,
    what: &'static str,
    anchor: f64,
    answer_bytes: usize,
    values: [Vec<f64>; 5],
}

/// Everything that was measured.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) measured_at: String,
    pub(crate) binary_sha256: String,
    pub(crate) machine: Machine,
    pub(crate) entities: u64,
    pub(crate) rounds: u32,
    pub(crate) seconds: u64,
    /// Names and versions of the other servers.
    pub(crate) peers: Vec<String>,
    /// Why there are none, if so.
    pub(crate) left_out: Option<String>,
    /// What a thousand static bytes cost.
    pub(crate) static_floor: f64,
    pub(crate) shapes: Vec<ShapeCosts>,
}

impl ShapeCosts {
    /// Begins with nothing measured.
    pub(crate) fn new(shape: &Shape, answer_bytes: usize) -> Self {
        let Shape { id, what, anchor, .. } = *shape;
        Self { id, what, anchor, answer_bytes, values: Default::default() }
    }

    /// Adds one round.
    pub(crate) fn add(&mut self, who: Who, microseconds: f64) {
        self.values[who as usize].push(microseconds);
    }

    /// Returns all medians in one line.
    pub(crate) fn line(&self) -> String {
        let all = [Who::Floor, Who::CacheOn, Who::CacheOff, Who::Yoga, Who::Mercurius];
        let costs: Vec<_> =
            all.iter().filter_map(|it| Some(format!("{} {:.1} µs", it.name(), self.of(*it)?))).collect();
        format!("{} ({}): {}", self.id, self.what, costs.join(", "))
    }

    fn of(&self, who: Who) -> Option<f64> {
        median(&self.values[who as usize])
    }

    /// Returns each goal: what it is, and what was reached and allowed, both in microseconds.
    fn goals(&self) -> Vec<(&'static str, f64, f64)> {
        let goal = |what, who, of: Option<f64>, share: f64| Some((what, self.of(who)?, of? * share));
        let goals = [
            goal("cache off ≤ 0.7 × async-graphql by itself", Who::CacheOff, Some(self.anchor), OF_ANCHOR),
            goal("cache off ≤ ½ × graphql-yoga", Who::CacheOff, self.of(Who::Yoga), OF_YOGA),
            goal("cache on ≤ 1.5 × the bare handler", Who::CacheOn, self.of(Who::Floor), OF_FLOOR),
        ];
        goals.into_iter().flatten().collect()
    }
}

impl Comparison {
    /// Returns the goals that are not reached.
    pub(crate) fn missed(&self) -> Vec<String> {
        let of_shape = |shape: &ShapeCosts| {
            let missed = shape.goals().into_iter().filter(|(_, reached, allowed)| reached > allowed);
            let told = missed.map(|(what, reached, allowed)| {
                format!("{}: {what}: {reached:.1} µs, more than {allowed:.1} µs", shape.id)
            });
            told.collect::<Vec<_>>()
        };
        self.shapes.iter().flat_map(of_shape).collect()
    }

    /// Returns the table as Markdown.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        let peers = if self.peers.is_empty() { "no other server".to_owned() } else { self.peers.join(", ") };
        // Writing into a string cannot fail, here and below.
        let _ = writeln!(
            text,
            "{} components and APIs in memory, 16 connections, median of {} rounds of {} s; {peers}; measured {} on {} cores \
             of {}, Linux {}; binary {}. A bare axum handler takes {:.1} µs for a POST that is answered with a static \
             kilobyte.\n",
            self.entities,
            self.rounds,
            self.seconds,
            self.measured_at,
            self.machine.cores,
            self.machine.processor,
            self.machine.kernel,
            self.binary_sha256.get(..12).unwrap_or_default(),
            self.static_floor,
        );
        if let Some(reason) = &self.left_out {
            let _ = writeln!(text, "{reason}.\n");
        }
        text.push_str(
            "| processor time a request | answer | bare axum handler, same bytes | Callboard, answer cache on | × bare | \
             Callboard, answer cache off | × async-graphql by itself | graphql-yoga | off : yoga | mercurius + jit | \
             off : mercurius | |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        );
        for shape in &self.shapes {
            shape_row(&mut text, shape);
        }
        text
    }
}

fn shape_row(text: &mut String, shape: &ShapeCosts) {
    let cost = |who| shape.of(who).map_or_else(|| "–".to_owned(), |cost| format!("{cost:.1} µs"));
    let ratio = |who, to: Option<f64>| match (shape.of(who), to) {
        (Some(cost), Some(to)) if to > 0.0 => format!("{:.2}", cost / to),
        _ => "–".to_owned(),
    };
    let missed = shape.goals().iter().filter(|(_, reached, allowed)| reached > allowed).count();
    let verdict = if missed == 0 { "met" } else { "**missed**" };
    let _ = writeln!(
        text,
        "| {}: {} | {} B | {} | **{}** | {} | **{}** | {} | {} | {} | {} | {} | {verdict} |",
        shape.id,
        shape.what,
        shape.answer_bytes,
        cost(Who::Floor),
        cost(Who::CacheOn),
        ratio(Who::CacheOn, shape.of(Who::Floor)),
        cost(Who::CacheOff),
        ratio(Who::CacheOff, Some(shape.anchor)),
        cost(Who::Yoga),
        ratio(Who::CacheOff, shape.of(Who::Yoga)),
        cost(Who::Mercurius),
        ratio(Who::CacheOff, shape.of(Who::Mercurius)),
    );
}

#[cfg(test)]
mod tests;
