//! The HTTP door: what a witness answers.
//!
//! # Purpose
//! Lets logs ask a witness for cosignatures and monitors see what it cosigned (C2SP tlog-witness
//! v1.0.0, "HTTP Interface").
//!
//! # Words
//! An **endpoint** is an address and what is answered there; one file each. A **visitor** is
//! whoever connects: a log, a monitor, or anybody.
//!
//! # Drawing
//! ```text
//!  visitor ─ accept (limited) ─ head, body (limited in size and time) ─┬─ POST /add-checkpoint
//!                                                                      ├─ GET  /H/checkpoint
//!                                                                      └─ GET  /
//!                              app::witness ◀─ a thread that may wait ─┘
//! ```
//!
//! # Example
//! ```
//! use std::sync::Arc;
//!
//! let folder = tempfile::tempdir()?;
//! app::witness::init(folder.path(), "witness.example")?;
//! let witness = app::witness::open(folder.path())?;
//! let door = web::WitnessDoor::bind(witness, "127.0.0.1:0".parse()?)?;
//! let address = door.address();
//! std::thread::spawn(move || door.serve(Arc::new(|reply| println!("{}", reply.answer.status))));
//! assert!(std::net::TcpStream::connect(address).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - What a visitor sends has a limit in size and in time, and so has the number of visitors.
//! - A failure is told to the operator; the visitor learns that there was one.
//! - It can be killed at any time: what was answered is at rest.
//!
//! # What it does not do
//! It decides nothing, and has no TLS: put a web server before it that does, or a bastion. It knows no
//! address but these three.

mod add_checkpoint;
mod checkpoint;
mod greeting;
mod limits;
mod witness;

pub use limits::Limits;
pub use witness::{Told, WitnessDoor};
