//! Which states lie on a cycle together.

use super::graph::{Graph, State};

/// The strongly connected components, in reverse topological order.
#[derive(Debug)]
pub(crate) struct Components {
    /// The component of each state; a smaller number is nearer to the end.
    component: Vec<u32>,
    /// The states in the order of their components.
    order: Vec<State>,
}

impl Components {
    /// The number of a state's component.
    pub(crate) fn of(&self, state: State) -> u32 {
        self.component[state as usize]
    }

    /// Whether two states lie on a common cycle, or are the same.
    pub(crate) fn together(&self, a: State, b: State) -> bool {
        self.of(a) == self.of(b)
    }

    /// The states of each component, those nearer to the end first.
    pub(crate) fn each(&self) -> impl Iterator<Item = &[State]> {
        self.order.chunk_by(|&a, &b| self.together(a, b))
    }
}

const UNSEEN: u32 = u32::MAX;

/// Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972).
pub(crate) struct Tarjan<'a> {
    graph: &'a Graph,
    number: Vec<u32>,
    low: Vec<u32>,
    component: Vec<u32>,
    order: Vec<State>,
    open: Vec<State>,
    calls: Vec<(State, u32)>,
    next: u32,
    components: u32,
    /// Whether a move leads back to where the search came from.
    back: bool,
}

impl<'a> Tarjan<'a> {
    pub(crate) fn new(graph: &'a Graph) -> Self {
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
            back: false,
        }
    }

    pub(crate) fn components(mut self) -> Components {
        self.run(|_| false);
        Components { component: self.component, order: self.order }
    }

    /// The states, each after those it leads to; nothing as soon as a cycle is found.
    pub(crate) fn acyclic(mut self) -> Option<Vec<State>> {
        self.run(|tarjan| tarjan.back);
        (!self.back).then_some(self.order)
    }

    /// Not every state need be reached from the first by moves that can be counted on.
    fn run(&mut self, enough: impl Fn(&Self) -> bool) {
        for root in 0..self.graph.len() as State {
            if self.number[root as usize] == UNSEEN {
                self.enter(root);
            }
            while !enough(self)
                && let Some((state, done)) = self.calls.pop()
            {
                self.visit(state, done);
            }
        }
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
        for (i, target) in (done..).zip(self.graph.certain_targets(state).skip(done as usize)) {
            let to = target as usize;
            if self.number[to] == UNSEEN {
                self.calls.push((state, i));
                return self.enter(target);
            }
            if self.component[to] == UNSEEN {
                self.back |= self.number[to] <= self.number[at];
                self.low[at] = self.low[at].min(self.low[to]);
            }
        }
        if self.low[at] == self.number[at] {
            self.close(state);
        }
    }

    fn close(&mut self, root: State) {
        while let Some(state) = self.open.pop() {
            self.component[state as usize] = self.components;
            self.order.push(state);
            if state == root {
                break;
            }
        }
        self.components += 1;
    }
}
