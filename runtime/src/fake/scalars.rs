//! Made-up values of the other scalars.

use super::{FakeValue, Faker};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

impl FakeValue for bool {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        of.one_of(&[false, true])
    }
}

/// The bytes of a value that differs from item to item.
const DIFFERENT_BYTES: usize = 8;

impl FakeValue for bytes::Bytes {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let least = of.rules().min_length.max(1);
        let count = match of.is_plain() {
            true => least,
            false if of.differs() => least.max(DIFFERENT_BYTES),
            false => least + usize::try_from(of.random().below(8)).unwrap_or_default(),
        };
        let count = count.min(of.rules().max_length.unwrap_or(usize::MAX));
        (0..count).map(|_| u8::try_from(of.pick(256)).ok()).collect()
    }
}

/// Addresses for documentation (RFC 5737, RFC 3849), and private ones (RFC 1918) where they have to differ.
impl FakeValue for Ipv4Addr {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let wide = of.differs();
        let number = of.pick(if wide { 1 << 24 } else { 1 << 8 });
        let [.., a, b, c] = number.to_be_bytes();
        Some(if wide { Self::new(10, a, b, c) } else { Self::new(198, 51, 100, c) })
    }
}

impl FakeValue for Ipv6Addr {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let wide = of.differs();
        let number = of.pick(if wide { 1 << 32 } else { 1 << 16 });
        Some(Self::from((0x2001_0db8 << 96) | u128::from(number)))
    }
}

impl FakeValue for IpAddr {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        match of.pick(2) {
            0 => of.value().map(Self::V4),
            _ => of.value().map(Self::V6),
        }
    }
}

#[cfg(feature = "ipnet")]
mod ipnet {
    use super::{FakeValue, Faker, Ipv4Addr, Ipv6Addr};
    use ::ipnet::{IpNet, Ipv4Net, Ipv6Net};

    impl FakeValue for Ipv4Net {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            let [.., a, b] = of.pick(1 << 16).to_be_bytes();
            Self::new(Ipv4Addr::new(10, a, b, 0), 24).ok()
        }
    }

    impl FakeValue for Ipv6Net {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            let [.., a, b] = of.pick(1 << 16).to_be_bytes();
            Self::new(Ipv6Addr::new(0x2001, 0xdb8, u16::from_be_bytes([a, b]), 0, 0, 0, 0, 0), 48).ok()
        }
    }

    impl FakeValue for IpNet {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            match of.pick(2) {
                0 => of.value().map(Self::V4),
                _ => of.value().map(Self::V6),
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
        Self::parse(&format!("https://example.com/{}", of.pick(100_000_000))).ok()
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
