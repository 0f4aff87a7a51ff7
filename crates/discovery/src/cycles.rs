//! Cycles among the locations of a reading.
//!
//! Owns finding them; that each location is read once, cycle or not, is the walk's doing. Pure.

/// Returns, for each edge given, whether its target leads back to its source.
///
/// `edges` holds `(from, to)` pairs of nodes `0..nodes`. Both ends of an edge lie on one cycle exactly when they are in
/// the same strongly connected component, which Tarjan's algorithm finds in one pass; it is written without recursion,
/// because a chain of Locations can be as long as the file limit.
pub(crate) fn edges_on_cycles(nodes: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    let mut targets = vec![Vec::new(); nodes];
    for (from, to) in edges {
        targets[*from].push(*to);
    }
    let component = components(&targets);
    edges.iter().map(|(from, to)| component[*from] == component[*to]).collect()
}

fn components(targets: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let nodes = targets.len();
    let mut order = vec![UNSEEN; nodes];
    let mut low = vec![UNSEEN; nodes];
    let mut component = vec![UNSEEN; nodes];
    let mut open = Vec::new();
    let mut next = 0;
    for start in 0..nodes {
        if order[start] != UNSEEN {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((node, edge)) = path.pop() {
            if edge == 0 {
                order[node] = next;
                low[node] = next;
                next += 1;
                open.push(node);
            }
            if let Some(&target) = targets[node].get(edge) {
                path.push((node, edge + 1));
                if order[target] == UNSEEN {
                    path.push((target, 0));
                } else if component[target] == UNSEEN {
                    low[node] = low[node].min(order[target]);
                }
                continue;
            }
            if low[node] == order[node] {
                while let Some(member) = open.pop() {
                    component[member] = node;
                    if member == node {
                        break;
                    }
                }
            }
            if let Some((parent, _)) = path.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_cycles(edges: &[(usize, usize)], on_cycle: &[(usize, usize)]) {
        let nodes = edges.iter().flat_map(|(from, to)| [*from, *to]).max().unwrap() + 1;
        let found = edges_on_cycles(nodes, edges);
        let found: Vec<_> = edges.iter().zip(found).filter(|(_, is_on)| *is_on).map(|(edge, _)| *edge).collect();
        assert_eq!(found, on_cycle);
    }

    #[test]
    fn a_tree_has_none() {
        check_cycles(&[(0, 1), (0, 2), (1, 3), (2, 3)], &[]);
    }

    #[test]
    fn a_node_can_lead_to_itself() {
        check_cycles(&[(0, 1), (1, 1)], &[(1, 1)]);
    }

    #[test]
    fn a_cycle_below_a_branch_is_found() {
        check_cycles(&[(0, 1), (0, 2), (1, 2), (2, 1), (2, 3)], &[(1, 2), (2, 1)]);
    }

    #[test]
    fn two_cycles_are_told_apart() {
        check_cycles(&[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)], &[(0, 1), (1, 0), (2, 3), (3, 2)]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_needs_no_stack() {
        let edges: Vec<_> = (0..100_000).map(|node| (node, node + 1)).collect();
        assert!(edges_on_cycles(100_001, &edges).iter().all(|is_on| !is_on));
    }
}
