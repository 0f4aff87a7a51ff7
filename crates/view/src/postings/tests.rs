use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// Inserts and removes the ids (removes the negative ones) and compares with a plain set after each step.
fn check_steps(steps: &[i32]) {
    let mut model: BTreeSet<u32> = BTreeSet::new();
    let mut postings: Option<Postings> = None;
    for step in steps {
        let id = step.unsigned_abs();
        if *step >= 0 {
            model.insert(id);
            match &mut postings {
                Some(postings) => postings.insert(id),
                None => postings = Some(Postings::One(id)),
            }
        } else {
            model.remove(&id);
            if postings.as_mut().is_some_and(|postings| postings.remove(id)) {
                postings = None;
            }
        }
        let ids: Vec<u32> = postings.iter().flat_map(Postings::iter).collect();
        assert_eq!(ids, model.iter().copied().collect::<Vec<_>>());
        let Some(postings) = &postings else { continue };
        assert_eq!(postings.len(), model.len() as u64);
        assert_eq!(*postings.to_bitmap(), model.iter().copied().collect::<RoaringBitmap>());
        let even: RoaringBitmap = (0..200).step_by(2).collect();
        let bits = [0x5555_5555_5555_5555; 4];
        let expected = model.iter().filter(|id| *id % 2 == 0).count() as u64;
        assert_eq!(postings.count_in(&even, &bits), expected);
        assert_eq!(postings.is_any_in(&even), expected > 0);
        let mut united = even.clone();
        postings.add_to(&mut united);
        assert_eq!(united, &even | &*postings.to_bitmap());
    }
}

#[test]
fn a_set_that_grows_past_the_limit_and_shrinks_again_keeps_its_members() {
    let steps: Vec<i32> = (1..100).chain((1..100).map(|id| -id)).collect();
    check_steps(&steps);
}

#[test]
fn removing_what_is_not_there_changes_nothing() {
    check_steps(&[5, -6, 7, -6, -5, -5, -7]);
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_set_answers_as_a_plain_set_after_any_steps(steps in prop::collection::vec(-100i32..150, 0..200)) {
        check_steps(&steps);
    }
}
