//! Programs that do harm: what they leave behind is OS threads that wait for ever, and what these hold.

mod hostile;
mod never_false;
mod partial;
