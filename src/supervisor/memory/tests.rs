use super::*;

const MIB: usize = 1 << 20;

fn soft_limit() -> rlim_t {
    getrlimit(Resource::RLIMIT_AS).expect("the system tells").0
}

fn hoard() -> Vec<u8> {
    std::hint::black_box(vec![1; 64 * MIB])
}

#[test]
fn the_limit_of_the_process_is_as_before_whichever_search_ends_first() {
    apart!(
        "memory::tests::the_limit_of_the_process_is_as_before_whichever_search_ends_first",
        || {
            for first_ends_first in [true, false] {
                let before = soft_limit();
                let [first, second] = [Share::new(MIB), Share::new(MIB)];
                let hoard = hoard();
                Share::look();
                assert!(refuses() && soft_limit() < before, "the fence is up");
                assert!(Share::too_much() > 60 * MIB);
                let (sooner, later) =
                    if first_ends_first { (first, second) } else { (second, first) };
                drop(sooner);
                Share::look();
                assert!(refuses() && soft_limit() < before, "there is still too much");
                drop(later);
                assert!(!refuses());
                assert_eq!(soft_limit(), before);
                drop(hoard);
            }
        }
    );
}

#[test]
fn what_is_given_back_and_what_was_refused_is_charged_to_nobody() {
    apart!("memory::tests::what_is_given_back_and_what_was_refused_is_charged_to_nobody", || {
        let before = soft_limit();
        let mut share = Share::new(32 * MIB);
        let given_back = hoard();
        Share::look();
        assert!(refuses());
        drop(given_back);
        Share::look();
        assert!(!refuses());
        assert_eq!(soft_limit(), before);
        let _left = hoard();
        Share::look();
        assert!(refuses());
        share.was_refused();
        Share::look();
        assert!(!refuses());
        assert_eq!(soft_limit(), before);
    });
}

#[test]
fn nobody_is_refused_memory_while_a_thread_is_being_started() {
    apart!("memory::tests::nobody_is_refused_memory_while_a_thread_is_being_started", || {
        let before = soft_limit();
        let share = Share::new(MIB);
        let hoard = hoard();
        Share::look();
        assert!(soft_limit() < before, "the fence is up");
        let starting = Starting::new();
        assert_eq!(soft_limit(), before);
        Share::look();
        assert_eq!(soft_limit(), before);
        assert!(refuses(), "who is refused memory before that is not taken for one that aborts");
        drop(starting);
        assert!(soft_limit() < before, "the fence is up again");
        drop((share, hoard));
        assert!(!refuses());
    });
}

#[test]
fn searches_stand_back_for_a_while() {
    apart!("memory::tests::searches_stand_back_for_a_while", || {
        let share = Share::new(MIB);
        assert!(!fence().is_new());
        let hoard = hoard();
        Share::look();
        assert!(fence().is_new());
        for _ in 0..PATIENCE {
            assert!(fence().is_new());
            Share::look();
        }
        assert!(refuses() && !fence().is_new(), "it may be who waits");
        drop(hoard);
        Share::look();
        let hoard = self::hoard();
        Share::look();
        assert!(fence().is_new(), "it may be somebody else now");
        drop((share, hoard));
    });
}

#[test]
fn what_a_crash_leaves_behind_is_not_taken_from_the_others() {
    apart!("memory::tests::what_a_crash_leaves_behind_is_not_taken_from_the_others", || {
        let _share = Share::new(8 * MIB);
        let other = Share::new(96 * MIB);
        let _left = hoard();
        other.leave_behind();
        Share::look();
        assert!(!refuses());
    });
}
