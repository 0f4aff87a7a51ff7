//! What is promised: every row of the first table, with its goal and what Backstage needs for the same.
//!
//! Owns the goals. A figure is compared with them by `crate::report`; no figure is written here.

use crate::results::Part;

/// What counts as keeping a promise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    pub(crate) fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }
}

/// The unit of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    /// Millions of bytes.
    Megabytes,
    /// 2³⁰ bytes.
    Gibibytes,
    Ratio,
    RequestsPerSecond,
    /// Millions of bytes in a second of processor time.
    MegabytesPerSecond,
    Count,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promise {
    pub(crate) part: Part,
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    pub(crate) unit: Unit,
    pub(crate) goal: Option<Goal>,
    /// Backstage 1.55 on PostgreSQL, on a machine of the same kind; a dash where it was not measured.
    pub(crate) backstage: &'static str,
}

const fn promise(
    part: Part,
    id: &'static str,
    what: &'static str,
    unit: Unit,
    goal: Option<Goal>,
    backstage: &'static str,
) -> Promise {
    Promise { part, id, what, unit, goal, backstage }
}

use Goal::{AtLeast, AtMost};
use Part::{Large, Postgres, Sqlite, Subscribers};
use Unit::{Count, Gibibytes, Megabytes, MegabytesPerSecond, Milliseconds, Ratio, RequestsPerSecond, Seconds};

/// All rows, in the order of the table.
#[rustfmt::skip]
pub(crate) const PROMISES: &[Promise] = &[
    promise(Sqlite, "cold_start", "cold start, SQLite: all visible with relations", Seconds, Some(AtMost(5.0)), "318 s"),
    promise(Sqlite, "cold_start_cpu", "… processor time", Seconds, None, "167 s (Node alone)"),
    promise(Sqlite, "cold_start_peak", "… peak memory", Megabytes, Some(AtMost(500.0)), "2,100 MB"),
    promise(Postgres, "cold_start", "cold start, PostgreSQL: all visible with relations", Seconds, Some(AtMost(8.0)), "318 s"),
    promise(Postgres, "cold_start_cpu", "… processor time, without the database's", Seconds, None, "167 s (Node alone)"),
    promise(Postgres, "cold_start_peak", "… peak memory", Megabytes, Some(AtMost(500.0)), "2,100 MB"),
    promise(Sqlite, "size_ratio", "database size : YAML, SQLite, log included", Ratio, Some(AtMost(4.0)), "38 : 1"),
    promise(Postgres, "size_ratio", "database size : YAML, PostgreSQL, log included", Ratio, Some(AtMost(4.0)), "38 : 1"),
    promise(Sqlite, "second_read", "second read, nothing changed, SQLite", Seconds, Some(AtMost(2.0)), "100–150 s, again and again"),
    promise(Sqlite, "second_read_touched", "… every file with a new time", Seconds, Some(AtMost(2.0)), "–"),
    promise(Sqlite, "second_read_revisions", "… revisions written", Count, Some(AtMost(0.0)), "reprocesses all"),
    promise(Postgres, "second_read", "second read, nothing changed, PostgreSQL", Seconds, Some(AtMost(2.0)), "100–150 s, again and again"),
    promise(Postgres, "second_read_touched", "… every file with a new time", Seconds, Some(AtMost(2.0)), "–"),
    promise(Postgres, "second_read_rows", "… catalog rows written", Count, Some(AtMost(0.0)), "reprocesses all"),
    promise(Sqlite, "restart", "restart to the first right answer, SQLite", Seconds, Some(AtMost(0.7)), "2.0 s"),
    promise(Postgres, "restart", "restart to the first right answer, PostgreSQL", Seconds, Some(AtMost(0.7)), "2.0 s"),
    promise(Sqlite, "entity_16_rps", "entity by ref, 16 clients", RequestsPerSecond, Some(AtLeast(10_000.0)), "2,593/s"),
    promise(Sqlite, "entity_16_cpu", "… processor time a request", Milliseconds, None, "0.55 ms"),
    promise(Sqlite, "page_1_p50", "page of 20 ordered, with total: p50, 1 client", Milliseconds, Some(AtMost(1.0)), "117 ms"),
    promise(Sqlite, "page_16_rps", "… 16 clients", RequestsPerSecond, Some(AtLeast(5_000.0)), "11/s"),
    promise(Sqlite, "facets_1_p50", "three facets over components: p50, 1 client", Milliseconds, Some(AtMost(1.0)), "119 ms"),
    promise(Sqlite, "facets_16_rps", "… 16 clients", RequestsPerSecond, None, "8/s"),
    promise(Sqlite, "export_rate", "export of everything: sent per second of processor time", MegabytesPerSecond, Some(AtLeast(200.0)), "–"),
    promise(Large, "cold_start", "ten times as many: cold start, all visible with relations", Seconds, Some(AtMost(75.0)), "–"),
    promise(Large, "cold_start_peak", "… peak memory until then", Gibibytes, Some(AtMost(2.5)), "–"),
    promise(Large, "restart", "… restart to the first right answer", Seconds, Some(AtMost(6.0)), "–"),
    promise(Large, "restart_memory", "… memory after a restart", Gibibytes, Some(AtMost(2.5)), "–"),
    promise(Large, "load_memory", "… memory after all the queries", Gibibytes, Some(AtMost(2.5)), "–"),
    promise(Large, "export_rate", "… export of everything: sent per second of processor time", MegabytesPerSecond, Some(AtLeast(200.0)), "–"),
    promise(Large, "size_ratio", "… database size : YAML", Ratio, None, "–"),
    promise(Large, "change_p99", "… one entity changed, refresh to subscriber, p99", Milliseconds, Some(AtMost(50.0)), "–"),
    promise(Large, "change_cpu", "… processor time a change", Milliseconds, Some(AtMost(5.0)), "–"),
    promise(Large, "change_watch_p99", "… file saved to subscriber (watched), p99", Milliseconds, Some(AtMost(1_000.0)), "–"),
    promise(Subscribers, "crowd_websocket_last", "one change, many subscribers with one document, WebSocket: commit to the last", Milliseconds, Some(AtMost(100.0)), "–"),
    promise(Subscribers, "crowd_websocket_cpu", "… processor time a change", Milliseconds, None, "–"),
    promise(Subscribers, "crowd_websocket_memory", "… memory of all subscriptions", Megabytes, None, "–"),
    promise(Subscribers, "crowd_sse_last", "… server-sent events: commit to the last", Milliseconds, Some(AtMost(100.0)), "–"),
    promise(Subscribers, "crowd_sse_cpu", "… processor time a change", Milliseconds, None, "–"),
    promise(Subscribers, "crowd_sse_memory", "… memory of all subscriptions", Megabytes, None, "–"),
];

/// One way to change an entity; its rows begin with `prefix`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Series {
    pub(crate) prefix: &'static str,
    pub(crate) what: &'static str,
}

/// All ways to change an entity, in the order in which they are measured.
pub(crate) const SERIES: [Series; 4] = [
    Series { prefix: "change", what: "in a location of its own, refresh asked for" },
    Series { prefix: "change_watch", what: "in a location of its own, file watched" },
    Series { prefix: "change_inside", what: "one file of the large location, refresh asked for" },
    Series { prefix: "change_inside_watch", what: "one file of the large location, file watched" },
];
