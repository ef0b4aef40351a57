//! What to tell which threads, so that one of them gets to a node.

use super::automata::{Automata, NodeId, Origin};
use crate::world::{Outcome, ThreadId};
use std::collections::HashMap;

/// Tells just enough threads just enough for a thread to get to a node and be told this outcome
/// there: the thread itself, those that spawned it, and those that it joined. None if two of them
/// need a third in two different places; then only a whole schedule will do.
pub(crate) fn script(
    automata: &Automata,
    node: NodeId,
    outcome: Outcome,
) -> Option<Vec<(ThreadId, Outcome)>> {
    let mut script = Script { automata, driven: HashMap::new(), lines: Vec::new() };
    script.drive(node)?;
    let thread = automata.thread(node);
    (script.driven[&thread].last() == Some(&node)).then_some(())?;
    script.tell(thread, outcome)?;
    Some(script.lines)
}

struct Script<'a> {
    automata: &'a Automata,
    /// The nodes that each thread has come to, the last being where it is.
    driven: HashMap<ThreadId, Vec<NodeId>>,
    lines: Vec<(ThreadId, Outcome)>,
}

impl Script<'_> {
    /// Brings the thread of this node at least there.
    fn drive(&mut self, node: NodeId) -> Option<()> {
        let thread = self.automata.thread(node);
        let way = way_to(self.automata, node);
        let mut at = self.driven.get(&thread).map_or(0, Vec::len);
        if at == 0 {
            self.start(thread, &way)?;
            at = 1;
        }
        let driven = &self.driven[&thread];
        let common = at.min(way.nodes.len());
        (driven[..common] == way.nodes[..common]).then_some(())?;
        for i in at..way.nodes.len() {
            self.tell(thread, way.told[i - 1])?;
            self.driven.get_mut(&thread)?.push(way.nodes[i]);
        }
        Some(())
    }

    /// Has whoever spawned the thread spawn it.
    fn start(&mut self, thread: ThreadId, way: &Way) -> Option<()> {
        if let Some(spawned_at) = way.spawned_at {
            self.drive(spawned_at)?;
            let parent = self.automata.thread(spawned_at);
            if self.driven[&parent].last() == Some(&spawned_at) {
                let next = self.automata.after(spawned_at, Outcome::Done);
                self.tell(parent, Outcome::Done)?;
                self.driven.get_mut(&parent)?.extend(next);
            }
        }
        self.driven.insert(thread, vec![way.nodes[0]]);
        Some(())
    }

    /// A thread is told an outcome; one that it joined has to have ended so.
    fn tell(&mut self, thread: ThreadId, outcome: Outcome) -> Option<()> {
        if let Outcome::Joined(finish) = outcome {
            self.drive(NodeId::from_word(finish.token)?)?;
        }
        self.lines.push((thread, outcome));
        Some(())
    }
}

/// How a thread first got to a node.
struct Way {
    spawned_at: Option<NodeId>,
    nodes: Vec<NodeId>,
    told: Vec<Outcome>,
}

fn way_to(automata: &Automata, node: NodeId) -> Way {
    let mut way = Way { spawned_at: None, nodes: vec![node], told: Vec::new() };
    let mut at = node;
    loop {
        match automata.origin(at) {
            Origin::After(before, outcome) => {
                way.nodes.push(before);
                way.told.push(outcome);
                at = before;
            }
            Origin::Start(spawned_at) => {
                way.spawned_at = spawned_at;
                way.nodes.reverse();
                way.told.reverse();
                return way;
            }
        }
    }
}
