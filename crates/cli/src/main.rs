//! `goldstar`: arguments, words and exit codes. What is done, the other rooms do.
#![expect(clippy::print_stderr, reason = "this is the room that prints")]

mod arguments;
mod commands;
mod demo;
mod failure;
mod folder;
mod progress;

use arguments::{Arguments, Command};
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::read();
    match run(arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            failure.code()
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let done = |()| ExitCode::SUCCESS;
    let data = &arguments.data;
    match arguments.command {
        Command::Serve(options) => commands::serve::run(data, &options).map(done),
        Command::Demo(options) => commands::demo::run(&options).map(done),
        Command::Star(options) => commands::star::run(data, options).map(done),
        Command::Unstar(options) => commands::star::unstar(data, options).map(done),
        Command::List(options) => commands::list::run(data, &options).map(done),
        Command::Query(options) => commands::query::run(data, options).map(done),
        Command::Bias(options) => commands::bias::run(data, &options).map(done),
        Command::Agreement(options) => commands::agreement::run(data, &options).map(done),
        Command::Export(options) => commands::export::run(data, options).map(done),
        Command::Assign(command) => commands::assign::run(data, &command).map(done),
        Command::Reviewer(command) => commands::reviewer::run(data, &command).map(done),
        Command::Mcp(options) => commands::mcp::run(data, &options).map(done),
        Command::Check(options) => commands::check::run(data, &options),
        Command::Completions { shell } => commands::completions::run(shell).map(done),
        Command::Openapi => commands::print(&goldstar_server::openapi_json()).map(done),
    }
}
