//! The doors beside this one, which only the roof can see.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use app::witness::{Reply, Witness};

/// Takes an address for a witness, says which it took, and answers until the process ends.
pub type ServeWitness = fn(
    Witness,
    SocketAddr,
    &mut dyn FnMut(SocketAddr) -> io::Result<()>,
    Arc<dyn Fn(&Reply) + Send + Sync>,
) -> io::Result<()>;

/// How other doors are opened from the command line.
#[derive(Clone, Copy, Debug)]
pub struct Doors {
    /// The HTTP door of a witness.
    pub serve_witness: ServeWitness,
}
