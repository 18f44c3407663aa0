//! Where files lie below the root. No text from outside becomes part of a path unchecked.

use std::path::{Component, Path, PathBuf};

use period::Month;

use crate::LakeError;

/// Folder of usage lines in place.
pub(crate) const USAGE: &str = "usage";
/// Folder of usage lines not yet in place.
pub(crate) const STAGING: &str = "staging";
/// What the name of a file of usage lines ends with.
pub(crate) const EXTENSION: &str = "parquet";

const MONTH: &str = "month=";
const SENDER: &str = "sender=";
const REPORT_CHARS_MAX: usize = 64;
const SENDER_CHARS_MAX: usize = 64;

const fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// Refuses a report id that could not be a file name.
pub(crate) fn check_report(report: &str) -> Result<(), LakeError> {
    let fits = !report.is_empty() && report.len() <= REPORT_CHARS_MAX;
    if fits && report.chars().all(is_plain) {
        return Ok(());
    }
    Err(LakeError::ReportId { report: report.to_owned() })
}

/// The sender as part of a folder name: other characters than `[A-Za-z0-9_-]` become `_`.
pub(crate) fn safe_sender(sender: &str) -> String {
    let safe: String =
        sender.chars().take(SENDER_CHARS_MAX).map(|c| if is_plain(c) { c } else { '_' }).collect();
    if safe.is_empty() { "_".to_owned() } else { safe }
}

/// Relative path of file `number` of a report, with `/` on every system.
pub(crate) fn file_path(month: Month, sender: &str, report: &str, number: u32) -> String {
    let sender = safe_sender(sender);
    format!("{USAGE}/{MONTH}{month}/{SENDER}{sender}/{report}-{number}.{EXTENSION}")
}

/// Whether a folder name is one of a month.
pub(crate) fn is_month_folder(name: &str) -> bool {
    name.strip_prefix(MONTH).is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_plain))
}

/// Whether a folder name is one of a sender.
pub(crate) fn is_sender_folder(name: &str) -> bool {
    name.strip_prefix(SENDER).is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_plain))
}

/// Whether a file name is one of a report's files.
pub(crate) fn is_report_file(name: &str) -> bool {
    let stem = name.strip_suffix(EXTENSION).and_then(|rest| rest.strip_suffix('.'));
    stem.and_then(|stem| stem.rsplit_once('-')).is_some_and(|(report, number)| {
        check_report(report).is_ok()
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The path below `base` that a manifest's relative path means, refusing any way out of it.
pub(crate) fn below(base: &Path, relative: &str) -> Result<PathBuf, LakeError> {
    let refuse = || LakeError::Path { path: relative.to_owned() };
    let parts: Vec<&str> = relative.split('/').collect();
    let &[USAGE, month, sender, file] = parts.as_slice() else {
        return Err(refuse());
    };
    if !(is_month_folder(month) && is_sender_folder(sender) && is_report_file(file)) {
        return Err(refuse());
    }
    let path = Path::new(relative);
    if !path.components().all(|component| matches!(component, Component::Normal(_))) {
        return Err(refuse());
    }
    Ok(base.join(path))
}
