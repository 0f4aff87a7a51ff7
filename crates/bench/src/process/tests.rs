use std::time::Duration;

use super::{Memory, cpu_time, memory, number_after, parse_cpu_time, parse_memory, written_bytes};

#[test]
fn processor_time_is_user_and_system_together() {
    let stat = "42 (callboard) S 1 42 42 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 5 0 100 1000 200";
    assert_eq!(parse_cpu_time(stat), Some(Duration::from_secs(2)));
}

#[test]
fn a_name_with_spaces_and_parentheses_does_not_shift_the_fields() {
    let stat = "42 (a (very) odd name) S 1 42 42 0 -1 4194560 900 0 0 0 1 2 0 0 20 0 5 0 100 1000 200";
    assert_eq!(parse_cpu_time(stat), Some(Duration::from_millis(30)));
}

#[test]
fn memory_is_told_in_bytes() {
    let status = "Name:\tcallboard\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
    assert_eq!(parse_memory(status), Some(Memory { resident: 1024 * 1024, peak: 2048 * 1024 }));
}

#[test]
fn a_missing_line_is_no_number() {
    assert_eq!(number_after("rchar: 1\n", "write_bytes:"), None);
}

#[test]
fn the_kernel_answers_for_this_very_process() {
    let pid = std::process::id();
    cpu_time(pid).expect("processor time");
    written_bytes(pid).expect("written bytes");
    let memory = memory(pid).expect("memory");
    assert!(memory.resident > 0 && memory.peak >= memory.resident / 2);
}
