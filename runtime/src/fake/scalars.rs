//! Made-up values of the other scalars.

use super::{FakeValue, Faker};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

impl FakeValue for bool {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        of.one_of(&[false, true])
    }
}

impl FakeValue for bytes::Bytes {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let count = of.rules().min_length.max(1) as u64 + if of.is_plain() { 0 } else { of.random().below(8) };
        Some((0..count).filter_map(|_| u8::try_from(of.random().below(256)).ok()).collect())
    }
}

/// Addresses for documentation (RFC 5737, RFC 3849).
impl FakeValue for Ipv4Addr {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        Some(Self::new(198, 51, 100, u8::try_from(of.random().below(256)).ok()?))
    }
}

impl FakeValue for Ipv6Addr {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let part = u16::try_from(of.random().below(1 << 16)).ok()?;
        Some(Self::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, part))
    }
}

impl FakeValue for IpAddr {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        match of.random().chance(500) {
            true => of.value().map(Self::V4),
            false => of.value().map(Self::V6),
        }
    }
}

#[cfg(feature = "ipnet")]
mod ipnet {
    use super::{FakeValue, Faker};
    use ::ipnet::{IpNet, Ipv4Net, Ipv6Net};

    impl FakeValue for Ipv4Net {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Self::new(of.value()?, 24).ok().map(|net| net.trunc())
        }
    }

    impl FakeValue for Ipv6Net {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Self::new(of.value()?, 48).ok().map(|net| net.trunc())
        }
    }

    impl FakeValue for IpNet {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            match of.random().chance(500) {
                true => of.value().map(Self::V4),
                false => of.value().map(Self::V6),
            }
        }
    }
}

/// 128 random bits.
#[cfg(any(feature = "uuid", feature = "ulid"))]
fn bits(of: &mut Faker) -> u128 {
    u128::from(of.random().next()) << 64 | u128::from(of.random().next())
}

#[cfg(feature = "uuid")]
impl FakeValue for uuid::Uuid {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        Some(uuid::Builder::from_random_bytes(bits(of).to_be_bytes()).into_uuid())
    }
}

#[cfg(feature = "ulid")]
impl FakeValue for ulid::Ulid {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let milliseconds = super::times::seconds(of).unsigned_abs() * 1000;
        Some(Self::from_parts(milliseconds, bits(of)))
    }
}

#[cfg(feature = "url")]
impl FakeValue for url::Url {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        Self::parse(&format!("https://example.com/{}", of.random().below(100_000_000))).ok()
    }
}

#[cfg(feature = "json")]
impl FakeValue for serde_json::Value {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let number = of.random().below(1000);
        Some(match of.random().below(3) {
            _ if of.is_plain() => Self::Null,
            0 => serde_json::json!({ "note": format!("{} {number}", of.name()) }),
            1 => serde_json::json!([number, true]),
            _ => number.into(),
        })
    }
}
