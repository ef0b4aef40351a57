//! Tells of an option that another command has.

use super::args::Args;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Error};

/// The same error and, if it is of an option that other commands have, which these are.
pub(super) fn advised(mut error: Error) -> Error {
    if let Some(tip) = tip(&error) {
        let tips = ContextValue::StyledStrs(vec![StyledStr::from(tip)]);
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

fn tip(error: &Error) -> Option<String> {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let name = option.strip_prefix("--").filter(|_| error.kind() == ErrorKind::UnknownArgument)?;
    let args = Args::command();
    let has = |command: &&Command| command.get_arguments().any(|arg| arg.get_long() == Some(name));
    let owners = args.get_subcommands().filter(has);
    let owners: Vec<String> = owners.map(|owner| format!("'{}'", owner.get_name())).collect();
    let owners = (!owners.is_empty()).then(|| owners.join(" and "))?;
    Some(format!("'--{name}' is an option of {owners}, and goes behind that word"))
}
