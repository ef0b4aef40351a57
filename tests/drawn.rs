//! Programs that nobody wrote: some thousand runs that end in no end, and are forgotten with what they own.

mod agreement;
mod common;
mod explained;
mod os_threads;
mod other_process;

/// Some of them free what they have made.
#[global_allocator]
static ALLOC: tellers::Alloc = tellers::Alloc;
