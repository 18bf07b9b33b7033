//! The command line, as it is parsed; nothing is done here.

use crate::commands::query::Form;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use goldstar_collection::{Method, Role, method_named};
use goldstar_dataset::{Format, ScoreRule};
use goldstar_server::Address;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// Open a folder of LLM batch results, gold-star the best outputs, export datasets.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// The collection's folder: batches/output holds results, batches/input requests
    #[arg(
        long,
        global = true,
        env = "GOLDSTAR_DATA",
        default_value = "./data",
        value_name = "DIR"
    )]
    pub(crate) data: PathBuf,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Reads the command line; a clause such as `-tag:rejected` is a word of the query, not an
    /// option.
    pub(crate) fn read() -> Self {
        Self::parse_from(with_clauses_last(std::env::args_os().collect()))
    }
}

/// Puts words that begin with one `-` behind a `--`: no option of ours has that form but `-h` and
/// `-V`, and only `--sort` takes such a value.
fn with_clauses_last(words: Vec<OsString>) -> Vec<OsString> {
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    if has("--") || !(has("list") || has("query") || has("agreement") || has("bias")) {
        return words;
    }
    let (mut options, mut clauses) = (Vec::new(), Vec::new());
    for word in words {
        let text = word.to_string_lossy();
        let is_clause = text.starts_with('-') && !text.starts_with("--") && text.len() > 2;
        let is_value = options.last().is_some_and(|last| last == "--sort");
        if is_clause && !is_value { &mut clauses } else { &mut options }.push(word);
    }
    if !clauses.is_empty() {
        options.push("--".into());
        options.append(&mut clauses);
    }
    options
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the table in the browser, and the HTTP interface
    Serve(Serve),
    /// Make a collection of invented evaluations to try things on
    Demo(Demo),
    /// Star an output
    Star(Star),
    /// Take a star back
    Unstar(Unstar),
    /// List records
    List(List),
    /// Write the outputs of records as a table, JSON Lines, CSV or Parquet
    Query(Query),
    /// Report how far reviewers agree, and who is harsh, lenient or noisy
    Agreement(Agreement),
    /// Report whether scores depend on where an output stood and how long it is
    Bias(Bias),
    /// Export starred examples as a dataset
    Export(Export),
    /// Say who may sign in
    #[command(subcommand)]
    Reviewer(ReviewerCommand),
    /// Say who reviews what, and how far they are
    #[command(subcommand)]
    Assign(AssignCommand),
    /// Serve tools to an agent on standard input and output (Model Context Protocol)
    Mcp(Mcp),
    /// Verify a folder: what cannot be read, what is stale, what is cached
    Check(Check),
    /// Print the completion script of a shell
    Completions { shell: Shell },
    /// Print the OpenAPI document
    #[command(hide = true)]
    Openapi,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8001)]
    pub(crate) port: u16,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = host)]
    pub(crate) host: IpAddr,
    /// Who stars when the browser does not say
    #[arg(long = "as", value_name = "NAME", default_value = "user")]
    pub(crate) reviewer: String,
    /// Refuse every star
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Speak TLS: the certificates, as PEM, our own first
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The key of the first certificate, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// The address at which a proxy serves this, such as https://gold.example.org
    #[arg(long, value_name = "URL", value_parser = |url: &str| Address::parse(url))]
    pub(crate) public_url: Option<Address>,
    /// Open the browser
    #[arg(long)]
    pub(crate) open: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Mcp {
    /// Under which name the agent stars
    #[arg(long = "as", value_name = "NAME", default_value = "agent")]
    pub(crate) reviewer: String,
    /// Refuse every star
    #[arg(long)]
    pub(crate) read_only: bool,
}

fn host(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        _ => text
            .parse()
            .map_err(|_not_one| "must be localhost or an IP address, as 0.0.0.0".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The collection to make
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// How many records
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) records: u64,
    /// How many models
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=64))]
    pub(crate) models: u64,
    /// The same seed makes the same bytes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Star {
    /// The record
    pub(crate) custom_id: String,
    /// The model whose output it is; needed when the record has several
    #[arg(long)]
    pub(crate) model: Option<String>,
    /// The choice, where a request asked for several
    #[arg(long)]
    pub(crate) choice: Option<u16>,
    /// How good it is, from 1 to 10
    #[arg(long, allow_negative_numbers = true)]
    pub(crate) score: i64,
    /// Tags, with commas between them
    #[arg(long, value_delimiter = ',')]
    pub(crate) tags: Vec<String>,
    /// Notes
    #[arg(long, default_value = "")]
    pub(crate) notes: String,
    /// Who stars
    #[arg(long = "as", value_name = "NAME", default_value = "user")]
    pub(crate) reviewer: String,
    /// Print the star as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Unstar {
    /// The record
    pub(crate) custom_id: String,
    /// Only of this model
    #[arg(long)]
    pub(crate) model: Option<String>,
    /// Only of this choice
    #[arg(long)]
    pub(crate) choice: Option<u16>,
    /// Whose star
    #[arg(long = "as", value_name = "NAME", default_value = "user")]
    pub(crate) reviewer: String,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// What to look for, such as: leader "10 years" model:llama score:8..10 -tag:rejected
    pub(crate) query: Vec<String>,
    /// custom_id, name, score, starred_at or chars:MODEL; `-` before it for the greatest first
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    pub(crate) sort: String,
    /// Most records; 0 for all
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// Records to pass over
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: u32,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Query {
    /// What to look for, such as: leader "10 years" model:llama score:8..10 -tag:rejected
    pub(crate) query: Vec<String>,
    /// custom_id, name, score, stars, spread, disagreement, starred_at, chars:MODEL or
    /// tokens:MODEL; `-` before it for the greatest first
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    pub(crate) sort: String,
    /// Most records, each with all its outputs; 0 for all
    #[arg(long, default_value_t = 0)]
    pub(crate) limit: u32,
    /// Records to pass over
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: u32,
    /// What to write; if absent what the ending of FILE says, else a table
    #[arg(long)]
    pub(crate) format: Option<Form>,
    /// Where to: a file, or - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// With the text and the reasoning of each output
    #[arg(long)]
    pub(crate) text: bool,
    /// With the prompt
    #[arg(long)]
    pub(crate) prompt: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Bias {
    /// Only of records that answer this, such as: model:llama -tag:rejected
    pub(crate) query: Vec<String>,
    /// Write the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Agreement {
    /// Only of records that answer this, such as: model:llama -tag:rejected
    pub(crate) query: Vec<String>,
    /// How the scores of an output become one: mean, median, trimmed, normed or gaussian; what fits
    /// the stars if absent
    #[arg(long, value_parser = method_named)]
    pub(crate) method: Option<Method>,
    /// Report on tags instead, and on agents beside people
    #[arg(long, conflicts_with = "method")]
    pub(crate) tags: bool,
    /// Print the whole report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// icl, finetuning or raw
    #[arg(long, default_value = "icl", value_parser = |word: &str| word.parse::<Format>())]
    pub(crate) format: Format,
    /// The least score
    #[arg(long, value_name = "SCORE")]
    pub(crate) min_quality: Option<f64>,
    /// Most examples; 100 for icl if absent
    #[arg(long)]
    pub(crate) limit: Option<usize>,
    /// Only stars with this tag
    #[arg(long)]
    pub(crate) tag: Option<String>,
    /// Only stars by this reviewer
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Only outputs of this model
    #[arg(long)]
    pub(crate) model: Option<String>,
    /// Of several stars on one output: mean, latest, min or consensus
    #[arg(long, default_value = "mean", value_parser = |word: &str| word.parse::<ScoreRule>())]
    pub(crate) score: ScoreRule,
    /// Stars of agents, too, though no person made them their own
    #[arg(long)]
    pub(crate) include_agents: bool,
    /// Where to: a file, or - for standard output; gold_star/exports/ if absent
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReviewerCommand {
    /// Add a reviewer, and show the token, once
    Add(AddReviewer),
    /// List reviewers, without their tokens
    List(ListReviewers),
    /// Take a reviewer's token away; a running server sees it at once
    Revoke(RevokeReviewer),
}

#[derive(Debug, Args)]
pub(crate) struct AddReviewer {
    /// The name on the stars
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// admin, reviewer, agent (a program) or viewer (who only looks)
    #[arg(long, default_value = "reviewer", value_parser = |word: &str| word.parse::<Role>())]
    pub(crate) role: Role,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListReviewers {
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeReviewer {
    /// The name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AssignCommand {
    /// Add an assignment to goldstar.toml
    Add(AddAssignment),
    /// List assignments, and how far each reviewer is
    List(ListAssignments),
    /// Take an assignment out of goldstar.toml; stars stay
    Remove(RemoveAssignment),
}

#[derive(Debug, Args)]
pub(crate) struct AddAssignment {
    /// What it is called
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Who reviews, with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', required = true)]
    pub(crate) reviewers: Vec<String>,
    /// Of which records, such as file:gsm8k; all if absent
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    pub(crate) query: String,
    /// Only those from the first to the last of these, such as 1..5000
    #[arg(long, value_name = "FIRST..LAST")]
    pub(crate) rows: Option<String>,
    /// Which part of them, such as 0.2
    #[arg(long, value_name = "PART")]
    pub(crate) share: Option<f64>,
    /// By how many reviewers each record is to be reviewed
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    pub(crate) overlap: usize,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListAssignments {
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveAssignment {
    /// What it is called
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_no_options() {
        let check = |line: &str, query: &[&str], sort: &str, json: bool| {
            let words = line.split(' ').map(OsString::from).collect();
            let arguments = Arguments::try_parse_from(with_clauses_last(words)).unwrap();
            let Command::List(list) = arguments.command else { panic!("{line}") };
            assert_eq!(
                (&list.query[..], &*list.sort, list.json),
                (&strings(query)[..], sort, json)
            );
        };
        check("goldstar list a -tag:b --json c", &["a", "c", "-tag:b"], "", true);
        check("goldstar list --sort -score -xy", &["-xy"], "-score", false);
        check("goldstar list -- --json -x", &["--json", "-x"], "", false);
        check("goldstar list", &[], "", false);
    }

    #[test]
    fn clauses_of_an_export_of_outputs_are_no_options() {
        let words = "goldstar query --out - -tag:b".split(' ').map(OsString::from).collect();
        let arguments = Arguments::try_parse_from(with_clauses_last(words)).unwrap();
        let Command::Query(query) = arguments.command else { panic!("another command") };
        assert_eq!((query.query, query.out), (strings(&["-tag:b"]), Some("-".into())));
    }

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }
}
