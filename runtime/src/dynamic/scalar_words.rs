//! What a value of a type is, for people.

use super::scalar::ScalarType;

impl ScalarType {
    /// What a value is, for people.
    pub(super) fn in_words(self) -> String {
        fn whole<T: std::fmt::Display>(least: T, most: T) -> String {
            format!("a value is a whole number from {least} to {most}")
        }
        match self {
            ScalarType::String => "a value is a text".to_owned(),
            ScalarType::Bool => "a value is true or false".to_owned(),
            ScalarType::I8 => whole(i8::MIN, i8::MAX),
            ScalarType::I16 => whole(i16::MIN, i16::MAX),
            ScalarType::I32 => whole(i32::MIN, i32::MAX),
            ScalarType::I64 => whole(i64::MIN, i64::MAX),
            ScalarType::I128 => whole(i128::MIN, i128::MAX),
            ScalarType::U8 => whole(u8::MIN, u8::MAX),
            ScalarType::U16 => whole(u16::MIN, u16::MAX),
            ScalarType::U32 => whole(u32::MIN, u32::MAX),
            ScalarType::U64 => whole(u64::MIN, u64::MAX),
            ScalarType::U128 => whole(u128::MIN, u128::MAX),
            ScalarType::F32 | ScalarType::F64 => "a value is a number, such as 1.5".to_owned(),
            ScalarType::Decimal | ScalarType::BigDecimal => "a value is a decimal number, such as 12.50".to_owned(),
            ScalarType::Bytes => "bytes are a list of numbers from 0 to 255, such as [104,105]".to_owned(),
            other => format!("a value is such as {}", other.example().unwrap_or("\"…\"").trim_matches('"')),
        }
    }

    /// A value in JSON, of the types whose errors do not say their form.
    pub(super) fn example(self) -> Option<&'static str> {
        use ScalarType::{
            ChronoClock, ChronoDate, ChronoDatetime, ChronoDuration, ChronoNaive, Ip, IpNet, Ipv4, Ipv4Net, Ipv6,
            Ipv6Net, JiffClock, JiffDate, JiffDatetime, JiffDuration, JiffNaive, TimeClock, TimeDate, TimeDatetime,
            TimeDuration, TimeNaive, Ulid, Url, Uuid,
        };
        Some(match self {
            ChronoDatetime | TimeDatetime | JiffDatetime => r#""2024-01-31T12:00:00Z""#,
            ChronoDate | TimeDate | JiffDate => r#""2024-01-31""#,
            ChronoClock | TimeClock | JiffClock => r#""12:00:00""#,
            ChronoNaive | TimeNaive | JiffNaive => r#""2024-01-31T12:00:00""#,
            ChronoDuration | TimeDuration | JiffDuration => r#""PT1M30S""#,
            Uuid => r#""67e55044-10b1-426f-9247-bb680e5fe0c8""#,
            Ulid => r#""01ARZ3NDEKTSV4RRFFQ69G5FAV""#,
            Url => r#""https://example.com/a""#,
            Ipv4 | Ip => r#""192.0.2.1""#,
            Ipv6 => r#""2001:db8::1""#,
            Ipv4Net | IpNet => r#""192.0.2.0/24""#,
            Ipv6Net => r#""2001:db8::/32""#,
            _ => return None,
        })
    }
}
