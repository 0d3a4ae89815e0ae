//! Well-known formats of text.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A well-known format of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// An e-mail address (RFC 5322), without a display name.
    #[cfg(feature = "email")]
    Email,
    /// A URL of the URL Standard.
    #[cfg(feature = "url")]
    Url,
    /// The name of a host (RFC 1123): labels of 1 to 63 letters, digits and hyphens, 253 characters in all.
    Hostname,
    /// A UUID in any text form.
    #[cfg(feature = "uuid")]
    Uuid,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// Words of lower-case letters and digits, joined by single hyphens.
    Slug,
    /// A telephone number: `+` and 2 to 15 digits, of which the first is not 0 (ITU-T E.164).
    E164,
}

impl Format {
    /// The name of the format in the schema.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "email")]
            Format::Email => "email",
            #[cfg(feature = "url")]
            Format::Url => "url",
            Format::Hostname => "hostname",
            #[cfg(feature = "uuid")]
            Format::Uuid => "uuid",
            Format::Ipv4 => "ipv4",
            Format::Ipv6 => "ipv6",
            Format::Slug => "slug",
            Format::E164 => "e164",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            #[cfg(feature = "email")]
            Format::Email => "an e-mail address",
            #[cfg(feature = "url")]
            Format::Url => "a URL",
            Format::Hostname => "the name of a host",
            #[cfg(feature = "uuid")]
            Format::Uuid => "a UUID",
            Format::Ipv4 => "an IPv4 address",
            Format::Ipv6 => "an IPv6 address",
            Format::Slug => "a slug: words of lower-case letters and digits, joined by hyphens",
            Format::E164 => "a telephone number such as +4722334455",
        }
    }

    /// Whether a text has the format.
    ///
    /// ```
    /// use dyntastic::validate::Format;
    ///
    /// assert!(Format::Slug.is_valid("rye-bread"));
    /// assert!(!Format::Slug.is_valid("Rye bread"));
    /// ```
    pub fn is_valid(self, text: &str) -> bool {
        match self {
            #[cfg(feature = "email")]
            Format::Email => {
                let options = email_address::Options::default().without_display_text().without_domain_literal();
                email_address::EmailAddress::parse_with_options(text, options).is_ok()
            }
            #[cfg(feature = "url")]
            Format::Url => url::Url::parse(text).is_ok(),
            Format::Hostname => is_hostname(text),
            #[cfg(feature = "uuid")]
            Format::Uuid => uuid::Uuid::try_parse(text).is_ok(),
            Format::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Format::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Format::Slug => text.split('-').all(|word| !word.is_empty() && word.bytes().all(is_slug)),
            Format::E164 => text.strip_prefix('+').is_some_and(|digits| {
                (2..=15).contains(&digits.len())
                    && !digits.starts_with('0')
                    && digits.bytes().all(|digit| digit.is_ascii_digit())
            }),
        }
    }
}

fn is_slug(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_hostname(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(format: Format, valid: &[&str], invalid: &[&str]) {
        for text in valid {
            assert!(format.is_valid(text), "{text} is {}", format.description());
        }
        for text in invalid {
            assert!(!format.is_valid(text), "{text} is not {}", format.description());
        }
    }

    #[test]
    fn formats_accept_and_refuse() {
        sort(
            Format::Hostname,
            &["example.com", "a", "xn--bcher-kva.example", "1.2"],
            &["", "-a", "a-", "a..b", "a_b", "é"],
        );
        sort(Format::Ipv4, &["10.0.0.1"], &["10.0.0", "10.0.0.256", "::1"]);
        sort(Format::Ipv6, &["::1", "2001:db8::"], &["10.0.0.1", "::1/128"]);
        sort(Format::Slug, &["a", "rye-bread-2"], &["", "-a", "a--b", "Rye", "a b"]);
        sort(Format::E164, &["+4722334455", "+12"], &["4722334455", "+0123", "+1", "+1234567890123456", "+47 22"]);
        #[cfg(feature = "email")]
        sort(
            Format::Email,
            &["a@b.example", "a+b@c.de"],
            &["", "a", "a@", "@b", "A <a@b.c>", "a@[10.0.0.1]", "a b@c.de"],
        );
        #[cfg(feature = "url")]
        sort(Format::Url, &["https://example.com/x?y#z", "mailto:a@b.c"], &["example.com", "", "//x"]);
        #[cfg(feature = "uuid")]
        sort(Format::Uuid, &["67e55044-10b1-426f-9247-bb680e5fe0c8"], &["67e55044", ""]);
    }
}
