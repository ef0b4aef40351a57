//! From which step on a failure cannot be avoided, in words.

use super::numbering::Numbering;
use super::{Picture, TornAudit};
use crate::engine::Failure;

/// What is said below the step after which it is so.
pub(super) fn mark(failure: Failure) -> String {
    match ends(failure) {
        Some(ends) => format!("from here on every end {ends}"),
        None => "from here on no end can be reached".to_owned(),
    }
}

/// The same of a picture, under its table; how what repeats begins, where that can end.
pub(super) fn sentence(picture: &Picture<'_>) -> Option<String> {
    match ends(picture.failure) {
        Some(ends) => Some(format!(
            "{} every end that can still be reached {ends}{}.",
            since(picture)?,
            until_then(picture)
        )),
        None if picture.failure == Failure::Livelock && picture.no_return.is_some() => {
            Some(format!("{} no end can be reached.", since(picture)?))
        }
        None if begins_at_once(picture) => {
            Some("It can begin with the first step: nothing needs to go before.".to_owned())
        }
        None => begins(picture),
    }
}

/// Whether no step leads up to what repeats.
pub(super) fn begins_at_once(picture: &Picture<'_>) -> bool {
    let from = picture.repeats_from;
    from.is_some_and(|from| Numbering::new(picture.trace).last_of(from).is_none())
}

/// What is so of every end, unless the failure has none.
fn ends(failure: Failure) -> Option<&'static str> {
    Some(match failure {
        Failure::LostUpdate => "has a wrong total",
        Failure::TornAudit => "has a wrong sum on the way, though its total is right",
        Failure::ReleaseUnlocked => "has a failed release by a thread that had taken the lock",
        Failure::Deadlock => "is a deadlock",
        Failure::Panic => "is a panic",
        Failure::DataRace => "is a data race",
        Failure::Livelock | Failure::Starvation => return None,
    })
}

/// After which step it can go round.
fn begins(picture: &Picture<'_>) -> Option<String> {
    let step = Numbering::new(picture.trace).last_of(picture.repeats_from?)?;
    Some(format!("After step {step} it can begin."))
}

/// That something else could come before, where the sum was wrong by then: which failures a run is told as is up to
/// who judges it, and may still change.
fn until_then(picture: &Picture<'_>) -> &'static str {
    let told = || TornAudit::find(picture.trace)?.loads.into_iter().max();
    let audited = (picture.failure == Failure::TornAudit).then(told).flatten();
    match (audited, picture.no_return) {
        (Some(load), Some(from)) if load + 1 < from => {
            ". The sum was wrong before; but until then an end could be reached that counts as another failure, or as none"
        }
        _ => "",
    }
}

/// From when on no continuation is well.
fn since(picture: &Picture<'_>) -> Option<String> {
    Some(match Numbering::new(picture.trace).last_of(picture.no_return?) {
        Some(step) => format!("After step {step}"),
        None => "From the start".to_owned(),
    })
}
