//! Doors for the fuzz targets in `fuzz/`: whatever text comes, what is read must hold together.

use crate::query::Query;
use crate::settings::Settings;

/// A query: what is read and printed is read as the same again, and an error says where.
pub fn query(text: &str) {
    match Query::parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            assert_eq!(Query::parse(&printed).as_ref(), Ok(&query), "{text:?}, {printed:?}");
        }
        Err(error) => {
            let places = 1..=text.chars().count() + 1;
            assert!(places.contains(&error.at), "{error:?} in {text:?}");
            assert!(!error.to_string().is_empty());
        }
    }
}

/// A settings file: it is taken or refused with words.
pub fn config(text: &str) {
    if let Err(what) = Settings::parse(text) {
        assert!(!what.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: fn(&str), name: &str) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus");
        let folder = std::path::Path::new(folder).join(name);
        let entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
        assert!(entries.len() > 3);
        for entry in entries {
            // A target is not handed what is no text.
            let bytes = std::fs::read(entry.path()).unwrap();
            if let Ok(text) = std::str::from_utf8(&bytes) {
                target(text);
            }
        }
    }

    #[test]
    fn what_was_found_in_queries() {
        check(query, "query");
    }

    #[test]
    fn what_was_found_in_settings() {
        check(config, "config");
    }
}
