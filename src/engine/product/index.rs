//! Finds the number of a state by its words.
//!
//! An open-addressing table with linear probing, at most three quarters full: a byte of the hash
//! and the number of the state, five bytes a slot. It exists beside the well-kept tables because
//! looking up in a table much larger than the caches is all that the search does: here a whole batch
//! of look-ups is begun before the first is finished, and growing reads the states in order.

/// A state, numbered in the order in which the search reached it.
pub(crate) type State = u32;

/// The states, by the hash of their words.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Empty slots are 0.
    tags: Vec<u8>,
    states: Vec<State>,
    len: usize,
}

/// The words of all states, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    pub(crate) words: Vec<u32>,
    pub(crate) stride: usize,
}

impl Arena {
    /// How many states there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len().checked_div(self.stride).unwrap_or(0)
    }

    /// The words of a state.
    #[inline]
    pub(crate) fn of(&self, state: State) -> &[u32] {
        let at = state as usize * self.stride;
        &self.words[at..at + self.stride]
    }
}

impl Index {
    /// How many bytes the table takes.
    pub(crate) fn bytes(&self) -> usize {
        self.tags.len() * (size_of::<u8>() + size_of::<State>())
    }

    /// Reads what look-ups with these hashes will read first, so that it is in the cache when they
    /// come. The loads do not depend on each other, so the processor has them all under way at once.
    #[inline]
    pub(crate) fn warm(&self, arena: &Arena, hashes: &[u64]) {
        let mut read = 0;
        for &hash in hashes {
            let slot = self.slot(hash);
            if self.tags.get(slot) == Some(&tag(hash)) {
                let at = self.states[slot] as usize * arena.stride;
                read ^= arena.words.get(at).copied().unwrap_or(0);
            }
        }
        std::hint::black_box(read);
    }

    /// The state with these words, which is added to the arena if it is new.
    #[inline]
    pub(crate) fn find_or_add(&mut self, arena: &mut Arena, hash: u64, words: &[u32]) -> State {
        if (self.len + 1) * 4 > self.tags.len() * 3 {
            self.grow(arena);
        }
        let mask = self.tags.len() - 1;
        let tag = tag(hash);
        let mut slot = self.slot(hash);
        loop {
            match self.tags[slot] {
                0 => break,
                found if found == tag && same(arena.of(self.states[slot]), words) => {
                    return self.states[slot];
                }
                _ => slot = (slot + 1) & mask,
            }
        }
        let state = State::try_from(arena.len()).expect("fewer than 2^32 states");
        arena.words.extend_from_slice(words);
        self.tags[slot] = tag;
        self.states[slot] = state;
        self.len += 1;
        state
    }

    /// Makes the table anew, twice as large or as large as the states need.
    pub(crate) fn grow(&mut self, arena: &Arena) {
        let slots = (2 * arena.len()).max(16).next_power_of_two();
        self.tags = vec![0; slots];
        self.states = vec![0; slots];
        self.len = arena.len();
        for state in 0..arena.len() as State {
            let hash = hash(arena.of(state));
            let mut slot = self.slot(hash);
            while self.tags[slot] != 0 {
                slot = (slot + 1) & (slots - 1);
            }
            self.tags[slot] = tag(hash);
            self.states[slot] = state;
        }
    }

    #[inline]
    fn slot(&self, hash: u64) -> usize {
        hash as usize & self.tags.len().wrapping_sub(1)
    }
}

/// A byte of the hash that the slot does not use; never 0.
#[inline]
fn tag(hash: u64) -> u8 {
    (hash >> 56) as u8 | 1
}

/// Equality of short slices of the same length, without a call.
#[inline]
fn same(a: &[u32], b: &[u32]) -> bool {
    let ((fours_a, rest_a), (fours_b, rest_b)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    fours_a.iter().zip(fours_b).all(|(a, b)| a == b)
        && rest_a.iter().zip(rest_b).all(|(a, b)| a == b)
}

/// A hash of a state's words: multiply and fold, as in wyhash, four words at a time.
#[inline]
pub(crate) fn hash(words: &[u32]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    const ODDER: u64 = 0xa076_1d64_78bd_642f;
    let (fours, rest) = words.as_chunks::<4>();
    let mut hash = ODD;
    for &[a, b, c, d] in fours {
        hash = fold(hash ^ pair(a, b), ODDER ^ pair(c, d));
    }
    for &word in rest {
        hash = fold(hash ^ u64::from(word), ODD);
    }
    fold(hash, 0xe703_7ed1_a0b4_28db)
}

#[inline]
fn pair(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_filled_to_three_quarters_and_takes_five_bytes_a_slot() {
        let (mut index, mut arena) = (Index::default(), Arena { words: Vec::new(), stride: 1 });
        let mut bytes_with = |states: State| {
            for state in 0..states {
                assert_eq!(index.find_or_add(&mut arena, hash(&[state]), &[state]), state);
            }
            index.bytes()
        };
        assert_eq!([12, 13, 24, 25].map(&mut bytes_with), [16 * 5, 32 * 5, 32 * 5, 64 * 5]);
    }
}
