use super::*;
use proptest::prelude::*;

prop_compose! {
    fn schedules()(
        threads in prop::collection::vec((0_usize..4, 0_u32..3), 0..4),
        turns in prop::collection::vec((0_usize..4, 0_u32..3), 0..40),
    ) -> Schedule {
        let mut sound = Schedule { threads: Vec::new(), turns: Vec::new() };
        for (maker, nth) in threads {
            let maker = ThreadId::new(maker % (sound.threads.len() + 1));
            sound.threads.push((maker, nth));
            if !sound.is_sound() {
                sound.threads.pop();
            }
        }
        let all = sound.threads.len() + 1;
        let turns = turns.into_iter().map(|(mover, choice)| (mover % all, choice));
        let turns = (0..all).map(|mover| (mover, 0)).chain(turns);
        let turn = |(mover, choice)| Turn { thread: ThreadId::new(mover), choice };
        sound.turns = turns.map(turn).collect();
        sound
    }
}

prop_compose! {
    fn tokens()(
        scenario in "[a-z0-9-]{1,12}",
        setup in ".{0,8}",
        kind in 0_u8..6,
        schedule in schedules(),
        minimal: bool,
        no_return: Option<usize>,
        repeats_from: Option<usize>,
        fingerprint: u32,
    ) -> Token {
        Token {
            scenario: word(&scenario),
            setup,
            failure: failure(kind).expect("there are six"),
            schedule,
            minimal,
            no_return,
            repeats_from,
            fingerprint,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_token_survives_being_written(token in tokens()) {
        let text = token.to_string();
        prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{text}");
        prop_assert_eq!(text.parse::<Token>(), Ok(token));
    }

    #[test]
    fn every_wrong_character_is_noticed(token in tokens()) {
        let text = token.to_string();
        for at in 0..text.len() {
            let as_it_was = text.as_bytes()[at];
            for wrong in (b' '..=b'~').filter(|&wrong| wrong != as_it_was) {
                let mut damaged = text.clone().into_bytes();
                damaged[at] = wrong;
                let damaged = String::from_utf8(damaged).expect("it is ASCII");
                prop_assert_eq!(damaged.parse::<Token>(), Err(refusal(&damaged)), "{}", damaged);
            }
            let mut shorter = text.clone();
            shorter.remove(at);
            prop_assert_eq!(shorter.parse::<Token>(), Err(refusal(&shorter)));
        }
    }
}

fn refusal(damaged: &str) -> TokenError {
    if damaged.contains('_') { TokenError::Damaged } else { TokenError::NoToken }
}

/// What a token with this behind its underscore is taken for.
fn parsed(mut bytes: Vec<u8>) -> Result<Token, TokenError> {
    bytes.extend(checksum("race", &bytes).to_le_bytes());
    format!("race_{}", BASE32.encode(&bytes)).parse()
}

#[test]
fn a_token_of_another_version_says_so() {
    for version in [1, 4] {
        let error = parsed(vec![version, 7, 7, 7]).expect_err("its version is not read");
        let expected =
            format!("the token is of version {version}; this program reads versions 2 and 3");
        assert_eq!(error.to_string(), expected);
    }
}

fn forged(odd: &[(u32, u32, u32)], runs: &[(u32, u64)]) -> Result<Token, TokenError> {
    let payload = Payload {
        setup: String::new(),
        failure: 0,
        no_return: None,
        repeats_from: None,
        fingerprint: [0; 4],
        odd: odd.to_vec(),
        runs: runs.to_vec(),
    };
    let payload = postcard::to_allocvec(&payload).expect("it can be written");
    parsed([vec![VERSION], payload].concat())
}

#[test]
fn a_token_without_choices_is_what_it_was_before_there_were_any() {
    let token = forged(&[], &[(0, 2), (1, 1), (0, 1)]).expect("it is sound");
    let bytes = BASE32.decode(token.to_string().rsplit('_').next().unwrap().as_bytes()).unwrap();
    assert_eq!(bytes[0], VERSION);
    let mut chosen = token.clone();
    chosen.schedule.turns[2].choice = 7;
    let text = chosen.to_string();
    assert_eq!(text.parse(), Ok(chosen));
    let bytes = BASE32.decode(text.rsplit('_').next().unwrap().as_bytes()).unwrap();
    assert_eq!(bytes[0], WITH_CHOICES);
}

#[test]
fn a_choice_at_a_step_that_there_is_not_is_damage() {
    let token = forged(&[], &[(0, 2)]).expect("it is sound");
    let with = |choices: Choices| {
        let payload = postcard::to_allocvec(&token.payload()).expect("it can be written");
        let choices = postcard::to_allocvec(&choices).expect("they can be written");
        parsed([vec![WITH_CHOICES], payload, choices].concat())
    };
    assert!(with(vec![(0, 1), (1, 2)]).is_ok());
    for choices in [vec![(2, 1)], vec![(1, 1), (1, 1)], vec![(u64::MAX, 1), (1, 1)]] {
        assert_eq!(with(choices.clone()).err(), Some(TokenError::Damaged), "{choices:?}");
    }
}

#[test]
fn a_token_lists_each_thread_once_and_after_its_maker() {
    let all = [(0, 1), (1, 1), (2, 1), (3, 1)];
    let token = forged(&[(2, 1, 0), (3, 1, 1)], &all).expect("it is sound");
    let [main, first] = [0, 1].map(ThreadId::new);
    assert_eq!(token.schedule.threads, [(main, 1), (first, 0), (first, 1)]);
    let (twice, before, itself) = ((3, 0, 2), (2, 3, 0), (2, 2, 0));
    let (main, unlisted, nobody) = ((1, 0, 0), (4, 0, 4), (0, 0, 1));
    for odd in [twice, before, itself, main, unlisted, nobody] {
        assert_eq!(forged(&[odd], &all).err(), Some(TokenError::Damaged), "{odd:?}");
    }
}

#[test]
fn a_token_of_all_too_much_takes_no_memory() {
    assert!(forged(&[], &[(0, MAX_STEPS)]).is_ok());
    let endless = [[(0, MAX_STEPS), (0, 1)], [(0, u64::MAX), (0, 1)], [(0, 1), (u32::MAX, 1)]];
    for runs in endless {
        assert_eq!(forged(&[], &runs).err(), Some(TokenError::Damaged), "{runs:?}");
    }
}
