//! Follows a thread that goes round.

use super::{Follower, Position};
use crate::engine::product::automata::{Deed, Luggage, NodeId, Origin};
use crate::engine::product::spin::{Shows, Spin, Told};
use crate::world::{DataId, Outcome, ThreadId};
use std::sync::Arc;

impl Follower {
    /// The node that a thread is taken to be at that goes round, or begins to.
    pub(super) fn spin(&mut self, thread: ThreadId, deed: &Deed) -> Option<NodeId> {
        let is_led = self.leads(thread);
        let automata = Arc::clone(&self.automata);
        let cursor = self.cursor(thread);
        let carries = cursor.luggage.promise.is_some() || !cursor.luggage.made.is_empty();
        let Some(spin) = &mut cursor.spin else {
            let Position::Between(origin) = cursor.at else { return None };
            let known = automata.read();
            let is_new = is_led && !carries && known.next(origin).is_none();
            let spin =
                is_new.then(|| Spin::begin(&known, &cursor.trail, origin, deed)).flatten()?;
            let head = spin.head();
            cursor.spin = Some(spin);
            return Some(head);
        };
        let shows = if carries { Shows::Other } else { spin.arrive(&automata.read(), deed) };
        match shows {
            Shows::Same(node) => Some(node),
            Shows::Closed(node) => {
                automata.write().close_spin(spin.origin(), node);
                cursor.spin = None;
                Some(node)
            }
            Shows::Other => {
                let last = self.unfold(thread);
                self.cursor(thread).at = Position::Between(last);
                None
            }
        }
    }

    /// A thread that was taken to go round does not: all that it did since is learned, and it is at the last of
    /// that. By what it goes on if it is told the same there as in the round.
    pub(super) fn unfold(&mut self, thread: ThreadId) -> Origin {
        let automata = Arc::clone(&self.automata);
        let cursor = self.cursor(thread);
        let spin = cursor.spin.take().expect("only what goes round is unfolded");
        let mut automata = automata.write();
        let mut origin = spin.origin();
        for Told { node, outcome, .. } in spin.steps() {
            let past = DataId::version(automata.first(origin).key());
            let deed = automata.deed(node).left(past);
            let arrived = automata.arrive(thread, origin, Luggage::default(), deed, false);
            let node = arrived.expect("where nothing was known nothing is contradicted");
            cursor.at = Position::At(node);
            origin = Origin::After(node, outcome);
        }
        origin
    }

    /// Whether this thread goes on alone, to show what it does.
    fn leads(&self, thread: ThreadId) -> bool {
        self.schedule.is_empty() && self.lead.as_ref().is_some_and(|lead| lead.is_of(thread))
    }

    /// A thread was told this at a node, by this choice.
    pub(super) fn told(&mut self, thread: ThreadId, (outcome, choice): (Outcome, u32)) {
        let is_asked = self.lead.is_some();
        let cursor = self.cursor(thread);
        if cursor.spin.as_ref().is_some_and(|spin| !spin.is_told(outcome)) {
            self.unfold(thread);
        }
        let cursor = self.cursor(thread);
        let Position::At(node) = cursor.at else { return };
        if is_asked {
            cursor.trail.push(Told { node, outcome, choice });
        }
        cursor.at = Position::Between(Origin::After(node, outcome));
    }
}
