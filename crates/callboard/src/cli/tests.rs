use clap::{CommandFactory, Parser};

use super::{Cli, Command, Direction, Format};

fn check_parses(line: &str) -> Cli {
    Cli::try_parse_from(line.split_whitespace()).unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn the_definition_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn without_a_command_the_server_runs() {
    assert!(matches!(check_parses("callboard").command.unwrap_or_default(), Command::Serve(_)));
    assert_eq!(check_parses("callboard --config a.yaml --config b.yaml").config.len(), 2);
}

#[test]
fn options_for_all_commands_may_follow_the_command() {
    let cli = check_parses("callboard validate --log debug -c a.yaml x.yaml y.yaml --format sarif");
    assert_eq!(cli.log.as_deref(), Some("debug"));
    let Some(Command::Validate(arguments)) = cli.command else { panic!("another command") };
    assert_eq!((arguments.paths.len(), arguments.format), (2, Format::Sarif));
}

#[test]
fn migrating_goes_up_unless_told_otherwise() {
    let direction = |line: &str| match check_parses(line).command {
        Some(Command::Migrate(arguments)) => arguments.direction,
        other => panic!("{other:?}"),
    };
    assert_eq!(direction("callboard migrate"), Direction::Up);
    assert_eq!(direction("callboard migrate status"), Direction::Status);
}

#[test]
fn importing_and_validating_need_a_path() {
    for line in ["callboard import", "callboard validate"] {
        let error = Cli::try_parse_from(line.split_whitespace()).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
    }
}
