use callboard_entity_model::{Problem, ProblemCode};

use super::{line, location_of, verdict};
use crate::failure::Status;

fn problem() -> Problem {
    let mut problem = Problem::error(ProblemCode::InvalidEntity, "file:/srv/a.yaml", "must be a text");
    (problem.line, problem.column, problem.field) = (Some(3), Some(7), Some("spec.owner".to_owned()));
    problem
}

#[test]
fn a_problem_is_one_line_with_its_place_first() {
    assert_eq!(line(&problem()), "/srv/a.yaml:3:7: error[INVALID_ENTITY]: spec.owner: must be a text");
    let elsewhere = Problem::error(ProblemCode::NotFound, "url:https://a/b.yaml", "not there").as_warning();
    assert_eq!(line(&elsewhere), "url:https://a/b.yaml: warning[NOT_FOUND]: not there");
}

#[test]
fn warnings_leave_the_verdict_good() {
    assert_eq!(verdict(&[problem().as_warning()]), Status::Success);
    assert_eq!(verdict(&[problem().as_warning(), problem()]), Status::Problems);
}

#[test]
fn addresses_and_paths_become_locations() {
    assert_eq!(location_of("https://a.example.com/x.yaml").reference(), "url:https://a.example.com/x.yaml");
    assert_eq!(location_of("/srv/./x.yaml").reference(), "file:/srv/x.yaml");
}
