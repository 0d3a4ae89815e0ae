//! Which things lead to each other: the groups (strongly connected components) of a graph.

use std::collections::HashMap;

/// What each thing leads to.
pub(super) type Edges<'m> = HashMap<&'m str, Vec<&'m str>>;

/// The number of each thing's group: two things lead to each other where it is the same (Kosaraju's algorithm).
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

/// Goes depth first to what has no number yet and gives it this one; things are finished after all that they lead to. The way
/// is kept by hand, for it may be longer than the stack is deep.
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
    fn what_leads_to_each_other_is_one_group() {
        let edges: Edges<'_> =
            [("a", vec!["b"]), ("b", vec!["c", "d"]), ("c", vec!["a"]), ("d", vec!["e"]), ("e", vec![])].into();
        let groups = groups(&edges);
        let same = |one: &str, other: &str| groups.get(one) == groups.get(other);
        assert!(same("a", "b") && same("b", "c"));
        assert!(!same("a", "d") && !same("d", "e"));
    }
}
