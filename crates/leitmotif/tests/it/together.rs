//! Two programs on one home at the same time.

use std::fs::File;
use std::io::BufWriter;
use std::process::Stdio;

use testkit::report::{Form, Order, file_name, write_report};

use crate::door::{leitmotif, program, well};

#[test]
fn looking_at_a_home_does_not_disturb_an_import() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let order = Order { recordings: 500, payees: 40, agreements: 30, ..Order::new(4, 4_000) };
    let report = file_name(&order);
    let mut out = BufWriter::new(File::create(at.join(&report)).unwrap());
    write_report(&mut out, Form::Financial, &order).unwrap();
    drop(out);
    well(at, &["report", "list"]);
    let mut child = program(at, ["report", "import", &report])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() {
        let looked = leitmotif(at, &["report", "list"]);
        assert_eq!(looked.code, 0, "{looked:?}");
    }
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{err}");
    let listed = well(at, &["report", "list"]);
    assert!(listed.contains("standing"), "{listed}");
    well(at, &["suspense"]);
}
