use callboard_foundation::ErrorCode;

use super::{Failure, Status, chain};

#[test]
fn causes_follow_the_error_and_none_is_said_twice() {
    let failure =
        Failure::unavailable(anyhow::anyhow!("no such file")).context("cannot read `a`").context("cannot start");
    assert_eq!(failure.to_string(), "cannot start: cannot read `a`: no such file");
    let repeated = anyhow::anyhow!("away").context("cannot connect: away");
    assert_eq!(chain(repeated.as_ref()), "cannot connect: away");
}

#[test]
fn the_code_of_a_part_decides_the_exit_code() {
    let status = |code| Failure::coded(code, anyhow::anyhow!("x")).status;
    assert_eq!(status(ErrorCode::BadInput), Status::Usage);
    assert_eq!(status(ErrorCode::Unavailable), Status::Unavailable);
    assert_eq!(status(ErrorCode::Internal), Status::Internal);
}
