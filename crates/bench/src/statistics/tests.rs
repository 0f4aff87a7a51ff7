use super::{median, percentile};

#[test]
fn the_median_of_an_odd_list_is_the_middle_one() {
    assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
}

#[test]
fn the_median_of_an_even_list_lies_between_the_middle_two() {
    assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
}

#[test]
fn nothing_has_no_median_and_no_percentile() {
    assert_eq!(median(&[]), None);
    assert_eq!(percentile(&[], 99.0), None);
}

#[test]
fn the_99th_percentile_of_200_values_is_the_198th() {
    let values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
    assert_eq!(percentile(&values, 99.0), Some(198.0));
    assert_eq!(percentile(&values, 50.0), Some(100.0));
}

#[test]
fn every_percentile_of_one_value_is_that_value() {
    assert_eq!(percentile(&[7.0], 1.0), Some(7.0));
    assert_eq!(percentile(&[7.0], 100.0), Some(7.0));
}
