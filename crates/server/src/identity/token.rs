//! Tokens: made once, shown once, kept as a hash.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};
use std::io;

/// Base32: of each random byte five bits are taken.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const START: &str = "gs_";
const ID_CHARS: usize = 8;
/// 160 bits.
const SECRET_CHARS: usize = 32;
const SALT_BYTES: usize = 16;

/// A token that was made just now. It is shown once; what is kept is its id and its hash.
pub struct NewToken {
    /// The whole token, which is secret.
    pub text: String,
    /// The part that is not.
    pub id: String,
    /// What a token is compared with: argon2id, as a PHC string.
    pub hash: String,
}

impl NewToken {
    /// Makes one from the system's source of randomness.
    pub fn make() -> io::Result<Self> {
        let (id, secret) = (letters::<ID_CHARS>()?, letters::<SECRET_CHARS>()?);
        let text = format!("{START}{id}_{secret}");
        let salt = random::<SALT_BYTES>()?;
        let hash = Argon2::default().hash_password_with_salt(text.as_bytes(), &salt);
        let hash = hash.map_err(|error| io::Error::other(error.to_string()))?.to_string();
        Ok(Self { text, id, hash })
    }
}

/// The id of what looks like a token.
pub(super) fn id_of(token: &str) -> Option<&str> {
    let (id, secret) = token.strip_prefix(START)?.split_once('_')?;
    let is_ours = |part: &str| part.bytes().all(|byte| ALPHABET.contains(&byte));
    let is_token = id.len() == ID_CHARS && secret.len() == SECRET_CHARS;
    (is_token && is_ours(id) && is_ours(secret)).then_some(id)
}

/// Whether the hash is that of the token. Takes its time, and the same time whatever is wrong.
pub(super) fn agrees(token: &str, hash: &str) -> bool {
    let hash = PasswordHash::new(hash);
    hash.is_ok_and(|hash| Argon2::default().verify_password(token.as_bytes(), &hash).is_ok())
}

/// What a token that was verified is remembered by.
pub(super) fn fingerprint(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Bytes nobody can guess.
pub(super) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

fn letters<const N: usize>() -> io::Result<String> {
    let bytes = random::<N>()?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_agrees_with_its_own_hash_only() {
        let (one, other) = (NewToken::make().unwrap(), NewToken::make().unwrap());
        assert!(one.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", one.hash);
        assert!(agrees(&one.text, &one.hash));
        assert!(!agrees(&other.text, &one.hash));
        assert!(!agrees(&one.text, "no hash"));
        assert!(!one.hash.contains(&one.text[12..]));
        assert_eq!(id_of(&one.text), Some(&*one.id));
        assert_eq!(one.text.len(), 3 + 8 + 1 + 32);
    }

    #[test]
    fn what_is_no_token_is_told_at_once() {
        let secret = "a".repeat(32);
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(id_of(text), expected, "{text}");
        check(&format!("gs_abcd2345_{secret}"), Some("abcd2345"));
        check(&format!("gs_abcd234_{secret}"), None);
        check(&format!("gs_ABCD2345_{secret}"), None);
        check(&format!("gs_abcd2345_{secret}a"), None);
        check(&format!("gs_abcd2340_{secret}"), None);
        check("gs_", None);
        check("", None);
    }
}
