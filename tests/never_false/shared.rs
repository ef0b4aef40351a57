//! Data in a mutex that change through a shared reference: whoever only has one is taken to leave them as they are.

use super::beside::{never_proved, threads};
use std::cell::Cell;
use tellers::sync::Mutex;

#[test]
fn an_update_through_a_shared_reference_is_lost() {
    struct Account(Cell<i64>, &'static str);
    for count in 2..=4 {
        let account = || Mutex::new(Account(0.into(), "Ada"));
        let get_and_set = |account: &Mutex<Account>, _| {
            let value = account.lock().unwrap().0.get();
            account.lock().unwrap().0.set(value + 1);
        };
        let all = move |account: &Mutex<Account>| {
            let account = account.lock().unwrap();
            assert_eq!((account.0.get(), account.1), (count, "Ada"));
        };
        never_proved(&threads(count as usize, account, get_and_set, all));
    }
}
