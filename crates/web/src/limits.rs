//! How much of the machine strangers may take.

use std::time::Duration;

/// Limits of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most connections at a time; others wait in the system's queue.
    pub connections_max: usize,
    /// Longest time until the head of a request is there, from the connection or the last answer on.
    pub head: Duration,
    /// Longest time until the body is there.
    pub body: Duration,
    /// Longest life of a connection.
    pub connection: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 256,
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            connection: Duration::from_secs(120),
        }
    }
}
