//! The strongly connected components of a graph, called groups.

use std::collections::HashMap;

/// The nodes that each node leads to.
pub(super) type Edges<'m> = HashMap<&'m str, Vec<&'m str>>;

/// The number of each node's group; two nodes lead to each other if it is the same (Kosaraju's algorithm).
pub(super) fn groups<'m>(edges: &Edges<'m>) -> HashMap<&'m str, usize> {
    let mut back: Edges<'m> = HashMap::new();
    for (from, to) in edges {
        to.iter().for_each(|to| back.entry(to).or_default().push(from));
    }
    let mut finished = Vec::new();
    let mut seen = HashMap::new();
    for start in edges.keys() {
        walk(start, edges, 0, &mut seen, &mut finished);
    }
    let mut groups = HashMap::new();
    for (number, start) in finished.iter().rev().enumerate() {
        walk(start, &back, number, &mut groups, &mut Vec::new());
    }
    groups
}

/// Visits the nodes without a number depth first and gives them this one. A node is finished after all nodes that it
/// leads to. The path is a list rather than recursion, since it may be longer than the stack is deep.
fn walk<'m>(
    start: &'m str,
    edges: &Edges<'m>,
    number: usize,
    numbers: &mut HashMap<&'m str, usize>,
    finished: &mut Vec<&'m str>,
) {
    let mut open = vec![(start, false)];
    while let Some((name, is_done)) = open.pop() {
        if is_done {
            finished.push(name);
        } else if !numbers.contains_key(name) {
            numbers.insert(name, number);
            open.push((name, true));
            open.extend(edges.get(name).into_iter().flatten().map(|to| (*to, false)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_that_lead_to_each_other_are_one_group() {
        let edges: Edges<'_> =
            [("a", vec!["b"]), ("b", vec!["c", "d"]), ("c", vec!["a"]), ("d", vec!["e"]), ("e", vec![])].into();
        let groups = groups(&edges);
        let same = |one: &str, other: &str| groups.get(one) == groups.get(other);
        assert!(same("a", "b") && same("b", "c"));
        assert!(!same("a", "d") && !same("d", "e"));
    }
}
