//! Writes the table of embedded files: the built page from `embed/dist`, or a placeholder that says
//! how to build it. Never runs npm, and writes only to OUT_DIR.
#![expect(clippy::disallowed_methods, reason = "a build script writes to OUT_DIR")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let embed = here.join("embed");
    println!("cargo::rerun-if-changed={}", embed.display());
    let dist = embed.join("dist");
    let mut files = Vec::new();
    if dist.join("index.html").exists() {
        list(&dist, &dist, &mut files)?;
        files.sort();
    } else {
        println!("cargo::warning=the page is not built; `cargo xtask start` builds it");
        files.push(("index.html".to_owned(), embed.join("placeholder.html")));
    }
    // Copied, so that a page that is built anew meanwhile is not half of each.
    let copies = out.join("page");
    if copies.exists() {
        fs::remove_dir_all(&copies)?;
    }
    let mut table = String::from("pub(crate) static FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in files {
        let copy = copies.join(&name);
        fs::create_dir_all(copy.parent().unwrap_or(&copies))?;
        fs::copy(path, copy)?;
        let place = format!("/page/{name}");
        writeln!(table, "    ({name:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), {place:?}))),")
            .map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    fs::write(out.join("files.rs"), table)
}

fn list(folder: &Path, root: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, root, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push((name.to_string_lossy().into_owned(), path));
        }
    }
    Ok(())
}
