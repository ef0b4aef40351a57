//! What pointers are told by.

use crate::world::{DataId, ThreadId};
use std::any::TypeId;

/// Where a pointer points, in every run alike: how many places its thread had put into an atomic pointer before this
/// one, or itself, if nothing is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointee<'a> {
    /// Who put it there first.
    pub thread: ThreadId,
    /// What that thread is called.
    pub name: &'a str,
    /// How many it had put anywhere before.
    pub nth: u32,
    /// The bits of the pointer that say nothing of where it points.
    pub tag: u32,
}

/// So many addresses, the first and the last, are none of anything: they stand for themselves.
const NOWHERE: usize = 4096;

/// What the key of a name begins with; that of an address that stands for itself does with 0.
const NAMED: u8 = 1;

/// The type that all of these are of.
struct Place;

impl Pointee<'_> {
    /// What this is told by.
    pub(crate) fn id(self) -> DataId {
        let number = |number: u32| number.to_le_bytes();
        let numbers = [self.thread.index() as u32, self.nth, self.tag].map(number).concat();
        let key = [&[NAMED][..], &numbers, self.name.as_bytes()].concat();
        DataId::of(TypeId::of::<Place>(), key, || {
            let tag = if self.tag == 0 { String::new() } else { format!(" | {}", self.tag) };
            format!("#{} of {}{tag}", self.nth + 1, self.name)
        })
    }

    /// What an address is told by where nothing is; nothing if there may be something.
    pub(crate) fn nowhere(address: usize) -> Option<DataId> {
        let key = || [&[0][..], &address.to_le_bytes()].concat();
        let text = || if address == 0 { "null".to_owned() } else { format!("{address:#x}") };
        let is_last = address > usize::MAX - NOWHERE;
        (address < NOWHERE || is_last).then(|| DataId::of(TypeId::of::<Place>(), key(), text))
    }

    /// Whether something may be where a pointer of this name points.
    pub(crate) fn is_named(name: DataId) -> bool {
        name.key().first() == Some(&NAMED)
    }
}
