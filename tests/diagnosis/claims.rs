//! Holds what a diagnosis claims against the world at each step.

use std::collections::BTreeSet;
use tellers::trace::{
    Cause, Checked, Deadlock, Diagnosis, End, Livelock, LostUpdate, Pending, ReleaseUnlocked,
    Replay, Told, TornAudit, Trace, Trying, Update, Wait,
};
use tellers::world::{
    CellOp, LockOp, Object, Op, Outcome, SemaphoreOp, Shown, ThreadId, ThreadState, WaitFor, World,
};

fn is_timed(op: &Op) -> bool {
    matches!(
        op,
        Op::Lock(_, LockOp::AcquireTimeout) | Op::Semaphore(_, SemaphoreOp::AcquireTimeout(_))
    )
}

/// A trace, and the world before each of its steps and after the last.
pub(crate) struct Claims<'a> {
    trace: &'a Trace,
    worlds: Vec<World>,
}

impl<'a> Claims<'a> {
    pub(crate) fn of(trace: &'a Trace) -> Self {
        let mut replay = Replay::new(trace);
        let mut worlds = vec![replay.world().clone()];
        while replay.advance().is_some() {
            worlds.push(replay.world().clone());
        }
        Self { trace, worlds }
    }

    pub(crate) fn check(&self, diagnosis: &Diagnosis) {
        self.remedy(diagnosis, &diagnosis.tell(self.trace));
        assert!(diagnosis.stale.is_empty(), "no load is stale here");
        match &diagnosis.cause {
            Some(Cause::Deadlock(found)) => self.deadlock(found),
            Some(Cause::LostUpdate(found)) => self.lost_update(found),
            Some(Cause::TornAudit(found)) => self.torn_audit(found),
            Some(Cause::ReleaseUnlocked(found)) => self.release(found),
            Some(Cause::Panicked(found)) => {
                let end = self.trace.ends.iter().find(|end| end.thread == found.thread);
                assert_eq!(end.and_then(|end| end.panic.clone()), Some(found.message.clone()));
                assert!(found.saw.iter().all(|&at| self.trace.steps[at].thread == found.thread));
                found.release.iter().for_each(|release| self.release(release));
                found.checks.iter().for_each(|checked| self.checked(checked));
                found.waits.iter().for_each(|wait| self.wait_for(wait, found.thread));
            }
            Some(Cause::Livelock(found)) => self.livelock(found),
            _ => {}
        }
    }

    /// What was read is not what it was any more when the thread wrote, and it did not look again.
    fn checked(&self, found: &Checked) {
        let Checked { read, changed, wrote } = *found;
        assert!(read < changed && changed < wrote);
        let [reader, changer, writer] = [read, changed, wrote].map(|at| &self.trace.steps[at]);
        assert_eq!(reader.thread, writer.thread);
        assert_ne!(reader.thread, changer.thread);
        let Op::Cell(cell, CellOp::Load) = reader.op else { panic!("{found:?}") };
        assert_eq!(reader.outcome, Outcome::Value(self.worlds[read].value(cell)));
        assert_ne!(self.worlds[changed + 1].value(cell), self.worlds[read].value(cell));
        assert!(matches!(writer.op, Op::Cell(_, CellOp::Store(_))));
        let between = &self.trace.steps[read + 1..wrote];
        assert!(!between.iter().any(|s| s.thread == reader.thread && s.op == reader.op));
    }

    /// A thread waits for a lock of one that panicked, and no ring keeps anybody.
    fn wait_for(&self, wait: &Wait, panicked: ThreadId) {
        let last = self.worlds.last().expect("there is one before the first step");
        let lock = wait.lock.expect("it is a lock");
        assert_eq!(last.shown(lock), Shown::Held(panicked));
        assert!(!last.certain(wait.waiter, wait.op) && last.thread(panicked).finish().is_some());
        let pending = self.trace.pending.iter().map(|pending| (pending.thread, pending.op));
        assert_eq!(WaitFor::new(last, pending).cycle, []);
    }

    /// All that is said to be asked is asked in the cycle, and held by whom it is said.
    fn livelock(&self, found: &Livelock) {
        for trying in &found.trying {
            for (&ask, holder) in trying.asks.iter().zip(&trying.holders) {
                let step = &self.trace.steps[ask];
                assert!(ask >= found.from && step.thread == trying.thread);
                if let (Some(holder), Op::Lock(lock, _)) = (holder, step.op) {
                    assert_eq!(self.worlds[ask].holder(lock), Some(*holder));
                }
            }
        }
        let round = self.trace.steps[found.from..].iter().map(|step| step.thread);
        let trying: BTreeSet<ThreadId> = found.trying.iter().map(|trying| trying.thread).collect();
        assert_eq!(round.collect::<BTreeSet<_>>(), trying);
    }

    /// A remedy is given only where it would be one.
    fn remedy(&self, diagnosis: &Diagnosis, told: &Told) {
        let (Some(Cause::Livelock(found)), Some(remedy)) = (&diagnosis.cause, &told.remedy) else {
            return;
        };
        let moves = |thread| found.trying.iter().any(|trying| trying.thread == thread);
        if remedy.contains("Each of them holds") {
            assert!(found.trying.len() > 1);
            let holders = |trying: &Trying| trying.holders.iter().copied().flatten().collect();
            let all: Vec<BTreeSet<ThreadId>> = found.trying.iter().map(holders).collect();
            assert!(all.iter().all(|of_one| of_one.len() == 1), "{found:?}");
            let together: BTreeSet<ThreadId> = all.into_iter().flatten().collect();
            assert!(together.len() == found.trying.len() && together.into_iter().all(moves));
        }
        let asked = found.trying.iter().flat_map(|trying| &trying.asks);
        let asked: BTreeSet<Op> =
            asked.map(|&at| self.trace.steps[at].op).filter(is_timed).collect();
        if remedy.contains("in one fixed order") {
            assert!(asked.len() > 1, "{asked:?}");
        }
        if remedy.contains("those who could end it") {
            let last = self.worlds.last().expect("there is one before the first step");
            let able = |pending: &Pending| {
                last.certain(pending.thread, pending.op) && !moves(pending.thread)
            };
            let leaves = |end: &End| !matches!(last.thread(end.thread), ThreadState::Finished(_));
            let kept_out =
                self.trace.pending.iter().any(able) || self.trace.ends.iter().any(leaves);
            assert!(kept_out, "{found:?}");
        }
    }

    fn deadlock(&self, found: &Deadlock) {
        found.asking.iter().for_each(|asking| self.livelock(asking));
        let last = self.worlds.last().expect("there is one before the first step");
        for wait in found.cycle.iter().chain(&found.others) {
            assert!(!last.certain(wait.waiter, wait.op), "{wait:?}");
            if let Some(lock) = wait.lock {
                let holder = wait.on.expect("somebody holds it");
                self.held(lock, holder, wait.taken.expect("a lock that is held was taken"));
            }
        }
        for (wait, next) in found.cycle.iter().zip(found.cycle.iter().cycle().skip(1)) {
            assert_eq!(wait.on, Some(next.waiter));
        }
    }

    /// The thread took the lock at this step and has it to the end, alone or to read.
    fn held(&self, lock: Object, holder: ThreadId, taken: usize) {
        let has = |world: &World| match world.shown(lock) {
            Shown::Held(by) => by == holder,
            shown => readers(shown) > 0,
        };
        let last = self.worlds.last().expect("there is one before the first step");
        let had_before = has(&self.worlds[taken]);
        assert!(self.worlds[taken + 1..].iter().all(has), "{lock:?}");
        assert_eq!(self.trace.steps[taken].thread, holder);
        if matches!(last.shown(lock), Shown::Held(_)) {
            return assert!(!had_before, "{lock:?}");
        }
        let mut own = 0;
        for (at, step) in self.trace.steps.iter().enumerate() {
            let [before, after] =
                [at, at + 1].map(|at| i64::from(readers(self.worlds[at].shown(lock))));
            own += if step.thread == holder { after - before } else { 0 };
            let writes = self.worlds[at + 1].shown(lock) == Shown::Held(holder);
            assert!(at < taken || own > 0 || writes, "{lock:?} at {at}");
        }
    }

    fn update(&self, update: &Update) {
        let (load, store) = (&self.trace.steps[update.load], &self.trace.steps[update.store]);
        assert!(update.load < update.store);
        assert_eq!((load.thread, store.thread), (update.thread, update.thread));
        assert_eq!(load.op, Op::Cell(update.cell, CellOp::Load));
        assert_eq!(load.outcome, Outcome::Value(update.read));
        assert_eq!(store.op, Op::Cell(update.cell, CellOp::Store(update.stored)));
        assert_eq!(self.worlds[update.store].value(update.cell), update.replaced);
    }

    fn lost_update(&self, found: &LostUpdate) {
        assert!(!found.losses.is_empty());
        for lost in &found.losses {
            self.update(&lost.update);
            let Update { thread, cell, load, store, replaced, .. } = lost.update;
            let undone = &self.trace.steps[lost.undone];
            assert_ne!(undone.thread, thread);
            assert_eq!(undone.op, Op::Cell(cell, CellOp::Store(replaced)));
            assert!((load..store).contains(&lost.undone));
            for lock in &lost.held {
                let held = |world: &World| world.shown(*lock) == Shown::Held(thread);
                assert!(self.worlds[load..=store].iter().all(held));
            }
            for lock in &lost.held_by_other {
                assert_eq!(self.worlds[lost.undone].shown(*lock), Shown::Held(undone.thread));
            }
            if let Some(robbed) = lost.robbed {
                let Op::Lock(lock, LockOp::Release) = self.trace.steps[robbed].op else {
                    panic!("{lost:?}")
                };
                let owner = self.worlds[robbed].holder(lock).expect("it was held");
                assert!([thread, undone.thread].contains(&owner));
                assert_ne!(self.trace.steps[robbed].thread, owner);
            }
        }
        let last = self.worlds.last().expect("there is one before the first step");
        let cells = self.trace.initial.all::<tellers::world::CellId>();
        assert_eq!(found.found, cells.map(|cell| last.value(cell)).sum::<i64>());
    }

    fn torn_audit(&self, found: &TornAudit) {
        let value = |&load: &usize| match self.trace.steps[load].outcome {
            Outcome::Value(value) => value,
            other => panic!("{other:?}"),
        };
        assert_eq!(found.loads.iter().map(value).sum::<i64>(), found.sum);
        assert_ne!(found.sum, found.expected);
        let saw = |update: &Update| {
            let of_cell =
                |&&load: &&usize| self.trace.steps[load].op == Op::Cell(update.cell, CellOp::Load);
            found.loads.iter().find(of_cell).is_some_and(|&load| update.store < load)
        };
        for half in &found.halves {
            self.update(&half.seen);
            assert!(saw(&half.seen));
            if let Some(unseen) = &half.unseen {
                self.update(unseen);
                assert!(!saw(unseen));
                assert_eq!(unseen.delta(), -half.seen.delta());
                assert_eq!(unseen.thread, half.seen.thread);
            }
        }
    }

    fn release(&self, found: &ReleaseUnlocked) {
        let release = &self.trace.steps[found.release];
        assert_eq!(
            (release.thread, release.op),
            (found.thread, Op::Lock(found.lock, LockOp::Release))
        );
        assert_eq!(self.worlds[found.release].holder(found.lock), None);
        if let Some(taken) = found.taken {
            assert_eq!(self.worlds[taken + 1].holder(found.lock), Some(found.thread));
        }
        if let Some(away) = found.taken_away {
            assert_ne!(self.trace.steps[away].thread, found.thread);
            assert_eq!(self.worlds[away].holder(found.lock), Some(found.thread));
            assert_eq!(self.worlds[away + 1].holder(found.lock), None);
        }
    }

    /// Whoever is said to hold what another one asks for had taken it at the step that is cited.
    fn taken(&self, words: &str, ask: usize, taken: usize) {
        let Op::Lock(lock, _) = self.trace.steps[ask].op else { return };
        let holder = self.worlds[ask].holder(lock).expect("it is held");
        assert!(
            words.contains(&format!(", held by {} (", self.trace.names.thread(holder)))
                || words.contains(", which it holds itself ("),
            "{words}"
        );
        let holds = |world: &World| world.holder(lock) == Some(holder);
        assert!(!holds(&self.worlds[taken]), "{words}");
        assert!(self.worlds[taken + 1..=ask].iter().all(holds), "{words}");
    }

    /// The places in the words are those of the steps that are cited, or of what a thread waits for.
    pub(crate) fn check_words(&self, told: &Told) {
        assert!(
            told.summary.ends_with(|c: char| ".)".contains(c)) || told.summary.contains("panicked")
        );
        for fact in &told.facts {
            if let ([ask, taken], true) = (&fact.steps[..], fact.words.contains("keeps timing out"))
            {
                self.taken(&fact.words, *ask, *taken);
            }
            let steps = fact.steps.iter().map(|&at| self.trace.steps[at].place);
            let places: Vec<String> =
                steps.chain(fact.places.iter().copied()).map(|place| place.to_string()).collect();
            for cited in fact.words.split("(step ").skip(1) {
                let place = cited.split_once(", ").and_then(|(_, rest)| rest.split_once(')'));
                let (place, _) = place.expect("a place comes behind the number of a step");
                assert!(places.iter().any(|known| known == place), "{}", fact.words);
            }
            for cited in fact.words.split("waits for ").skip(1) {
                let place = cited.split_once(" (").and_then(|(_, rest)| rest.split_once(')'));
                let (place, _) = place.expect("a place comes behind what is waited for");
                let line = place.replacen("line ", ":", 1);
                assert!(places.iter().any(|known| known.ends_with(&line)), "{}", fact.words);
            }
        }
    }
}

fn readers(shown: Shown) -> u32 {
    match shown {
        Shown::Readers(readers) => readers,
        _ => 0,
    }
}
