//! The lesson's bank: ordinary code over [`sync`](crate::sync), cell by cell.
//!
//! | file | in the lesson |
//! | --- | --- |
//! | `accounts` | `accounts`, and how money moves between two of them |
//! | `unlocked` | cells 2 and 3: `move_funds`, without a lock |
//! | `locked` | cells 4 to 7: `move_funds2`, under two locks; and the table of three threads |
//! | `deposit` | the remark after cell 5: a lock that is taken for another's account |
//! | `watchdog` | cell 8: locks released by force |
//! | `timeout` | cells 9 and 10: `move_funds3`, all locks or none |
//! | `trains` | the law of the two trains, quoted after the table |
//! | `window` | after the lesson: a permit that an early return keeps |

mod accounts;
mod deposit;
mod locked;
mod retries;
mod stop;
mod timeout;
mod trains;
mod unlocked;
mod watchdog;
mod window;

pub use accounts::{Accounts, INITIAL};
pub use deposit::deposit;
pub use locked::{move_funds2, move_in_ring};
pub use retries::Retries;
pub use stop::Stop;
pub use timeout::{LOCK_TIMEOUT, move_funds3};
pub use trains::obey_the_law;
pub use unlocked::{move_funds, move_unaudited};
pub use watchdog::release_by_force;
pub use window::{Permit, serve};
