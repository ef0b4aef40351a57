//! Values that threads hand to each other, told apart by what they contain.

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::any::TypeId;
use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// Stands for a value of any type: equal identifiers, equal values; but for what nobody can tell by its value, and
/// where nobody follows the threads, equal identifiers say nothing.
///
/// A process knows every value once, for as long as it runs.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct DataId(u32);

/// A value, as far as it can be told from others of its type.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Value {
    text: String,
    key: Vec<u8>,
}

#[derive(Debug, Default)]
struct Known {
    ids: FxHashMap<(TypeId, Vec<u8>), DataId>,
    values: Vec<Arc<Value>>,
    /// How many bytes all of that takes, spare capacity left out.
    bytes: usize,
}

static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);

impl DataId {
    /// Where there is no value.
    pub(crate) const NONE: Self = Self(0);

    /// What somebody leaves who has it alone, whatever that is: whoever is told so says what is there.
    pub(crate) const OPEN: Self = Self(u32::MAX);

    /// That of the value of a type that has this key; `text` is asked once, how it is shown.
    pub(crate) fn of(kind: TypeId, key: Vec<u8>, text: impl FnOnce() -> String) -> Self {
        let which = (kind, key);
        if let Some(&known) = KNOWN.read().ids.get(&which) {
            return known;
        }
        // What the user's code writes here may in turn look at a value.
        let text = text();
        let mut known = KNOWN.write();
        if let Some(&known) = known.ids.get(&which) {
            return known;
        }
        known.bytes += size_of_val(&which) + size_of::<Value>() + 2 * which.1.len() + text.len();
        known.values.push(Arc::new(Value { text, key: which.1.clone() }));
        let id = Self::new(known.values.len());
        known.ids.insert(which, id);
        id
    }

    /// That of what somebody left whose way to there has this key, which is all that can be told of it.
    pub(crate) fn version(key: Vec<u8>) -> Self {
        struct Version;
        Self::of(TypeId::of::<Version>(), key, || "…".to_owned())
    }

    /// That of what somebody left whose past this is, and who then came to what had been left so; if nobody follows him,
    /// nothing more is told.
    pub(crate) fn after(self, before: Self) -> Self {
        struct Chain;
        if self == Self::untold() {
            return self;
        }
        let key = [self.0.to_le_bytes(), before.0.to_le_bytes()].concat();
        Self::of(TypeId::of::<Chain>(), key, || "…".to_owned())
    }

    /// That of what nobody tells.
    pub(crate) fn untold() -> Self {
        Self::version(Vec::new())
    }

    /// How many bytes the values take that the process knows.
    #[cfg_attr(
        not(all(not(loom), feature = "shuttle")),
        expect(dead_code, reason = "only the product engine keeps so many")
    )]
    pub(crate) fn bytes() -> usize {
        KNOWN.read().bytes
    }

    fn new(word: usize) -> Self {
        Self(u32::try_from(word).expect("fewer than 2^32 values"))
    }

    #[inline]
    pub(crate) fn from_word(word: u32) -> Self {
        Self(word)
    }

    #[inline]
    pub(crate) fn word(self) -> u32 {
        self.0
    }

    /// The key that it has among the values of its type.
    pub(crate) fn key(self) -> Vec<u8> {
        self.value().map_or_else(Vec::new, |value| value.key.clone())
    }

    /// Nothing for the value that nobody has told.
    fn value(self) -> Option<Arc<Value>> {
        let at = (self.0 as usize).checked_sub(1)?;
        KNOWN.read().values.get(at).cloned()
    }
}

/// By what they contain, and not by who was told of first; what nobody can tell by its value, by who left it where.
impl Ord for DataId {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        self.value().cmp(&other.value()).then(self.0.cmp(&other.0))
    }
}

impl PartialOrd for DataId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By what it contains: other processes number other values.
impl fmt::Debug for DataId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value) if value.text.is_empty() => write!(f, "{:?}", value.key),
            value => f.write_str(value.as_ref().map_or("", |value| &value.text)),
        }
    }
}

impl fmt::Display for DataId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value) => f.write_str(&value.text),
            None if *self == Self::OPEN => f.write_str("…"),
            None => Ok(()),
        }
    }
}
