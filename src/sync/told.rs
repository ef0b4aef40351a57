//! Which value threads hand to each other.

use super::backend;
use super::plain::Teller;
use crate::trace::Place;
use crate::world::DataId;

/// Which value the data have, as far as somebody has to know; `whose` they are is said if nobody can tell, and
/// what makes it with a key.
#[track_caller]
pub(super) fn told<T: ?Sized>(
    teller: &Teller,
    data: &T,
    (whose, keyed): (&str, &str),
    place: Place,
) -> DataId {
    // SAFETY: the teller was made for these data, and who has this reference keeps others from changing them.
    let told = unsafe { teller.tell(std::ptr::from_ref(data).cast()) };
    told.unwrap_or_else(|| {
        backend::cannot_tell(|| {
            format!(
                "by the data of the {whose} at {place}, of type {}: they cannot be told by value, so give them a key, by {keyed}",
                std::any::type_name::<T>()
            )
        });
        DataId::default()
    })
}
