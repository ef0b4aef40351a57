//! The cycles of the graph, and what can still be reached from each state.

use super::graph::{Graph, State};

/// The strongly connected components, by Tarjan's algorithm ("Depth-first search and linear graph
/// algorithms", 1972), which gives them in reverse topological order.
#[derive(Debug)]
pub(crate) struct Cycles {
    /// The component of each state; a smaller number is nearer to the end. Empty if the graph is
    /// graded: each state is a component then, in the order of the search.
    component: Vec<u32>,
    /// The states in the order of their components.
    order: Vec<State>,
    any: bool,
}

const UNSEEN: u32 = u32::MAX;

impl Cycles {
    pub(crate) fn new(graph: &Graph, graded: bool) -> Self {
        if graded {
            return Self { component: Vec::new(), order: Vec::new(), any: false };
        }
        Tarjan::new(graph).run()
    }

    /// Whether there is a cycle.
    pub(crate) fn any(&self) -> bool {
        self.any
    }

    /// The number of a state's component.
    pub(crate) fn of(&self, state: State) -> u32 {
        self.component.get(state as usize).copied().unwrap_or(state)
    }

    /// Whether two states lie on a common cycle, or are the same.
    pub(crate) fn together(&self, a: State, b: State) -> bool {
        self.of(a) == self.of(b)
    }

    /// The states, each before those it leads to. Only for a graph without a cycle.
    pub(crate) fn topological(&self, graph: &Graph) -> impl Iterator<Item = State> + '_ {
        let sorted = self.order.iter().rev().copied();
        let graded = if self.order.is_empty() { 0..graph.len() as State } else { 0..0 };
        sorted.chain(graded)
    }

    /// For each state, whether one of the goals can be reached from it.
    pub(crate) fn can_reach(&self, graph: &Graph, goal: impl Fn(State) -> bool) -> Vec<bool> {
        let mut can = vec![false; graph.len()];
        if self.order.is_empty() {
            for state in (0..graph.len() as State).rev() {
                can[state as usize] = goal(state) || self.leads_on(graph, state, &can);
            }
            return can;
        }
        let same = |&a: &State, &b: &State| self.together(a, b);
        for component in self.order.chunk_by(same) {
            let reaches =
                component.iter().any(|&state| goal(state) || self.leads_on(graph, state, &can));
            component.iter().for_each(|&state| can[state as usize] = reaches);
        }
        can
    }

    fn leads_on(&self, graph: &Graph, state: State, can: &[bool]) -> bool {
        graph.moves(state).any(|(_, target)| can[target as usize])
    }
}

struct Tarjan<'a> {
    graph: &'a Graph,
    number: Vec<u32>,
    low: Vec<u32>,
    component: Vec<u32>,
    order: Vec<State>,
    open: Vec<State>,
    calls: Vec<(State, u32)>,
    next: u32,
    components: u32,
    any: bool,
}

impl<'a> Tarjan<'a> {
    fn new(graph: &'a Graph) -> Self {
        let len = graph.len();
        Self {
            graph,
            number: vec![UNSEEN; len],
            low: vec![0; len],
            component: vec![UNSEEN; len],
            order: Vec::with_capacity(len),
            open: Vec::new(),
            calls: Vec::new(),
            next: 0,
            components: 0,
            any: false,
        }
    }

    fn run(mut self) -> Cycles {
        if self.graph.len() > 0 {
            self.enter(0);
        }
        while let Some((state, done)) = self.calls.pop() {
            self.visit(state, done);
        }
        Cycles { component: self.component, order: self.order, any: self.any }
    }

    fn enter(&mut self, state: State) {
        self.number[state as usize] = self.next;
        self.low[state as usize] = self.next;
        self.next += 1;
        self.open.push(state);
        self.calls.push((state, 0));
    }

    /// Looks at the moves of a state from the `done`th on, and goes into the first unseen target.
    fn visit(&mut self, state: State, done: u32) {
        let at = state as usize;
        for (i, (_, target)) in (done..).zip(self.graph.moves(state).skip(done as usize)) {
            let to = target as usize;
            if self.number[to] == UNSEEN {
                self.calls.push((state, i));
                return self.enter(target);
            }
            if self.component[to] == UNSEEN {
                self.any |= target == state;
                self.low[at] = self.low[at].min(self.low[to]);
            }
        }
        if self.low[at] == self.number[at] {
            self.close(state);
        }
    }

    fn close(&mut self, root: State) {
        let from = self.order.len();
        while let Some(state) = self.open.pop() {
            self.component[state as usize] = self.components;
            self.order.push(state);
            if state == root {
                break;
            }
        }
        self.any |= self.order.len() - from > 1;
        self.components += 1;
    }
}
