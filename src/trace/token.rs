//! A failing interleaving on one line, to be replayed.
//!
//! A token is the scenario's name, an underscore, and base32 in small letters: it is one word to
//! shells, browsers and double clicks. It carries who moved at each step and nothing of what they
//! did: the real code does it again. A checksum over all of it tells a damaged token from a good
//! one, and a fingerprint of the steps tells whether the scenario is still the one it was made from.
//! Both name threads, and all else, by who made them: numbers are of one process.

use super::{Schedule, Trace};
use crate::engine::{Failure, Found};
use crate::world::{Object, ThreadId, Turn};
use data_encoding::{Encoding, Specification};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write as _};
use std::iter;
use std::str::FromStr;
use std::sync::LazyLock;

/// The version of what is behind the underscore. The checksum is the same in all versions.
const VERSION: u8 = 2;

/// The version of what has choices behind all that the other one has.
const WITH_CHOICES: u8 = 3;

/// More steps than this are not taken for a schedule.
const MAX_STEPS: u64 = 1 << 20;

/// Beside how it fails: no failure of its kind is simpler.
const MINIMAL: u8 = 1 << 7;

/// All that it takes to show a failing interleaving again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The scenario's name, with an underscore for all that is neither letter nor digit.
    scenario: String,
    /// What the scenario was set up with, in words of its own.
    pub setup: String,
    /// How it fails.
    pub failure: Failure,
    /// Who moved at each step.
    pub schedule: Schedule,
    /// See [`Found::minimal`].
    pub minimal: bool,
    /// See [`Found::no_return`].
    pub no_return: Option<usize>,
    /// See [`Found::repeats_from`].
    pub repeats_from: Option<usize>,
    fingerprint: u32,
}

/// Why a text is not a token that can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Some of it is missing or not as it was.
    #[error("the token is damaged: copy it again, the whole word")]
    Damaged,
    /// It does not look like one.
    #[error(
        "this is no token: one is a scenario's name, an underscore, and small letters and digits; \
         copy the whole word behind \"tellers replay\""
    )]
    NoToken,
    /// It was made by another version of this program.
    #[error(
        "the token is of version {found}; this program reads versions {VERSION} and {WITH_CHOICES}"
    )]
    Version {
        /// The token's version.
        found: u8,
    },
    /// The steps that it leads to are not those that it was made from.
    #[error("{scenario} has changed since the token was made: the token leads to other steps")]
    Changed {
        /// The scenario.
        scenario: String,
    },
    /// The program did not come to where the token leads.
    #[error("{0}")]
    Crashed(String),
}

/// What is behind the underscore, before the checksum.
#[derive(Serialize, Deserialize)]
struct Payload {
    setup: String,
    /// How it fails, and [`MINIMAL`] if it is.
    failure: u8,
    no_return: Option<usize>,
    repeats_from: Option<usize>,
    fingerprint: [u8; 4],
    /// Threads that are not what most are, the main thread's of their number: see [`odd`].
    odd: Vec<(u32, u32, u32)>,
    /// Threads, and how many steps each takes at a stretch.
    runs: Vec<(u32, u64)>,
}

/// The choices other than the first: at which step, counted from the one before, and which.
type Choices = Vec<(u64, u32)>;

static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
});

impl Token {
    /// The token of what an engine found.
    pub fn new(scenario: &str, setup: impl Into<String>, failure: Failure, found: &Found) -> Self {
        Self {
            scenario: word(scenario),
            setup: setup.into(),
            failure,
            schedule: Schedule::of(&found.trace),
            minimal: found.minimal,
            no_return: found.no_return,
            repeats_from: found.repeats_from,
            fingerprint: fingerprint(&found.trace),
        }
    }

    /// Whether this is a token of the scenario with this name.
    pub fn is_of(&self, scenario: &str) -> bool {
        word(scenario) == self.scenario
    }

    /// What the token was made of, now that its steps have been taken again.
    ///
    /// # Errors
    /// If these are other steps.
    pub fn found(&self, trace: Trace) -> Result<Found, TokenError> {
        if fingerprint(&trace) != self.fingerprint {
            return Err(self.changed());
        }
        let Self { minimal, no_return, repeats_from, .. } = *self;
        Ok(Found { minimal, no_return, repeats_from, ..Found::of(trace) })
    }

    /// The scenario is not what it was when the token was made.
    pub fn changed(&self) -> TokenError {
        TokenError::Changed { scenario: self.scenario.clone() }
    }

    fn payload(&self) -> Payload {
        let Schedule { threads, turns } = &self.schedule;
        Payload {
            setup: self.setup.clone(),
            failure: code(self.failure) | if self.minimal { MINIMAL } else { 0 },
            no_return: self.no_return,
            repeats_from: self.repeats_from,
            fingerprint: self.fingerprint.to_le_bytes(),
            odd: odd(threads),
            runs: turns
                .chunk_by(|one, other| one.thread == other.thread)
                .map(|run| (run[0].thread.index() as u32, run.len() as u64))
                .collect(),
        }
    }

    fn choices(&self) -> Choices {
        let turns = (0..).zip(&self.schedule.turns).filter(|(_, turn)| turn.choice != 0);
        let gaps = turns.scan(0, |from, (at, turn): (u64, &Turn)| {
            let gap = at - std::mem::replace(from, at);
            Some((gap, turn.choice))
        });
        gaps.collect()
    }

    fn from_payload(scenario: &str, payload: Payload, choices: Choices) -> Option<Self> {
        let steps = payload.runs.iter().try_fold(0_u64, |sum, (_, run)| sum.checked_add(*run))?;
        if steps > MAX_STEPS {
            return None;
        }
        let runs = payload.runs.iter();
        let turns =
            runs.flat_map(|&(mover, run)| iter::repeat_n(Turn::from(thread(mover)), run as usize));
        let mut turns: Vec<Turn> = turns.collect();
        let mut at = 0_usize;
        for (gap, choice) in choices {
            at = at.checked_add(usize::try_from(gap).ok()?)?;
            turns.get_mut(at)?.choice = choice;
        }
        let threads = threads(&payload.odd, &payload.runs)?;
        let schedule = Schedule { threads, turns };
        schedule.is_sound().then_some(())?;
        Some(Self {
            scenario: scenario.to_owned(),
            setup: payload.setup,
            failure: failure(payload.failure & !MINIMAL)?,
            schedule,
            minimal: payload.failure & MINIMAL != 0,
            no_return: payload.no_return,
            repeats_from: payload.repeats_from,
            fingerprint: u32::from_le_bytes(payload.fingerprint),
        })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let choices = self.choices();
        let mut bytes = vec![if choices.is_empty() { VERSION } else { WITH_CHOICES }];
        bytes.extend(postcard::to_allocvec(&self.payload()).map_err(|_| fmt::Error)?);
        if !choices.is_empty() {
            bytes.extend(postcard::to_allocvec(&choices).map_err(|_| fmt::Error)?);
        }
        bytes.extend(checksum(&self.scenario, &bytes).to_le_bytes());
        write!(f, "{}_{}", self.scenario, BASE32.encode(&bytes))
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let (scenario, code) = text.trim().rsplit_once('_').ok_or(TokenError::NoToken)?;
        let bytes = BASE32.decode(code.as_bytes()).map_err(|_| TokenError::Damaged)?;
        let (bytes, sum) = bytes.split_last_chunk::<4>().ok_or(TokenError::Damaged)?;
        if checksum(scenario, bytes) != u32::from_le_bytes(*sum) {
            return Err(TokenError::Damaged);
        }
        match bytes.split_first() {
            Some((&version @ (VERSION | WITH_CHOICES), bytes)) => read(version, bytes)
                .and_then(|(payload, choices)| Self::from_payload(scenario, payload, choices))
                .ok_or(TokenError::Damaged),
            Some((&found, _)) => Err(TokenError::Version { found }),
            None => Err(TokenError::Damaged),
        }
    }
}

fn read(version: u8, bytes: &[u8]) -> Option<(Payload, Choices)> {
    let (payload, rest) = postcard::take_from_bytes(bytes).ok()?;
    let choices = match version {
        WITH_CHOICES => postcard::from_bytes(rest).ok()?,
        _ => Choices::new(),
    };
    Some((payload, choices))
}

fn code(failure: Failure) -> u8 {
    match failure {
        Failure::Deadlock => 0,
        Failure::Livelock => 1,
        Failure::Starvation => 6,
        Failure::DataRace => 7,
        Failure::Panic => 2,
        Failure::LostUpdate => 3,
        Failure::TornAudit => 4,
        Failure::ReleaseUnlocked => 5,
    }
}

fn failure(code: u8) -> Option<Failure> {
    Some(match code {
        0 => Failure::Deadlock,
        1 => Failure::Livelock,
        6 => Failure::Starvation,
        7 => Failure::DataRace,
        2 => Failure::Panic,
        3 => Failure::LostUpdate,
        4 => Failure::TornAudit,
        5 => Failure::ReleaseUnlocked,
        _ => return None,
    })
}

/// Of [`Schedule::threads`], those that are not what is expected of their number: the number, who made
/// it, and how many threads that one had made before.
fn odd(threads: &[(ThreadId, u32)]) -> Vec<(u32, u32, u32)> {
    let numbered = (1..).zip(threads);
    let odd = numbered.filter(|&(number, &made)| made != (ThreadId::MAIN, number));
    odd.map(|(number, &(maker, nth))| (number, maker.index() as u32, nth)).collect()
}

/// [`Schedule::threads`], as many as move. Each moves at some time, so there are no more than runs.
fn threads(odd: &[(u32, u32, u32)], runs: &[(u32, u64)]) -> Option<Vec<(ThreadId, u32)>> {
    let last = runs.iter().map(|&(mover, _)| mover).max().unwrap_or(0);
    let last = u32::try_from(runs.len()).ok().filter(|&most| last <= most).map(|_| last)?;
    let mut threads: Vec<_> = (1..=last).map(|number| (ThreadId::MAIN, number)).collect();
    for &(number, maker, nth) in odd {
        *threads.get_mut((number as usize).checked_sub(1)?)? = (thread(maker), nth);
    }
    Some(threads)
}

fn thread(number: u32) -> ThreadId {
    ThreadId::new(number as usize)
}

/// A name as part of a word.
fn word(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

fn checksum(scenario: &str, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(scenario.as_bytes());
    hasher.update(&[0]);
    hasher.update(bytes);
    hasher.finalize()
}

/// Tells runs apart by who did what and was told what; places may move.
fn fingerprint(trace: &Trace) -> u32 {
    let mut text = String::new();
    for step in &trace.steps {
        let (what, number) = step.op.key();
        let about = step.op.object(step.thread);
        let about = about.map(|it| (it.kind.noun(), trace.names.lineage(it)));
        let who = trace.names.lineage(Object::of(step.thread));
        let _ = writeln!(text, "{who:?} {what} {number:?} {about:?} {:?}", step.told());
    }
    crc32fast::hash(text.as_bytes())
}

#[cfg(test)]
mod tests;
