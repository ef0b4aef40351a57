//! Who uses a lock for many readers or one writer.

use super::RwLockOp;
use super::RwLockOp::{Read, TakeWrite, TryRead, TryReadFor, TryWrite, TryWriteFor, Write};
use crate::world::{DataId, ThreadId};
use std::any::TypeId;

/// Who reads or writes, or waits to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Users {
    /// Nobody.
    #[default]
    None,
    /// This thread writes, and nobody waits to.
    Writer(ThreadId),
    /// These.
    Several(Several),
}

/// Threads that use a lock, or wait to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Several(pub(super) DataId);

/// The same, told apart; each list is in the order of the threads' numbers, and one that reads twice is in it twice.
#[derive(Default)]
pub(super) struct Everyone {
    pub(super) writer: Option<u16>,
    pub(super) waiting: Vec<u16>,
    pub(super) readers: Vec<u16>,
}

impl Everyone {
    /// First how many wait to write, and whether somebody writes.
    fn key(self) -> Vec<u8> {
        let Self { writer, waiting, readers } = self;
        let head = [waiting.len() as u16, writer.is_some().into()];
        let words = head.into_iter().chain(waiting).chain(writer).chain(readers);
        words.flat_map(u16::to_le_bytes).collect()
    }

    fn of_key(key: &[u8]) -> Self {
        let words = key.chunks_exact(2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
        let words: Vec<u16> = words.collect();
        let (&[waiting, writers], rest) = words.split_first_chunk().expect("there is a head");
        let (waiting, rest) = rest.split_at(waiting.into());
        let (writer, readers) = rest.split_at(writers.into());
        Self { writer: writer.first().copied(), waiting: waiting.into(), readers: readers.into() }
    }
}

impl Users {
    pub(super) fn everyone(self) -> Everyone {
        match self {
            Self::None => Everyone::default(),
            Self::Writer(thread) => Everyone { writer: Some(word(thread)), ..Everyone::default() },
            Self::Several(several) => Everyone::of_key(&several.0.key()),
        }
    }

    fn of(everyone: Everyone) -> Self {
        match everyone {
            Everyone { writer, waiting, readers } if waiting.is_empty() && readers.is_empty() => {
                writer.map_or(Self::None, |thread| Self::Writer(ThreadId::new(thread.into())))
            }
            several => {
                let key = several.key();
                Self::Several(Several(DataId::of(TypeId::of::<Several>(), key, String::new)))
            }
        }
    }

    pub(super) fn changed(self, change: impl FnOnce(&mut Everyone)) -> Self {
        let mut everyone = self.everyone();
        change(&mut everyone);
        Self::of(everyone)
    }

    /// Whether they keep the operation from what it wants, but for who waits.
    pub(super) fn keep_out(self, deed: RwLockOp) -> bool {
        match deed {
            Read | TryRead | TryReadFor => self.everyone().writer.is_some(),
            Write | TakeWrite | TryWrite | TryWriteFor => {
                let Everyone { writer, readers, .. } = self.everyone();
                writer.is_some() || !readers.is_empty()
            }
            _ => false,
        }
    }

    /// The first of those that wait to write, as far as that concerns the operation.
    pub(super) fn waits_before(self, deed: RwLockOp) -> Option<ThreadId> {
        let waiting = (deed == Read).then(|| self.everyone().waiting)?;
        waiting.first().map(|&thread| ThreadId::new(thread.into()))
    }
}

pub(super) fn insert(threads: &mut Vec<u16>, thread: u16) {
    threads.insert(threads.partition_point(|&other| other < thread), thread);
}

pub(super) fn remove(threads: &mut Vec<u16>, thread: u16) {
    if let Some(at) = threads.iter().position(|&other| other == thread) {
        threads.remove(at);
    }
}

pub(super) fn word(thread: ThreadId) -> u16 {
    u16::try_from(thread.index()).expect("fewer than 65,536 threads")
}
