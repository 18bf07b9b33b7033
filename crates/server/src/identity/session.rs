//! Sessions: a signed cookie that says whose token opened it, and until when. Nothing else is kept.

use axum::http::{HeaderMap, HeaderValue, header};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The secret that sessions are signed with.
pub(super) type Key = [u8; 32];

const COOKIE: &str = "goldstar";
/// Two weeks.
const LASTS_SECONDS: i64 = 14 * 24 * 60 * 60;

/// The cookie of a new session.
pub(super) fn cookie(key: &Key, token_id: &str, now: i64, is_secure: bool) -> HeaderValue {
    let value = sealed(key, token_id, now + LASTS_SECONDS);
    set_cookie(&value, LASTS_SECONDS, is_secure)
}

/// The cookie that ends a session.
pub(super) fn no_cookie(is_secure: bool) -> HeaderValue {
    set_cookie("", 0, is_secure)
}

/// Whose token opened the session that a request brings along, if it is ours and not over.
pub(super) fn token_of(key: &Key, headers: &HeaderMap, now: i64) -> Option<String> {
    values(headers).find_map(|value| opened(key, value, now))
}

/// Whether a request brings a session along, ours or not.
pub(super) fn is_there(headers: &HeaderMap) -> bool {
    values(headers).next().is_some()
}

fn values(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| name.trim() == COOKIE).map(|(_, value)| value.trim())
}

fn set_cookie(value: &str, seconds: i64, is_secure: bool) -> HeaderValue {
    let secure = if is_secure { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(text).expect("letters, digits and dots make a header")
}

fn sealed(key: &Key, token_id: &str, until: i64) -> String {
    let said = format!("1.{token_id}.{until}");
    let tag = signature(key, &said).finalize().into_bytes();
    let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{said}.{tag}")
}

fn opened(key: &Key, value: &str, now: i64) -> Option<String> {
    let (said, tag) = value.rsplit_once('.')?;
    // Compared in the same time whatever is wrong.
    signature(key, said).verify_slice(&bytes_of(tag)?).ok()?;
    let (token_id, until) = said.strip_prefix("1.")?.split_once('.')?;
    (until.parse::<i64>().ok()? > now).then(|| token_id.to_owned())
}

fn signature(key: &Key, said: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key may have any length");
    mac.update(said.as_bytes());
    mac
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = hex.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some((digit(*high)? * 16 + digit(*low)?) as u8),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = [7; 32];

    fn brought(cookies: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookies.parse().unwrap());
        headers
    }

    #[test]
    fn a_session_is_opened_by_its_own_key_until_it_is_over() {
        let set = cookie(&KEY, "abcd2345", 1000, true);
        let set = set.to_str().unwrap();
        let marks = "; Path=/; Max-Age=1209600; HttpOnly; SameSite=Strict; Secure";
        assert!(set.starts_with("goldstar=1.abcd2345.1210600.") && set.ends_with(marks), "{set}");
        let headers = brought(&format!("a=b; {}", set.split(';').next().unwrap()));
        let check = |key: &Key, now: i64, expected: Option<&str>| {
            assert_eq!(token_of(key, &headers, now).as_deref(), expected, "{now}");
        };
        check(&KEY, 1000, Some("abcd2345"));
        check(&KEY, 1_210_599, Some("abcd2345"));
        check(&KEY, 1_210_600, None);
        check(&[8; 32], 1000, None);
    }

    #[test]
    fn a_session_that_was_written_to_is_none() {
        let whole = sealed(&KEY, "abcd2345", 2000);
        let (said, tag) = whole.rsplit_once('.').unwrap();
        for value in [
            format!("1.abcd2346.2000.{tag}"),
            format!("1.abcd2345.9000.{tag}"),
            format!("{said}.{}", &tag[..62]),
            format!("{said}.+{}", &tag[1..]),
            format!("{said}."),
            said.to_owned(),
            "é.é".to_owned(),
            String::new(),
        ] {
            assert_eq!(opened(&KEY, &value, 1000), None, "{value}");
        }
        assert_eq!(opened(&KEY, &whole, 1000).as_deref(), Some("abcd2345"));
        let after_others = format!("goldstar=nonsense; goldstar={whole}");
        assert_eq!(token_of(&KEY, &brought(&after_others), 1000).as_deref(), Some("abcd2345"));
    }
}
