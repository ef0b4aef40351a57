//! Which value threads hand to each other.

use super::backend;
use super::plain::Teller;
use crate::world::DataId;

/// Which value the data have. What nobody can tell by its value is told by who leaves it, and after what: a thread
/// is determined by what it was told, and so is what it leaves.
pub(super) fn told<T: ?Sized>(teller: &Teller, data: &T) -> DataId {
    by_value(teller, data).unwrap_or_else(backend::version)
}

/// Which value that is which every run finds outside of all.
pub(super) fn found<T: ?Sized>(teller: &Teller, data: &T) -> DataId {
    by_value(teller, data).unwrap_or_else(DataId::untold)
}

/// Somebody has the data alone, and leaves what nobody is told before somebody else finds it: so whatever determines it
/// is part of how he ends, and nothing that he may forget.
pub(super) fn lend() {
    backend::end_tells();
    backend::takes_in_hand();
}

/// Data that somebody has taken, and will leave.
#[derive(Debug)]
pub(super) struct InHand {
    /// As what they were told.
    taken: DataId,
    /// Whether somebody was given them to write.
    is_written: bool,
}

impl InHand {
    /// They were told as this.
    pub(super) fn new(teller: &Teller, taken: DataId) -> Self {
        if !teller.tells() {
            backend::takes_in_hand();
        }
        Self { taken, is_written: false }
    }

    /// Somebody is given them to write.
    #[inline]
    pub(super) fn write(&mut self) {
        self.is_written = true;
    }

    /// As what they are left, and whether they are others now. What nobody can tell by its value is another one if
    /// it was written.
    pub(super) fn left<T: ?Sized>(&self, teller: &Teller, data: &T) -> (DataId, bool) {
        if let Some(now) = by_value(teller, data) {
            return (now, now != self.taken);
        }
        backend::hands_back();
        if self.is_written { (backend::version(), true) } else { (self.taken, false) }
    }
}

fn by_value<T: ?Sized>(teller: &Teller, data: &T) -> Option<DataId> {
    // SAFETY: the teller was made for these data, and who has this reference keeps others from changing them.
    unsafe { teller.tell(std::ptr::from_ref(data).cast()) }
}
