//! Leitmotif: read the words, do what they say, return the exit code.

use std::process::ExitCode;

use cli::Doors;
use web::WitnessDoor;

/// The doors stand on one floor and do not see each other: they are made known here.
const DOORS: Doors = Doors {
    serve_witness: |witness, listen, ready, told| {
        let door = WitnessDoor::bind(witness, listen)?;
        ready(door.address())?;
        door.serve(told)
    },
};

fn main() -> ExitCode {
    cli::run(std::env::args_os(), DOORS)
}
