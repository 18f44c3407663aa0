//! A script in place of the engine: it asks the engine, and does meanwhile what a test wants.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::stage::ENGINE;

/// The script, and the folder that it may use.
pub(crate) struct Between {
    folder: TempDir,
    pub(crate) program: PathBuf,
}

impl Between {
    /// A script that does `reduce` for a reduction, in shell with `$engine` and the folder `$own`,
    /// and hands on whatever else is asked.
    fn new(reduce: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("between.sh");
        let script = format!(
            "#!/bin/sh\nengine='{ENGINE}'\nown='{}'\n\
             test \"$1\" = reduce || exec \"$engine\" \"$@\"\n{reduce}",
            folder.path().display()
        );
        // Written by another process: what this one has open for writing cannot be started.
        let write = r#"printf %s "$1" > "$2" && chmod +x "$2""#;
        let done = Command::new("sh").args(["-c", write, "sh", &script]).arg(&program).status();
        assert!(done.unwrap().success());
        Self { folder, program }
    }

    /// Counts answers.
    pub(crate) fn counting() -> Self {
        Self::at_moment(usize::MAX, "true")
    }

    /// Ends a process as a power cut would, after so many answers.
    pub(crate) fn ending(process: u32, after: usize) -> Self {
        Self::at_moment(after, &format!("kill -9 {process}"))
    }

    fn at_moment(after: usize, act: &str) -> Self {
        let reduce = r#"
answers=0
at_moment() { test "$answers" != AFTER || ACT; }
at_moment
"$engine" reduce | while IFS= read -r answer; do
    printf '%s\n' "$answer" | tee -a "$own/answers"
    answers=$((answers + 1))
    at_moment
done
"#;
        Self::new(&reduce.replace("AFTER", &after.to_string()).replace("ACT", act))
    }

    /// Keeps the files of answers, and puts those of [`Self::tampered`] into their places.
    pub(crate) fn tampering() -> Self {
        let between = Self::new(
            r#"
request=$(cat)
out=$(printf %s "$request" | sed 's/.*"out":"\([^"]*\)".*/\1/')
printf %s "$request" | "$engine" reduce || exit
cp "$out"/*.parquet "$own/kept"
for file in "$own"/tampered/*; do
    test ! -f "$file" || cp "$file" "$out"
done
"#,
        );
        fs::create_dir(between.kept()).unwrap();
        fs::create_dir(between.tampered()).unwrap();
        between
    }

    /// The folder of answers as they were.
    pub(crate) fn kept(&self) -> PathBuf {
        self.folder.path().join("kept")
    }

    /// The folder of answers as they are given.
    pub(crate) fn tampered(&self) -> PathBuf {
        self.folder.path().join("tampered")
    }

    /// What was said of each task, in the order of the answers.
    pub(crate) fn answers(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.folder.path().join("answers")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
