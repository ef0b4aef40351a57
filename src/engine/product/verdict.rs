//! Reads the verdict off the finished graph.

use super::ask::Explored;
use super::endings::interleavings;
use super::error::ProductError;
use super::graph::State;
use super::lasso::{Lasso, lasso};
use super::limits::Limits;
use super::shortest::{Shortest, Way};
use super::trials::Trials;
use crate::engine::filter::MAX_DOUBTFUL;
use crate::engine::{
    Bound, Count, Ending, Erased, Extent, Failure, Found, Proof, Report, Seen, Tried,
};
use crate::sync::value::Value;
use crate::trace::Switches;
use crate::world::Turn;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The states that no thread can leave, and what they mean.
struct Ends {
    endings: BTreeMap<Ending<Value>, Seen>,
    failures: BTreeMap<State, Vec<Failure>>,
    total: Count,
    failing: BTreeMap<Failure, Count>,
    /// In how many interleavings the program cut the run off.
    cut: Count,
    /// Whether some threads have not ended in one of them.
    is_stuck: bool,
}

impl Ends {
    fn fails(&self, state: State, failure: Failure) -> bool {
        self.failures.get(&state).is_some_and(|kinds| kinds.contains(&failure))
    }

    /// What the program itself left out, and what the search did so often.
    fn bounds(&self, held_back: u64) -> Vec<Bound> {
        let own = ("the program's own".to_owned(), self.cut.saturated());
        let anew = format!(
            "{MAX_DOUBTFUL} rounds of a thread that writes data without a key, with spurious wake-ups and failures"
        );
        let bounds = [own, (anew, held_back)].into_iter().filter(|&(_, hits)| hits > 0);
        bounds.map(|(limit, hits)| Bound { limit, hits }).collect()
    }
}

impl Explored {
    /// The report on a graph that is complete, unless it is stopped meanwhile.
    pub(crate) fn conclude_all(
        &self,
        program: &Erased,
        limits: &Limits,
    ) -> Result<Report<Value>, ProductError> {
        let read = self.search.graph.patience.hear(|| self.read(program, limits));
        match read.unwrap_or_else(|| self.stopped(program, limits))? {
            report if report.proof.is_some() && self.is_unforeseen(&report) => {
                let what = "a failure that is not in the graph".into();
                Err(ProductError::Unforeseen { what })
            }
            report => Ok(report),
        }
    }

    fn read(&self, program: &Erased, limits: &Limits) -> Result<Report<Value>, ProductError> {
        self.check_foreseen()?;
        let ends = self.ends(program);
        let trials = match self.try_out(program, limits) {
            Ok(trials) => trials,
            Err(deviation) => return self.deviated(program, *deviation),
        };
        if program.watch.is_interrupted() {
            return self.stopped(program, limits);
        }
        let failures = self.failures(program, &ends)?;
        let Trials { runs: samples, tried } = trials;
        let proof = Proof { samples, tried, ..self.proof(program, &ends)? };
        Ok(Report {
            extent: Extent::Exhausted,
            bounds: ends.bounds(self.search.met.held_back),
            coverage: self.coverage(),
            outcomes: ends.endings,
            failures,
            as_found: BTreeMap::new(),
            tries: Default::default(),
            proof: Some(proof),
        })
    }

    /// The simplest interleaving to each kind of failure, and when it was inevitable.
    fn failures(
        &self,
        program: &Erased,
        ends: &Ends,
    ) -> Result<BTreeMap<Failure, Found>, ProductError> {
        let (graph, cycles) = (&self.search.graph, self.cycles());
        let mut failures = self.counterexamples(program, ends)?;
        // Where no end can be reached any more, threads go round without hope.
        if let Some(can_end) = self.can_end().filter(|can_end| can_end.contains(&false))
            && let Some(found) = self.lasso(program, Failure::Livelock, |s| !can_end[s as usize])?
        {
            failures.insert(Failure::Livelock, found);
        }
        for (&kind, found) in &mut failures {
            let hope = cycles.can_reach(graph, |s| graph.is_terminal(s) && !ends.fails(s, kind));
            found.no_return = self.no_return(found, &hope);
        }
        Ok(failures)
    }

    /// What is known beyond the outcomes.
    fn proof(&self, program: &Erased, ends: &Ends) -> Result<Proof, ProductError> {
        let (graph, cycles) = (&self.search.graph, self.cycles());
        let can_complete = if ends.is_stuck {
            let completes =
                |s: State| graph.is_terminal(s) && (self.is_cut(s) || self.ending(s).is_complete());
            Some(Cow::Owned(cycles.can_reach(graph, completes)))
        } else {
            self.can_end().map(Cow::Borrowed)
        };
        let starvation = match &can_complete {
            Some(can) => self.lasso(program, Failure::Starvation, |s| can[s as usize])?,
            None => None,
        };
        Ok(Proof {
            states: graph.len(),
            reduced: self.search.is_reduced(),
            moves: graph.moves_len(),
            bytes_per_state: graph.bytes().checked_div(graph.len()).unwrap_or(0),
            interleavings: ends.total.clone(),
            failing: ends.failing.clone(),
            completion_always_possible: can_complete.is_none_or(|can| !can.contains(&false)),
            starvation,
            samples: 0,
            tried: Tried::Samples,
            granted: self.automata.read().granted(),
            doubts: self.search.met.doubts(),
            spins: self.automata.read().spins(),
        })
    }

    fn lasso(
        &self,
        program: &Erased,
        failure: Failure,
        wanted: impl Fn(State) -> bool,
    ) -> Result<Option<Found>, ProductError> {
        let way = lasso(&self.search.graph, &self.automata.read(), self.cycles(), wanted);
        way.map(|way| self.found_lasso(program, failure, &way)).transpose()
    }

    fn ends(&self, program: &Erased) -> Ends {
        let (graph, cycles) = (&self.search.graph, self.cycles());
        let states: Vec<State> = graph.terminals().collect();
        let counts = interleavings(graph, cycles, &states);
        let mut ends = Ends {
            endings: BTreeMap::new(),
            failures: BTreeMap::new(),
            total: Count::zero(),
            failing: BTreeMap::new(),
            cut: Count::zero(),
            is_stuck: false,
        };
        if cycles.any() {
            ends.total = Count::Infinite;
        }
        for (&state, count) in &counts {
            graph.patience.step();
            if self.is_cut(state) {
                ends.cut += count;
                continue;
            }
            let ending = self.ending(state);
            let failures = (program.judge)(&ending);
            ends.is_stuck |= !ending.is_complete();
            ends.total += count;
            for &failure in &failures {
                *ends.failing.entry(failure).or_insert_with(Count::zero) += count;
            }
            if !failures.is_empty() {
                ends.failures.insert(state, failures.clone());
            }
            let ending = self.as_reported(ending);
            let seen = ends.endings.entry(ending).or_insert(Seen { runs: 0, failures });
            seen.runs = seen.runs.saturating_add(count.saturated());
        }
        ends
    }

    /// The state that these steps lead to from the start, if the graph has them all, in this order or
    /// with private ones earlier.
    pub(super) fn walk(&self, turns: &[Turn]) -> Option<State> {
        self.moves(turns).map(|(_, last)| last)
    }

    /// The moves whose steps these are, and the state to which they lead.
    pub(super) fn moves(&self, turns: &[Turn]) -> Option<(Vec<(State, Turn)>, State)> {
        let mut ahead = vec![0; self.search.graph.layout().threads()];
        let (mut moves, mut state) = (Vec::new(), 0);
        for &turn in turns {
            let thread = turn.thread.index();
            if ahead[thread] == 0 {
                moves.push((state, turn));
                ahead[thread] = self.search.steps(&self.automata.read(), state, turn);
                state = self.step(state, turn)?;
            }
            ahead[thread] -= 1;
        }
        Some((moves, state))
    }

    pub(super) fn step(&self, state: State, turn: Turn) -> Option<State> {
        let mut moves = self.search.graph.moves(state);
        moves.find(|&(other, _)| other == turn).map(|(_, target)| target)
    }

    /// Whose turn each step is, when these make the moves.
    pub(super) fn unfolded(&self, turns: &[Turn]) -> Vec<Turn> {
        let mut state = 0;
        let mut steps = Vec::new();
        for &turn in turns {
            let next = self.step(state, turn).expect("a way is in the graph");
            steps.extend(self.search.turns(&self.automata.read(), (state, turn)));
            state = next;
        }
        steps
    }

    /// For each way of failing, the simplest interleaving, replayed on the real code.
    fn counterexamples(
        &self,
        program: &Erased,
        ends: &Ends,
    ) -> Result<BTreeMap<Failure, Found>, ProductError> {
        let found = |&kind| {
            let (size, way) = self.shortest(ends, kind)?;
            Some(self.found(program, kind, size, &way).map(|found| (kind, found)))
        };
        ends.failing.keys().filter_map(found).collect()
    }

    /// The simplest way to fail so.
    fn shortest(&self, ends: &Ends, kind: Failure) -> Option<(Switches, Way)> {
        let (graph, automata) = (&self.search.graph, self.automata.read());
        let fails = |state| ends.fails(state, kind);
        if graph.has_doubtful_moves() {
            // A failure may be met by moves that nobody counts on, and by no others.
            return Shortest::new(graph, &automata).next(fails);
        }
        let leads = self.cycles().can_reach(graph, fails);
        Shortest::new(graph, &automata).leading(leads).next(fails)
    }

    fn found(
        &self,
        program: &Erased,
        failure: Failure,
        size: Switches,
        way: &Way,
    ) -> Result<Found, ProductError> {
        let replayed = self.replay(program, way).filter(|replayed| {
            let ending = replayed.ending.clone().map(|ending| self.as_reported(ending));
            replayed.as_predicted && ending == Some(self.as_reported(self.ending(way.end)))
        });
        match replayed {
            Some(replayed) => Ok(Found { size, minimal: true, ..Found::of(replayed.trace) }),
            None => Err(ProductError::NotReproduced { failure }),
        }
    }

    fn found_lasso(
        &self,
        program: &Erased,
        failure: Failure,
        lasso: &Lasso,
    ) -> Result<Found, ProductError> {
        let turns = self.unfolded(&lasso.way.turns);
        let stem = self.unfolded(&lasso.way.turns[..lasso.stem]).len();
        let way = Way { turns, end: lasso.way.end };
        match self.replay(program, &way).filter(|replayed| replayed.as_predicted) {
            Some(replayed) => Ok(Found { repeats_from: Some(stem), ..Found::of(replayed.trace) }),
            None => Err(ProductError::NotReproduced { failure }),
        }
    }

    /// How many steps of a failing interleaving had been taken when no end was left that there is
    /// hope for.
    fn no_return(&self, found: &Found, hope: &[bool]) -> Option<usize> {
        let mut state = 0;
        let steps = found.trace.numbered_as(&self.names).steps;
        for (i, step) in steps.iter().enumerate() {
            if !hope[state as usize] {
                return Some(i);
            }
            state = self.step(state, step.turn())?;
        }
        (!hope[state as usize]).then_some(steps.len())
    }
}
