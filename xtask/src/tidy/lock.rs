//! The npm lock file: every optional platform package it names must have an entry of its own.
//!
//! npm writes a lock without the entry of a platform it could not look up, and then refuses that
//! same lock on a fresh machine.

use super::{Finding, Findings};
use serde_json::Value;

/// Looks for optional packages that are named but not locked.
pub(super) fn check(path: &str, content: &str) -> Vec<Finding> {
    let mut findings = Findings::of(path);
    let lock: Value = match serde_json::from_str(content) {
        Ok(lock) => lock,
        Err(error) => {
            findings.add(error.line(), format!("not JSON: {error}"), "run `npm install` in ui/");
            return findings.all();
        }
    };
    let Some(packages) = lock["packages"].as_object() else {
        findings.add(1, "the lock has no `packages`", "make it with npm 7 or newer");
        return findings.all();
    };
    for (name, package) in packages {
        let optional = package["optionalDependencies"].as_object();
        for wanted in optional.into_iter().flat_map(|optional| optional.keys()) {
            let entry = format!("node_modules/{wanted}");
            let is_entry = |key: &String| {
                key.strip_suffix(&entry).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            };
            if !packages.keys().any(is_entry) {
                let what = format!("`{wanted}`, optional for `{name}`, has no entry");
                let mend = "pin versions whose platform packages all exist, and lock again";
                findings.add(line_of(content, wanted), what, mend);
            }
        }
    }
    findings.all()
}

fn line_of(content: &str, name: &str) -> usize {
    let named = format!("\"{name}\":");
    content.lines().position(|line| line.contains(&named)).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    fn lock(entry: &str) -> String {
        format!(
            "{{\"packages\": {{\n\
             \"node_modules/bundler\": {{\"optionalDependencies\": {{\n\
             \"@bundler/arm\": \"1.0.0\"}}}},\n\
             \"{entry}\": {{}}}}}}"
        )
    }

    #[test]
    fn a_named_platform_package_needs_an_entry() {
        let message = "l:3: `@bundler/arm`, optional for `node_modules/bundler`, has no entry; \
                       pin versions whose platform packages all exist, and lock again";
        expect(&check("l", &lock("node_modules/@bundler/x64")), &[message]);
        expect(&check("l", &lock("node_modules/other@bundler/arm")), &[message]);
    }

    #[test]
    fn an_entry_may_lie_at_any_depth() {
        expect(&check("l", &lock("node_modules/@bundler/arm")), &[]);
        expect(&check("l", &lock("node_modules/bundler/node_modules/@bundler/arm")), &[]);
    }

    #[test]
    fn what_is_no_lock_is_told() {
        let message = "l:1: the lock has no `packages`; make it with npm 7 or newer";
        expect(&check("l", "{}"), &[message]);
        let found = check("l", "{\n}}");
        assert!(found[0].to_string().starts_with("l:2: not JSON: "), "{found:?}");
    }
}
