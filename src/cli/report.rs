//! `tellers report`: the results of all builds and shards together.

use super::Error;
use std::io::Write;
use tellers::Exit;
use tellers::gate::{Report, TELLERS};

pub(super) fn run(args: &Report, out: &mut impl Write) -> Result<Exit, Error> {
    Ok(args.run(TELLERS, out)?)
}
