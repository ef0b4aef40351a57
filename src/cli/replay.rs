//! `tellers replay`: a failure again, from its token.

use super::args::Replay;
use super::{Error, show};
use std::io::Write;
use tellers::Exit;
use tellers::engine::Engine;
use tellers::suite::{Setup, scenarios};
use tellers::trace::Token;

pub(super) fn run(args: &Replay, out: &mut impl Write) -> Result<Exit, Error> {
    let token: Token = args.token.parse()?;
    let scenario = scenarios().iter().find(|scenario| token.is_of(scenario.name));
    let scenario = scenario.ok_or_else(|| token.changed())?;
    let setup: Setup = token.setup.parse().map_err(|_| token.changed())?;
    scenario.allows(&setup)?;
    let program = scenario.program(setup);
    let trace = Engine::replay(&program, &token.schedule)?;
    let found = Engine::followed(&program, &token.found(trace)?);
    show::show(out, &args.show, (scenario, setup), token.failure, &found, &[])?;
    Ok(Exit::AsExpected)
}
