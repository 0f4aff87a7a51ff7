//! How many levels of fields each selection set has.
//!
//! Owns one walk over an outline that enters each set once, fragments included, and notices circles.

use super::outline::{Kind, Outline, SetId};

#[derive(Clone, Copy)]
enum Visit {
    Pending,
    Open,
    Done(u64),
}

/// Returns the levels of fields below each set that an operation or fragment leads to; nothing when fragments lead back
/// to themselves.
pub(super) fn depths(outline: &Outline<'_>) -> Option<Vec<u64>> {
    let mut visits = vec![Visit::Pending; outline.sets.len()];
    let operations = outline.operations.iter().map(|operation| operation.set);
    let mut stack: Vec<_> = operations.chain(outline.fragments.iter().map(|fragment| fragment.set)).collect();
    while let Some(set) = stack.last().copied() {
        match visits[set] {
            Visit::Pending => {
                visits[set] = Visit::Open;
                for (below, _) in below(outline, set) {
                    match visits[below] {
                        Visit::Pending => stack.push(below),
                        Visit::Open => return None,
                        Visit::Done(_) => {}
                    }
                }
            }
            Visit::Open => {
                let levels = below(outline, set).map(|(below, levels)| match visits[below] {
                    Visit::Done(depth) => depth + levels,
                    _ => levels,
                });
                let leaf = outline.sets[set].iter().any(|selection| matches!(selection.kind, Kind::Field(..)));
                visits[set] = Visit::Done(levels.max().unwrap_or(0).max(u64::from(leaf)));
                stack.pop();
            }
            Visit::Done(_) => {
                stack.pop();
            }
        }
    }
    Some(visits.iter().map(|visit| if let Visit::Done(depth) = visit { *depth } else { 0 }).collect())
}

/// The sets that a set leads to, and how many levels of fields lie between.
fn below<'o>(outline: &'o Outline<'_>, set: SetId) -> impl Iterator<Item = (SetId, u64)> + 'o {
    outline.sets[set].iter().filter_map(|selection| match selection.kind {
        Kind::Field(_, below) => below.map(|below| (below, 1)),
        Kind::Inline(_, set) => Some((set, 0)),
        Kind::Spread(fragment) => fragment.map(|fragment| (outline.fragments[fragment].set, 0)),
    })
}
