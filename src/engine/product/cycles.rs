//! The cycles of the graph, and what can still be reached from each state: by moves that can be counted on.

use super::components::{Components, Tarjan};
use super::graph::{Graph, State};
use std::cell::OnceCell;

/// What there is of cycles.
#[derive(Debug)]
pub(crate) struct Cycles(Kind);

#[derive(Debug)]
enum Kind {
    /// None, and the order of the search is topological.
    Graded,
    /// None; the states, each after those it leads to.
    Acyclic(Vec<State>),
    /// Some; which states lie on one together is found when it is asked for.
    Cyclic(OnceCell<Components>),
}

/// How often the states are gone through to find out what can reach a goal, before their components
/// are looked for.
const SWEEPS: usize = 8;

impl Cycles {
    pub(crate) fn new(graph: &Graph, graded: bool) -> Self {
        Self(if graded {
            Kind::Graded
        } else {
            Tarjan::new(graph).acyclic().map_or(Kind::Cyclic(OnceCell::new()), Kind::Acyclic)
        })
    }

    /// Whether there is a cycle.
    pub(crate) fn any(&self) -> bool {
        matches!(self.0, Kind::Cyclic(_))
    }

    /// Which states lie on a cycle together; nothing if there is no cycle.
    pub(crate) fn components(&self, graph: &Graph) -> Option<&Components> {
        match &self.0 {
            Kind::Cyclic(components) => {
                Some(components.get_or_init(|| Tarjan::new(graph).components()))
            }
            Kind::Graded | Kind::Acyclic(_) => None,
        }
    }

    /// The states, each before those it leads to. Only for a graph without a cycle.
    pub(crate) fn topological(&self, graph: &Graph) -> impl Iterator<Item = State> + '_ {
        let (graded, sorted) = match &self.0 {
            Kind::Graded => (0..graph.len() as State, [].as_slice()),
            Kind::Acyclic(order) => (0..0, order.as_slice()),
            Kind::Cyclic(_) => unreachable!("states on a cycle have no order"),
        };
        sorted.iter().rev().copied().chain(graded)
    }

    /// For each state, whether one of the goals can be reached from it.
    pub(crate) fn can_reach(&self, graph: &Graph, goal: impl Fn(State) -> bool) -> Vec<bool> {
        let mut can: Vec<bool> = (0..graph.len() as State).map(goal).collect();
        match &self.0 {
            Kind::Graded => drop(sweep(graph, &mut can)),
            Kind::Acyclic(order) => {
                for &state in order {
                    can[state as usize] |= leads_on(graph, state, &can);
                }
            }
            Kind::Cyclic(_) if (0..SWEEPS).any(|_| !sweep(graph, &mut can)) => {}
            Kind::Cyclic(_) => {
                for component in self.components(graph).into_iter().flat_map(Components::each) {
                    let reaches = component.iter().any(|&s| can[s as usize])
                        || component.iter().any(|&s| leads_on(graph, s, &can));
                    component.iter().for_each(|&s| can[s as usize] = reaches);
                }
            }
        }
        can
    }
}

/// Goes through the states once, from the last to the first; whether any of them was found to reach
/// a goal. Most moves lead to later states, so it seldom takes more than one or two.
fn sweep(graph: &Graph, can: &mut [bool]) -> bool {
    let mut found = false;
    for state in (0..graph.len() as State).rev() {
        if !can[state as usize] && leads_on(graph, state, can) {
            can[state as usize] = true;
            found = true;
        }
    }
    found
}

fn leads_on(graph: &Graph, state: State, can: &[bool]) -> bool {
    graph.certain_targets(state).any(|target| can[target as usize])
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::graph_of;
    use super::*;

    /// By following the moves from each state, with no regard to cycles.
    fn reaches(graph: &Graph, goal: State) -> Vec<bool> {
        let reaches = |from: State| {
            let mut met = vec![from];
            let mut at = 0;
            while let Some(&state) = met.get(at) {
                met.extend(
                    graph
                        .moves(state)
                        .map(|(_, to)| to)
                        .filter(|to| !met.contains(to))
                        .collect::<Vec<_>>(),
                );
                at += 1;
            }
            met.contains(&goal)
        };
        (0..graph.len() as State).map(reaches).collect()
    }

    fn assert_reaches(moves: &[&[State]], goal: State) -> Cycles {
        let graph = graph_of(moves);
        let cycles = Cycles::new(&graph, false);
        assert_eq!(cycles.can_reach(&graph, |state| state == goal), reaches(&graph, goal));
        cycles
    }

    #[test]
    fn a_goal_is_reached_by_all_that_leads_to_it() {
        let tree: &[&[State]] = &[&[1, 2], &[3], &[3, 4], &[], &[5], &[]];
        for goal in 0..6 {
            assert!(!assert_reaches(tree, goal).any());
            let graph = graph_of(tree);
            let graded = Cycles::new(&graph, true).can_reach(&graph, |state| state == goal);
            assert_eq!(graded, reaches(&graph, goal));
        }
        // Each state but the first leads to the one met before it, so one going through them says
        // little; the last two lead to one another, and two others only to themselves.
        let against: Vec<Vec<State>> = (0..40)
            .map(|state| match state {
                0 => (1..40).collect(),
                1 => vec![],
                20 => vec![20],
                38 => vec![37, 39],
                39 => vec![38],
                _ => vec![state - 1],
            })
            .collect();
        let against: Vec<&[State]> = against.iter().map(Vec::as_slice).collect();
        for goal in [0, 1, 2, 19, 20, 25, 38, 39] {
            assert!(assert_reaches(&against, goal).any());
        }
    }

    #[test]
    fn states_are_on_a_cycle_together_if_each_leads_to_the_other() {
        let graph = graph_of(&[&[1, 2], &[3], &[0, 4], &[1, 5], &[6], &[], &[4, 5]]);
        let cycles = Cycles::new(&graph, false);
        let components = cycles.components(&graph).expect("there are cycles");
        for a in 0..7 {
            let from_a = |b| reaches(&graph, b)[a as usize];
            for b in 0..7 {
                let together = from_a(b) && reaches(&graph, a)[b as usize];
                assert_eq!(components.together(a, b), together, "{a} and {b}");
                assert!(
                    !from_a(b) || components.of(b) <= components.of(a),
                    "{b} is nearer to the end"
                );
            }
        }
        let each: Vec<Vec<State>> = components
            .each()
            .map(|states| {
                let mut states = states.to_vec();
                states.sort_unstable();
                states
            })
            .collect();
        assert_eq!(each.iter().map(Vec::len).sum::<usize>(), 7);
        assert!([vec![0, 2], vec![1, 3], vec![4, 6], vec![5]].iter().all(|c| each.contains(c)));
    }

    #[test]
    fn a_cycle_is_found_wherever_it_is_and_none_where_there_is_none() {
        let any = |moves: &[&[State]]| Cycles::new(&graph_of(moves), false).any();
        assert!(any(&[&[0]]));
        assert!(any(&[&[1, 2], &[3], &[3], &[4, 5], &[], &[1]]));
        assert!(!any(&[&[1, 2], &[3], &[3, 1], &[]]));
        assert!(!any(&[&[1, 2], &[], &[1]]));
        let graph = graph_of(&[&[1, 2], &[], &[3], &[1]]);
        let order: Vec<State> = Cycles::new(&graph, false).topological(&graph).collect();
        assert_eq!(order, [0, 2, 3, 1]);
    }
}
