//! The cycles of the graph, and what can still be reached from each state.

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
    graph.moves(state).any(|(_, target)| can[target as usize])
}
