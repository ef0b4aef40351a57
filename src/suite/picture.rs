//! A failing interleaving of a scenario, ready to be shown.

use super::{Scenario, Setup};
use crate::engine::{Engine, Failure, Found};
use crate::trace::{Picture, Rerun, Token};

/// How often a failure is replayed before it is shown.
const REPLAYS: usize = 10;

/// How a scenario of this size was found to fail, with all that this build can tell of it, and the
/// command that shows it again.
pub fn picture<'a>(
    scenario: &Scenario,
    setup: Setup,
    failure: Failure,
    found: &'a Found,
) -> Picture<'a> {
    let program = scenario.program(setup);
    let mut picture = Picture::of(scenario.name, failure, found);
    picture.unreached = Engine::unreached(&program, &found.trace);
    // What takes an old load cannot happen again where no load is old.
    if picture.diagnosis().stale.is_empty() {
        let token = Token::new(scenario.name, setup.to_string(), failure, found);
        let reproduced = Engine::reproduced(&program, &found.trace, REPLAYS);
        picture.rerun = Some(Rerun {
            command: format!("tellers replay {token}"),
            reproduced: reproduced.unwrap_or(0),
            tried: reproduced.map_or(0, |_| REPLAYS),
        });
    }
    picture
}
