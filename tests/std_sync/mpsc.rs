//! std's channels.

use super::{assert_fails, assert_returns};
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tellers::engine::Failure;
use tellers::sync::mpsc::{self, Receiver, RecvTimeoutError, SendError, SyncSender, TrySendError};
use tellers::sync::{Mutex, thread};

const BRIEF: Duration = Duration::from_millis(1);

/// std's errors have no order, so it is what is printed that is compared.
fn assert_says<T: Debug, const N: usize>(
    all: [&str; N],
    body: impl Fn() -> T + Send + Sync + 'static,
) {
    assert_returns(all.map(str::to_owned), move || format!("{:?}", body()));
}

#[test]
fn values_come_in_the_order_in_which_they_were_sent() {
    assert_returns([[1, 2, 3], [1, 3, 2], [3, 1, 2]], || {
        let (sender, receiver) = mpsc::channel();
        let theirs = sender.clone();
        let other = thread::spawn(move || theirs.send(3).unwrap());
        sender.send(1).unwrap();
        sender.send(2).unwrap();
        let seen = [0; 3].map(|_| receiver.recv().unwrap());
        other.join().unwrap();
        seen
    });
}

#[test]
fn what_was_sent_is_received_after_the_last_sender_is_gone() {
    assert_says(["([1, 2], Err(RecvError))"], || {
        let (sender, receiver) = mpsc::channel();
        let theirs = sender.clone();
        let other = thread::spawn(move || theirs.send(2).unwrap());
        sender.send(1).unwrap();
        drop(sender);
        let mut seen: Vec<u32> = receiver.iter().collect();
        seen.sort_unstable();
        other.join().unwrap();
        (seen, receiver.recv())
    });
}

#[test]
fn a_sender_that_is_kept_is_waited_for_for_ever() {
    assert_fails(Failure::Deadlock, || {
        let (sender, receiver) = mpsc::channel();
        let theirs = sender.clone();
        let other = thread::spawn(move || theirs.send(1).unwrap());
        assert_eq!(receiver.iter().sum::<u32>(), 1);
        other.join().unwrap();
        drop(sender);
    });
}

#[test]
fn who_sends_to_nobody_has_it_back() {
    assert_returns([Ok(()), Err(7)], || {
        let (sender, receiver) = mpsc::channel();
        let other = thread::spawn(move || sender.send(7).map_err(|error| error.0));
        drop(receiver);
        other.join().unwrap()
    });
}

#[test]
fn what_is_tried_is_there_or_not_or_never_will_be() {
    assert_says(["Err(Empty)", "Err(Disconnected)"], || {
        let (sender, receiver) = mpsc::channel::<u32>();
        let theirs = sender.clone();
        let others = [theirs, sender].map(|sender| thread::spawn(move || drop(sender)));
        let seen = receiver.try_recv();
        others.into_iter().for_each(|other| other.join().unwrap());
        seen
    });
    assert_says(["Ok(7)", "Err(Empty)"], || {
        let (sender, receiver) = mpsc::channel();
        let theirs = sender.clone();
        let other = thread::spawn(move || theirs.send(7).unwrap());
        let seen = receiver.try_recv();
        other.join().unwrap();
        drop(sender);
        seen
    });
}

#[test]
fn who_waits_for_so_long_has_it_or_not() {
    assert_says(["(Ok(7), true)", "(Err(Timeout), true)"], || {
        let (sender, receiver) = mpsc::channel();
        let other = thread::spawn(move || sender.send(7).is_ok());
        let seen = receiver.recv_timeout(BRIEF);
        (seen, other.join().unwrap())
    });
    assert_says(["Err(Disconnected)", "Err(Timeout)"], || {
        let (sender, receiver) = mpsc::channel::<u32>();
        let other = thread::spawn(move || drop(sender));
        let seen = receiver.recv_timeout(BRIEF);
        other.join().unwrap();
        seen
    });
}

/// What a second thread sends, and how much of it the first one has received when the second is done.
fn sent_and_seen(room: usize) -> impl Fn() -> bool + Send + Sync + 'static {
    move || {
        let (sender, receiver) = mpsc::sync_channel(room);
        let seen = std::sync::Arc::new(Mutex::new(0));
        let theirs = std::sync::Arc::clone(&seen);
        let other = thread::spawn(move || {
            sender.send(1).unwrap();
            sender.send(2).unwrap();
            *theirs.lock().unwrap() > 0
        });
        *seen.lock().unwrap() += receiver.recv().unwrap();
        receiver.recv().unwrap();
        other.join().unwrap()
    }
}

#[test]
fn who_sends_more_than_there_is_room_for_waits() {
    assert_returns([true, false], sent_and_seen(2));
    assert_returns([true, false], sent_and_seen(1));
    assert_returns([true], sent_and_seen(0));
    for room in 0..2 {
        assert_fails(Failure::Deadlock, move || {
            let (sender, receiver) = mpsc::sync_channel(room);
            sender.send(1).unwrap();
            sender.send(2).unwrap();
            receiver.recv().unwrap();
        });
    }
}

/// What comes of trying to send while another thread receives.
fn tried(
    room: usize,
    receive: impl Fn(Receiver<u32>) -> bool + Clone + Send + Sync + 'static,
) -> impl Fn() -> (&'static str, bool) + Send + Sync + 'static {
    move || {
        let (sender, receiver) = mpsc::sync_channel(room);
        let receive = receive.clone();
        let other = thread::spawn(move || receive(receiver));
        let sent = match sender.try_send(7) {
            Ok(()) => "sent",
            Err(TrySendError::Full(7)) => "full",
            Err(TrySendError::Disconnected(7)) => "gone",
            Err(_) => "another one",
        };
        drop(sender);
        (sent, other.join().unwrap())
    }
}

#[test]
fn where_there_is_no_room_can_be_sent_only_what_is_waited_for() {
    let receives = |receiver: Receiver<u32>| receiver.recv() == Ok(7);
    assert_returns([("sent", true), ("full", false)], tried(0, receives));
    assert_returns([("sent", true)], tried(1, receives));
    let waits = |receiver: Receiver<u32>| receiver.recv_timeout(BRIEF) == Ok(7);
    assert_returns([("sent", true), ("full", false), ("gone", false)], tried(0, waits));
    let tries = |receiver: Receiver<u32>| receiver.try_recv() == Ok(7);
    assert_returns([("full", false), ("gone", false)], tried(0, tries));
    assert_returns([("sent", true), ("sent", false), ("gone", false)], tried(1, tries));
}

#[test]
fn what_was_offered_and_not_received_is_had_back() {
    assert_returns([(Ok(()), Some(7)), (Err(7), None)], || {
        let (sender, receiver) = mpsc::sync_channel(0);
        let other = thread::spawn(move || sender.send(7).map_err(|error| error.0));
        let seen = receiver.try_recv().ok();
        drop(receiver);
        (other.join().unwrap(), seen)
    });
}

#[test]
fn a_ping_pong_of_two_channels_ends() {
    assert_returns([3], || {
        let (to, from_main) = mpsc::sync_channel(1);
        let (back, from_other) = mpsc::sync_channel(1);
        let other = thread::spawn(move || {
            for ball in from_main {
                back.send(ball + 1).unwrap();
            }
        });
        let play = |to: SyncSender<u32>| {
            (0..3).fold(0, |ball, _| {
                to.send(ball).unwrap();
                from_other.recv().unwrap()
            })
        };
        let balls = play(to);
        other.join().unwrap();
        balls
    });
}

#[test]
fn a_panic_drops_the_senders_of_its_thread() {
    assert_returns([vec![1]], || {
        let (sender, receiver) = mpsc::channel();
        let other = thread::spawn(move || {
            let sends = move || {
                sender.send(1).unwrap();
                panic!("in the middle");
            };
            catch_unwind(AssertUnwindSafe(sends)).is_err()
        });
        let seen: Vec<u32> = receiver.into_iter().collect();
        assert!(other.join().unwrap());
        seen
    });
}

#[test]
fn values_of_any_type_are_told_by_their_key() {
    #[derive(Debug)]
    struct Order(&'static str, u32);
    let sum = |orders: Receiver<Order>| orders.iter().map(|order| order.1).sum::<u32>();
    assert_returns([50], move || {
        let (sender, orders) = mpsc::channel_keyed(|order: &Order| (order.0, order.1));
        let other = thread::spawn(move || {
            sender.send(Order("Ada", 20)).unwrap();
            sender.send(Order("Grace", 30)).unwrap();
        });
        let sum = sum(orders);
        other.join().unwrap();
        sum
    });
}

/// A channel can be sent through a channel.
#[test]
fn ends_that_are_never_received_are_dropped_with_the_receiver() {
    assert_says(["Err(RecvError)"], || {
        let (outer, receiver) = mpsc::channel_keyed(|_: &mpsc::Sender<u32>| ());
        let (inner, values) = mpsc::channel();
        outer.send(inner).unwrap();
        let other = thread::spawn(move || drop(receiver));
        let seen = values.recv();
        other.join().unwrap();
        seen
    });
}

#[test]
fn outside_of_every_check_they_are_the_real_thing() {
    let (sender, receiver) = mpsc::channel();
    let theirs = sender.clone();
    let other = std::thread::spawn(move || (0..100).for_each(|i| theirs.send(i).unwrap()));
    assert_eq!(receiver.iter().take(100).sum::<u32>(), 4950);
    other.join().unwrap();
    assert_eq!(receiver.try_iter().count(), 0);
    assert_eq!(receiver.recv_timeout(BRIEF), Err(RecvTimeoutError::Timeout));
    assert_eq!(format!("{sender:?} {receiver:?}"), "Sender { .. } Receiver { .. }");
    drop(receiver);
    assert_eq!(sender.send(1), Err(SendError(1)));

    let (sender, receiver) = mpsc::sync_channel(0);
    assert_eq!(sender.try_send(1), Err(TrySendError::Full(1)));
    let other = std::thread::spawn(move || receiver.into_iter().collect::<Vec<_>>());
    sender.send(2).unwrap();
    drop(sender);
    assert_eq!(other.join().unwrap(), [2]);
}
