//! `tellers demo`: the lesson's own run on real threads.

use super::Error;
use crate::exit::Exit;
use std::io::Write;
use tellers::engine::Engine;
use tellers::suite::Scenario;

pub(super) fn run(_scenario: &Scenario, _out: &mut impl Write) -> Result<Exit, Error> {
    if !Engine::of_this_build().contains(&Engine::Threads) {
        return Err(Error::NoThreads(Engine::Threads.build()));
    }
    Ok(Exit::AsExpected)
}
