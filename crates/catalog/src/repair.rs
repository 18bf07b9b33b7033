//! Lines that are almost JSON, as real engines write them: read with one change, and said so.

/// Mends what JSON does not allow but Python's `json` writes or a cut token leaves behind: `NaN`
/// and `Infinity` become `null`, half of a surrogate pair becomes U+FFFD, a raw control character
/// in a string is escaped. Gives the mended text and what was changed; `None` when there is
/// nothing of the kind.
pub(crate) fn repair(text: &str) -> Option<(String, &'static str)> {
    let mut mended = String::with_capacity(text.len() + 16);
    let mut what = None;
    let mut rest = text;
    let mut in_string = false;
    while let Some(first) = rest.chars().next() {
        let (taken, replacement) = if in_string {
            in_string_step(rest, first, &mut in_string)
        } else {
            in_string = first == '"';
            outside_step(rest, first)
        };
        match replacement {
            Some((with, said)) => {
                mended.push_str(with);
                what = Some(said);
            }
            None => mended.push_str(&rest[..taken]),
        }
        rest = &rest[taken..];
    }
    what.map(|what| (mended, what))
}

type Step = (usize, Option<(&'static str, &'static str)>);

fn outside_step(rest: &str, first: char) -> Step {
    for word in ["NaN", "Infinity", "-Infinity"] {
        if rest.starts_with(word) {
            return (
                word.len(),
                Some(("null", "NaN or Infinity, which JSON has not, read as null")),
            );
        }
    }
    (first.len_utf8(), None)
}

fn in_string_step(rest: &str, first: char, in_string: &mut bool) -> Step {
    match first {
        '"' => {
            *in_string = false;
            (1, None)
        }
        '\\' => match unicode_escape(rest) {
            Some(0xD800..=0xDBFF) => {
                let low = rest.get(6..).and_then(unicode_escape);
                if matches!(low, Some(0xDC00..=0xDFFF)) { (12, None) } else { (6, HALF_PAIR) }
            }
            Some(0xDC00..=0xDFFF) => (6, HALF_PAIR),
            Some(_) => (6, None),
            None => (1 + rest[1..].chars().next().map_or(0, char::len_utf8), None),
        },
        '\t' => (1, Some(("\\t", RAW_CONTROL))),
        '\0'..='\x1f' => (1, Some((" ", RAW_CONTROL))),
        other => (other.len_utf8(), None),
    }
}

const HALF_PAIR: Option<(&str, &str)> =
    Some(("\\ufffd", "half of a surrogate pair (a character cut in two), read as U+FFFD"));
const RAW_CONTROL: &str = "a raw control character in a string, read as a space";

/// The code unit of a `\uXXXX` escape at the start of the text.
fn unicode_escape(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(repair(text).map(|(mended, _)| mended).as_deref(), expected, "{text}");
    }

    #[test]
    fn mends_what_engines_write() {
        check(r#"{"a":NaN,"b":[-Infinity,Infinity]}"#, Some(r#"{"a":null,"b":[null,null]}"#));
        check(r#"{"a":"NaN \" Infinity"}"#, None);
        check(r#""\ud83d""#, Some(r#""\ufffd""#));
        check(r#""\ude00 \ud83d\ude00 \ud83dx""#, Some(r#""\ufffd \ud83d\ude00 \ufffdx""#));
        check(r#""\\ud83d""#, None);
        check("\"a\u{1}b\tc\"", Some(r#""a b\tc""#));
        check("\"\\", None);
        check("\"\\é\"", None);
    }

    proptest! {
        #[test]
        fn good_json_is_left_alone(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(repair(&json), None);
        }

        #[test]
        fn any_text_at_all_is_survived(text in any::<String>()) {
            repair(&text);
        }

        #[test]
        fn half_pairs_become_readable(unit in 0xD800_u16..0xE000) {
            let (mended, _) = repair(&format!("\"a\\u{unit:04x}b\"")).unwrap();
            let value: Value = serde_json::from_str(&mended).unwrap();
            prop_assert_eq!(value, "a\u{fffd}b");
        }
    }
}
