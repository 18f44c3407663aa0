//! `leitmotif reference`: every command as Markdown, from the one source of the help.

use clap::{Command, CommandFactory as _};

use crate::Cli;
use crate::shell::Shell;

pub(crate) fn run(shell: &mut Shell) -> anyhow::Result<u8> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut text = String::from(
        "# Command reference\n\nGenerated from the program's own help by `cargo xtask reference`.\n",
    );
    section(&mut text, &mut command, &[]);
    shell.bytes(text.as_bytes())?;
    Ok(0)
}

fn section(text: &mut String, command: &mut Command, above: &[String]) {
    let mut words = above.to_vec();
    words.push(command.get_name().to_owned());
    let level = "#".repeat(words.len() + 1);
    let help = command.clone().term_width(100).max_term_width(100).render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    text.push_str(&format!(
        "\n{level} {}\n\n```text\n{}\n```\n",
        words.join(" "),
        lines.join("\n").trim_end()
    ));
    let names: Vec<String> = command
        .get_subcommands()
        .filter(|it| !it.is_hide_set())
        .map(|it| it.get_name().to_owned())
        .collect();
    for name in names {
        if let Some(below) = command.find_subcommand_mut(&name) {
            section(text, below, &words);
        }
    }
}
