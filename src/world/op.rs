//! What can be asked of any operation.

use super::{Arrow, Doubt, Granted, Op, Outcome};

impl Op {
    /// Its name for other programs, and the number that goes with it, if there is one.
    pub(crate) fn key(self) -> (&'static str, Option<(&'static str, i64)>) {
        match self.deed() {
            Some(deed) => deed.key(),
            None if self == Self::Yield => ("yield", None),
            None => ("end", None),
        }
    }

    /// Whether it changes nothing, so that it concerns no other one that changes nothing.
    pub(crate) fn only_looks(self) -> bool {
        self.deed().is_some_and(|deed| deed.only_looks())
    }

    /// Whether it is a look that a main thread takes when all is over: it changes nothing, and waits for
    /// nothing but the end of a thread.
    pub(crate) fn looks_around(self) -> bool {
        let waits = || self.deed().is_some_and(|deed| deed.awaited("").is_some());
        self.only_looks() && (matches!(self, Self::Thread(..)) || !waits())
    }

    /// Whether nobody has what it is about from then on.
    #[cfg_attr(
        not(all(not(loom), feature = "shuttle")),
        expect(dead_code, reason = "only the default build sees a second free")
    )]
    pub(crate) fn gives_back(self) -> bool {
        self.deed().is_some_and(|deed| deed.arrow(Outcome::Done) == Arrow::Returns)
    }

    /// Whether it asks a question, whose answer may send a thread round again.
    pub(crate) fn asks(self) -> bool {
        self.deed().is_some_and(|deed| deed.asks())
    }

    /// Whether a thread that comes to it again has gone a round, and may have learned nothing.
    #[cfg_attr(
        not(all(not(loom), feature = "shuttle")),
        expect(dead_code, reason = "only the product engine closes spins")
    )]
    pub(crate) fn ends_a_round(self) -> bool {
        self == Self::Yield || self.deed().is_some_and(|deed| deed.ends_a_round())
    }

    /// Of what kind it is if it cannot be counted on.
    pub(crate) fn doubt(self) -> Option<Doubt> {
        self.deed()?.doubt()
    }

    /// Whether what it does here takes this for granted.
    #[cfg_attr(
        not(all(not(loom), feature = "shuttle")),
        expect(dead_code, reason = "only the product engine proves")
    )]
    pub(crate) fn takes_for_granted(self, granted: Granted) -> bool {
        self.deed().is_some_and(|deed| deed.takes_for_granted(granted))
    }

    /// Whether it can time out.
    pub(crate) fn is_timed(self) -> bool {
        self.deed().is_some_and(|deed| deed.is_timed())
    }
}
