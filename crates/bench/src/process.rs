//! What the kernel knows about a process: processor time, memory, bytes written.
//!
//! Owns reading `/proc` (Linux only). It starts and stops nothing; that is `crate::server`'s work.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result};

/// The unit of processor time in `/proc/<pid>/stat`. Linux shows user space 100 ticks a second on every architecture,
/// whatever the kernel's own tick is.
const TICKS_PER_SECOND: u64 = 100;

/// Memory of one process, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Resident now.
    pub(crate) resident: u64,
    /// The most that was ever resident.
    pub(crate) peak: u64,
}

/// Returns the processor time that all threads of a process have used, user and system, to the hundredth of a second.
pub(crate) fn cpu_time(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&path).with_context(|| format!("failed to read {path}"))?;
    parse_cpu_time(&text).with_context(|| format!("{path} has another form than expected"))
}

/// Returns what a process holds in memory.
pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).with_context(|| format!("failed to read {path}"))?;
    parse_memory(&text).with_context(|| format!("{path} has another form than expected"))
}

/// Returns how many bytes a process has caused to be written to storage.
pub(crate) fn written_bytes(pid: u32) -> Result<u64> {
    let path = format!("/proc/{pid}/io");
    let text = fs::read_to_string(&path).with_context(|| format!("failed to read {path}"))?;
    number_after(&text, "write_bytes:").with_context(|| format!("{path} has another form than expected"))
}

fn parse_cpu_time(stat: &str) -> Option<Duration> {
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    let after_name = stat.rsplit_once(')')?.1;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 1000 / TICKS_PER_SECOND))
}

fn parse_memory(status: &str) -> Option<Memory> {
    let kibibytes = |name| number_after(status, name).map(|value| value * 1024);
    Some(Memory { resident: kibibytes("VmRSS:")?, peak: kibibytes("VmHWM:")? })
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests;
