//! The address at which people reach the server, where it cannot know that by itself.

use std::net::IpAddr;

/// The address at which people reach the server.
#[derive(Debug, Clone, Default)]
pub struct Address {
    host: Option<String>,
    is_https: bool,
}

impl Address {
    /// An address such as `https://gold.example.org`.
    pub fn parse(url: &str) -> Result<Self, String> {
        let wrong = || "must be http://NAME or https://NAME, with a port if need be".to_owned();
        let (scheme, place) = url.split_once("://").ok_or_else(wrong)?;
        let place = place.strip_suffix('/').unwrap_or(place);
        let host = name_of(place).to_ascii_lowercase();
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-.[]:_".contains(c);
        if !matches!(scheme, "http" | "https") || host.is_empty() || !place.chars().all(is_name) {
            return Err(wrong());
        }
        Ok(Self { host: Some(host), is_https: scheme == "https" })
    }

    /// The same, behind our own TLS.
    #[must_use]
    pub fn with_tls(self) -> Self {
        Self { is_https: true, ..self }
    }

    /// Whether somebody said so.
    pub fn is_named(&self) -> bool {
        self.host.is_some()
    }

    /// Whether browsers come by https.
    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether a request's host is that of this address.
    pub(crate) fn names(&self, host: &str) -> bool {
        self.host.as_deref().is_some_and(|known| name_of(host).eq_ignore_ascii_case(known))
    }
}

/// Whether a request's host is a name of this machine that no other has.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let name = name_of(host);
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A host without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let check = |url: &str, host: &str, is_https: bool| {
            let address = Address::parse(url).unwrap();
            assert!(address.names(host) && address.is_https() == is_https, "{url}");
        };
        check("https://gold.example.org", "gold.example.org", true);
        check("https://Gold.example.org:8443/", "gold.EXAMPLE.org:8443", true);
        check("http://10.0.0.7", "10.0.0.7:8001", false);
        check("http://[2001:db8::1]:80", "[2001:db8::1]", false);
        for wrong in ["gold.example.org", "ftp://a", "https://", "https://a/b", "https://a b", ""] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
        let address = Address::parse("https://gold.example.org").unwrap();
        for other in ["example.org", "gold.example.org.evil.example", "evil.example", ""] {
            assert!(!address.names(other), "{other}");
        }
        assert!(!Address::default().names(""));
    }

    #[test]
    fn other_names_are_told_apart() {
        let check = |host: &str, expected: bool| {
            assert_eq!(is_this_machine(host), expected, "{host}");
        };
        for ours in
            ["localhost", "LocalHost:8001", "127.0.0.1:1", "127.1.2.3", "[::1]:8001", "[::1]"]
        {
            check(ours, true);
        }
        for other in
            ["evil.example", "evil.example:8001", "10.0.0.1:8001", "localhost.evil.example", ""]
        {
            check(other, false);
        }
    }
}
