//! What each thread does, learned once.
//!
//! A thread is a deterministic automaton. A node is where it is: an operation that it has come to,
//! or its end. An edge leads on for each outcome that the operation has had. Each end has two nodes:
//! from the first, at which the thread may still be seen alive, an edge leads to the second.

use super::anew::Anew;
use super::edge::{Edge, edge};
pub(crate) use super::node::{Deed, Divergence, Luggage, NodeId, Origin};
use crate::world::{Finish, Object, Op, Outcome, ThreadId, ThreadOp};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::sync::Arc;

#[derive(Debug)]
struct Node {
    thread: ThreadId,
    deed: Deed,
    origin: Origin,
    anew: Anew,
}

/// What the search needs of a node.
#[derive(Clone, Copy, Debug)]
struct Hot {
    /// None at an end.
    op: Option<Op>,
    /// The edges for operations with at most two outcomes.
    few: [Option<NodeId>; 2],
    /// Whether the thread makes cells on any way from here.
    makes: bool,
}

/// What has been learned, where the search and the run under way find it; one of them looks at a time.
pub(crate) type Learned = Arc<RwLock<Automata>>;

/// The automata of all threads.
#[derive(Debug, Default)]
pub(crate) struct Automata {
    nodes: Vec<Node>,
    hot: Vec<Hot>,
    /// The edges for loads, by the numbers of the values.
    loads: FxHashMap<(NodeId, u32), NodeId>,
    values: FxHashMap<i64, u32>,
    /// The edges for joins.
    joins: FxHashMap<(NodeId, Finish), NodeId>,
    starts: FxHashMap<Option<NodeId>, NodeId>,
    /// The cells that a thread makes on its way to a node.
    made: FxHashMap<Origin, Vec<(Object, u64)>>,
    /// What was there before the program began, with its first states.
    found: Vec<(Object, u64)>,
    promises: FxHashMap<(ThreadId, Vec<u8>), NodeId>,
    plain_ends: FxHashMap<ThreadId, NodeId>,
    /// How many bytes the keys, the messages and the lists of what is made take.
    beside: usize,
    any_cut: bool,
    any_loop: bool,
    any_question: bool,
    most_choices: u32,
    /// The spins that were closed: where each begins, by how a thread comes back to it.
    heads: FxHashMap<Origin, NodeId>,
}

impl Automata {
    /// A thread gets somewhere: finds the node, or learns it.
    pub(crate) fn arrive(
        &mut self,
        thread: ThreadId,
        origin: Origin,
        luggage: Luggage,
        deed: Deed,
        returns_nothing: bool,
    ) -> Result<NodeId, Divergence> {
        if let Some(node) = self.next(origin) {
            self.compare_made(thread, origin, luggage.made)?;
            return self.recognise(node, thread, deed);
        }
        let plain_end = deed == Deed::End(None) && returns_nothing;
        let promise = luggage.promise.map(|key| (thread, key));
        let promised = promise.as_ref().and_then(|promise| self.promises.get(promise)).copied();
        let known =
            promised.or_else(|| self.plain_ends.get(&thread).copied().filter(|_| plain_end));
        let node = match known {
            Some(node) => self.recognise(node, thread, deed)?,
            None => self.learn(thread, origin, deed, luggage.has_written),
        };
        if plain_end {
            self.plain_ends.insert(thread, node);
        }
        if let Some(promise) = promise.filter(|_| promised.is_none()) {
            self.beside += promise.1.len();
            self.promises.insert(promise, node);
        }
        self.connect(origin, node);
        if !luggage.made.is_empty() {
            if let Origin::After(from, _) = origin {
                self.hot[from.index()].makes = true;
            }
            self.beside += size_of_val(&luggage.made[..]);
            self.made.insert(origin, luggage.made);
        }
        Ok(node)
    }

    fn compare_made(
        &self,
        thread: ThreadId,
        origin: Origin,
        now: Vec<(Object, u64)>,
    ) -> Result<(), Divergence> {
        let before = self.made(origin);
        if before == now {
            return Ok(());
        }
        Err(Divergence { thread, before: Deed::Made(before.to_vec()), now: Deed::Made(now) })
    }

    /// A thread comes to what was there before the program began, and has this first state.
    pub(crate) fn find(&mut self, object: Object, bits: u64) -> Result<(), Divergence> {
        match self.found.iter().find(|(known, _)| *known == object) {
            None => self.found.push((object, bits)),
            Some(&before) if before.1 != bits => {
                let [before, now] = [before, (object, bits)].map(|it| Deed::Made(vec![it]));
                return Err(Divergence { thread: ThreadId::MAIN, before, now });
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// What was there before the program began, as far as a thread has come to it, with its first states.
    pub(crate) fn found(&self) -> &[(Object, u64)] {
        &self.found
    }

    fn recognise(&self, node: NodeId, thread: ThreadId, now: Deed) -> Result<NodeId, Divergence> {
        let before = &self.nodes[node.index()].deed;
        let same = match (before, &now) {
            (Deed::Op(a, _), Deed::Op(b, _)) => a == b,
            (a, b) => a == b,
        };
        if same { Ok(node) } else { Err(Divergence { thread, before: before.clone(), now }) }
    }

    /// A new node, and the one after it if it is an end.
    fn learn(&mut self, thread: ThreadId, origin: Origin, deed: Deed, has_written: bool) -> NodeId {
        let before = match origin {
            Origin::Start(_) => (Anew::default(), None),
            Origin::After(node, _) => (self.nodes[node.index()].anew, self.op(node)),
        };
        let anew = before.0.after(before.1, has_written);
        let over = matches!(deed, Deed::End(_)).then(|| deed.clone());
        let node = self.add(Node { thread, deed, origin, anew });
        if let Some(deed) = over {
            let ended = Origin::After(node, Outcome::Done);
            let last = self.add(Node { thread, deed, origin: ended, anew });
            self.connect(ended, last);
        }
        node
    }

    fn add(&mut self, it: Node) -> NodeId {
        let node = NodeId::new(self.nodes.len());
        self.any_cut |= matches!(it.deed, Deed::Cut);
        if let Deed::End(Some(message)) = &it.deed {
            self.beside += message.len();
        }
        self.any_question |= matches!(it.deed, Deed::Op(Op::Thread(_, ThreadOp::IsFinished), _));
        let op = match it.deed {
            Deed::Op(op, _) => Some(op),
            Deed::End(_) | Deed::Cut | Deed::Made(_) => None,
        };
        self.most_choices = self.most_choices.max(op.map_or(1, Op::choices));
        self.hot.push(Hot { op, few: [None; 2], makes: false });
        self.nodes.push(it);
        node
    }

    fn connect(&mut self, origin: Origin, node: NodeId) {
        match origin {
            Origin::Start(spawned_at) => drop(self.starts.insert(spawned_at, node)),
            Origin::After(from, outcome) => match edge(outcome) {
                Edge::Few(slot) => self.hot[from.index()].few[slot] = Some(node),
                Edge::Load(value) => {
                    let next = self.values.len() as u32;
                    let value = *self.values.entry(value).or_insert(next);
                    self.loads.insert((from, value), node);
                }
                Edge::Join(finish) => drop(self.joins.insert((from, finish), node)),
            },
        }
    }

    /// Where a thread gets from there, if that is known.
    pub(crate) fn next(&self, origin: Origin) -> Option<NodeId> {
        match origin {
            Origin::Start(spawned_at) => self.starts.get(&spawned_at).copied(),
            Origin::After(node, outcome) => self.after(node, outcome),
        }
    }

    /// By what a thread first came to where it goes round, if it comes back from there; else by this.
    pub(crate) fn first(&self, origin: Origin) -> Origin {
        self.heads.get(&origin).map_or(origin, |&head| self.origin(head))
    }

    /// Where a thread gets when an operation answers so, if that is known.
    #[inline]
    pub(crate) fn after(&self, node: NodeId, outcome: Outcome) -> Option<NodeId> {
        match edge(outcome) {
            Edge::Few(slot) => self.hot[node.index()].few[slot],
            Edge::Load(value) => {
                let value = *self.values.get(&value)?;
                self.loads.get(&(node, value)).copied()
            }
            Edge::Join(finish) => self.joins.get(&(node, finish)).copied(),
        }
    }

    /// The cells that a thread makes on its way from there.
    #[inline]
    pub(crate) fn made(&self, origin: Origin) -> &[(Object, u64)] {
        match origin {
            Origin::After(from, _) if !self.hot[from.index()].makes => return &[],
            _ => {}
        }
        self.made.get(&origin).map_or(&[], Vec::as_slice)
    }

    /// The operation that a thread has come to; none at its end.
    #[inline]
    pub(crate) fn op(&self, node: NodeId) -> Option<Op> {
        self.hot[node.index()].op
    }

    pub(crate) fn deed(&self, node: NodeId) -> &Deed {
        &self.nodes[node.index()].deed
    }

    pub(crate) fn thread(&self, node: NodeId) -> ThreadId {
        self.nodes[node.index()].thread
    }

    /// Whether the moves of the thread from there that cannot be counted on are left out.
    pub(crate) fn holds_back(&self, node: NodeId) -> bool {
        self.nodes[node.index()].anew.is_enough()
    }

    /// Whether any thread ever cuts the run off.
    #[inline]
    pub(crate) fn any_cut(&self) -> bool {
        self.any_cut
    }

    /// A thread has come back to where it had been in the same run.
    pub(crate) fn close_loop(&mut self) {
        self.any_loop = true;
    }

    /// A thread that comes from there goes round, and is at this node again.
    pub(crate) fn close_spin(&mut self, origin: Origin, head: NodeId) {
        self.connect(origin, head);
        self.heads.insert(origin, head);
        self.close_loop();
    }

    /// How many spins were closed.
    pub(crate) fn spins(&self) -> usize {
        self.heads.len()
    }

    /// Whether any thread has come back to where it had been.
    #[inline]
    pub(crate) fn any_loop(&self) -> bool {
        self.any_loop
    }

    /// Whether any thread ever asks whether another one has ended.
    #[inline]
    pub(crate) fn any_question(&self) -> bool {
        self.any_question
    }

    /// In how many ways an operation can be meant, at most.
    pub(crate) fn most_choices(&self) -> usize {
        self.most_choices as usize
    }

    /// Whether nothing comes after this node, not even the end.
    pub(crate) fn has_ended(&self, node: NodeId) -> bool {
        let hot = &self.hot[node.index()];
        hot.op.is_none() && hot.few[0].is_none()
    }

    /// Of the two nodes of an end, the one at which the thread came to it.
    pub(crate) fn end_before(&self, node: NodeId) -> NodeId {
        match self.origin(node) {
            Origin::After(before, _) if self.op(before).is_none() => before,
            _ => node,
        }
    }

    /// Whether the thread cut the run off there.
    pub(crate) fn cut(&self, node: NodeId) -> bool {
        *self.deed(node) == Deed::Cut
    }

    /// Whether the thread ended in a panic there.
    pub(crate) fn panicked(&self, node: NodeId) -> bool {
        matches!(self.deed(node), Deed::End(Some(_)))
    }

    /// How a thread first got to a node.
    pub(crate) fn origin(&self, node: NodeId) -> Origin {
        self.nodes[node.index()].origin
    }

    /// Every node.
    pub(crate) fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId::new)
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// How many bytes all of this takes, spare capacity left out.
    pub(crate) fn bytes(&self) -> usize {
        self.nodes.len() * (size_of::<Node>() + size_of::<Hot>())
            + bytes(&self.loads)
            + bytes(&self.values)
            + bytes(&self.joins)
            + bytes(&self.starts)
            + bytes(&self.made)
            + bytes(&self.promises)
            + bytes(&self.heads)
            + size_of_val(&self.found[..])
            + self.beside
    }
}

/// How many bytes the slots of a map take that are in use, each with the byte of its hash.
fn bytes<K, V>(map: &FxHashMap<K, V>) -> usize {
    map.len() * (size_of::<(K, V)>() + 1)
}
