//! Whether a reduced graph answers every question that is asked of it.

use super::ask::Explored;
use super::cycles::Cycles;
use super::error::ProductError;
use super::foreseen::Foreseen;
use crate::engine::{Conclusion, Ending, Erased};
use crate::sync::value::Value;
use std::collections::BTreeSet;

impl Explored {
    /// The cycles of the finished graph.
    pub(crate) fn cycles(&self) -> &Cycles {
        self.cycles.get_or_init(|| Cycles::new(&self.search.graph, self.search.graded))
    }

    /// From which states of the finished graph an end can be reached; nothing if there is no cycle,
    /// so that it can be from all.
    pub(crate) fn can_end(&self) -> Option<&[bool]> {
        let graph = &self.search.graph;
        let reach = || self.cycles().can_reach(graph, |state| graph.is_terminal(state));
        let can_end = || self.cycles().any().then(reach);
        self.can_end.get_or_init(can_end).as_deref()
    }

    /// Goes back to taking every move for itself, unless that would add nothing: in a graph that has
    /// a cycle the interleavings are not counted, and where nothing fails there is no simplest
    /// failure to look for. Whether it has gone back.
    pub(crate) fn reopen(&mut self, program: &Erased) -> bool {
        if !self.search.is_reduced() {
            return false;
        }
        let failures = self.first_failures(program, usize::MAX);
        let hopeless = self.can_end().is_some_and(|can_end| can_end.contains(&false));
        if self.cycles().any() && !hopeless && failures.is_empty() {
            return false;
        }
        self.foreseen = Some(Foreseen { endings: self.endings(), failures });
        self.cycles.take();
        self.can_end.take();
        self.search.start_again_whole();
        true
    }

    /// That the whole graph has just the endings that the reduced one had, and more only in that other threads had come
    /// less far where two race.
    pub(crate) fn check_foreseen(&self) -> Result<(), ProductError> {
        let Some(Foreseen { endings: foreseen, .. }) = &self.foreseen else { return Ok(()) };
        let endings = self.endings();
        let is_raced = |ending: &Ending<_>| matches!(ending.conclusion, Conclusion::Raced(_));
        let races = |endings: &BTreeSet<_>| endings.iter().any(is_raced);
        let is_alike =
            endings.difference(foreseen).all(is_raced) && races(foreseen) == races(&endings);
        if foreseen.is_subset(&endings) && is_alike {
            return Ok(());
        }
        let what = "a search that took steps together found other ends".into();
        Err(ProductError::Unforeseen { what })
    }

    fn endings(&self) -> BTreeSet<Ending<Value>> {
        let ended = self.search.graph.terminals().filter(|&state| !self.is_cut(state));
        ended.map(|state| self.ending(state)).collect()
    }
}
