//! `leitmotif identify --watch`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use app::sound::{Answer, Listener, Options, Ready, SoundError, Watch};

use super::identify::answer_as_json;
use crate::shell::Shell;

/// How often somebody who waits is asked whether to stop.
const GLANCE: Duration = Duration::from_millis(100);

/// How a folder is watched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watching {
    /// Between two looks into the folder.
    pub(crate) every: Duration,
    /// End when all that is there was heard.
    pub(crate) once: bool,
}

/// Hears what comes into a folder until somebody stops it; each file is a line of JSON.
pub(crate) fn watch(
    folder: &Path,
    how: Watching,
    options: &Options,
    shell: &mut Shell,
) -> anyhow::Result<u8> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    // Whoever asks a second time does not wait for the file that is being heard.
    let ask = move || {
        if asked.swap(true, Ordering::SeqCst) {
            #[expect(clippy::exit, reason = "the second time a person means it; nothing is half written")]
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(ask).context("the system does not tell when somebody stops the program")?;
    let folder = std::path::absolute(folder).context("the folder's path is unknown")?;
    let mut listener = Listener::open(&shell.home()?)?;
    shell.talk(format!("watching {}; stop with Ctrl-C", folder.display()));
    let (mut watch, mut heard) = (Watch::new(&folder), 0_usize);
    while !stop.load(Ordering::SeqCst) {
        let begin = Instant::now();
        let ready = watch.look()?;
        if !ready.is_empty() {
            let home = shell.home()?;
            let ready = Watch::unheard(&home, ready)?;
            if !ready.is_empty() && listener.is_outdated(&home)? {
                listener = Listener::open(&home)?;
            }
            // Others may work on the home while files are heard.
            drop(home);
            for file in ready.iter().take_while(|_| !stop.load(Ordering::SeqCst)) {
                hear(&listener, file, options, shell)?;
                heard += 1;
            }
        }
        if how.once && !watch.waits() {
            break;
        }
        while begin.elapsed() < how.every && !stop.load(Ordering::SeqCst) {
            std::thread::sleep(GLANCE.min(how.every));
        }
    }
    shell.talk(format!("stopped; {heard} files heard"));
    Ok(0)
}

fn hear(
    listener: &Listener,
    file: &Ready,
    options: &Options,
    shell: &mut Shell,
) -> anyhow::Result<()> {
    let mut answers: Vec<Answer> = Vec::new();
    let path = [file.path.clone()];
    let done = listener.hear(&path, options, &mut app::Silent, |it| {
        answers.push(it);
        Ok::<(), SoundError>(())
    });
    // A file that is gone or broken is told, and the next one comes.
    let gone = |error: &SoundError| Answer::unheard(&file.path, format!("{error}"));
    let answer = match done {
        Ok(()) => answers.pop().unwrap_or_else(|| Answer::unheard(&file.path, "it is gone".to_owned())),
        Err(error) => gone(&error),
    };
    let value = answer_as_json(&answer);
    let now = shell.now();
    Watch::remember(&mut shell.home()?, file, &answer, &value.to_string(), &now)?;
    shell.json_line(&value)
}
