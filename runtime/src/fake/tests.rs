//! Values under constraints of every kind, and values that differ.

use super::{FakeValue, Faker, Random};
use crate::ground::Violations;
use crate::validate::{Check, Checked, Format, Pattern};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// The values of a field with a check that some seeds make, and how many of them break it.
fn made<T: FakeValue>(differs: bool, check: Check<T>) -> (Vec<T>, usize) {
    let mut random = Random::new(3);
    let make = |_| {
        let mut of = Faker::new(&mut random);
        let of = if differs { of.key() } else { &mut of };
        let value = of.checked("field", check).expect("there is a value");
        assert!(of.failures() <= 200, "the tries have an end");
        value
    };
    let values: Vec<T> = (0..40).map(make).collect();
    let is_broken = |value: &&T| {
        let mut violations = Violations::new("");
        check(Checked::new(*value, &mut violations));
        violations.iter().next().is_some()
    };
    let broken = values.iter().filter(is_broken).count();
    (values, broken)
}

#[track_caller]
fn fits<T: FakeValue + Debug>(check: Check<T>) {
    for differs in [false, true] {
        let (values, broken) = made(differs, check);
        assert_eq!(broken, 0, "{values:?}");
    }
}

/// A check of texts with a pattern.
macro_rules! texts {
    ($pattern:literal $($check:tt)*) => {
        fits::<String>(|of| {
            static PATTERN: LazyLock<Pattern> = LazyLock::new(|| Pattern::new($pattern));
            of.pattern(&PATTERN)$($check)*.done()
        })
    };
}

#[test]
fn texts_have_the_lengths_that_their_patterns_allow() {
    texts!("^[a-z]+$".min_length(20).max_length(20));
    texts!("^[a-z0-9]*$".min_length(100));
    texts!("[0-9]".min_length(300));
    texts!("[0-9]".min_length(300).max_length(300));
    texts!("^(a|bc)*$".min_length(7).max_length(7));
    texts!("^(aa|bbb)+$".min_length(5).max_length(5));
    texts!("^[A-Z]{2}-".max_length(5));
    texts!("^(.)(.)x$".max_length(3));
    texts!(r"^\S+@\S+$".max_length(4));
    texts!("^(?:a{2}|b{3}){2}$".min_length(5).max_length(5));
    texts!(r"^\d{4}-\d{2}(-\d{2})?$".min_length(9));
    texts!(r"\.example$".min_length(40));
    texts!("^[^a-z]+$".min_length(1_000));
    texts!("^a*b*c*$".min_length(2_000).max_length(2_000));
    texts!(r"^\p{Lu}{3}\d+$".min_length(12));
    texts!("(?i)^abc$".max_length(3));
    texts!(r"^@?corp\.example$");
    texts!(r"@corp\.example$".format(Format::Email));
    texts!("^ada".format(Format::Hostname).max_length(20));
}

#[test]
fn texts_of_formats_have_every_length() {
    fits::<String>(|of| of.format(Format::Email).max_length(12).done());
    fits::<String>(|of| of.format(Format::Email).max_length(6).done());
    fits::<String>(|of| of.format(Format::Email).min_length(77).done());
    fits::<String>(|of| of.format(Format::Email).min_length(200).max_length(200).done());
    fits::<String>(|of| of.format(Format::Hostname).min_length(25).done());
    fits::<String>(|of| of.format(Format::Hostname).min_length(250).max_length(253).done());
    fits::<String>(|of| of.format(Format::Hostname).max_length(4).done());
    fits::<String>(|of| of.format(Format::Url).min_length(200).done());
    fits::<String>(|of| of.format(Format::Url).max_length(15).done());
    fits::<String>(|of| of.format(Format::Slug).max_length(8).done());
    fits::<String>(|of| of.format(Format::Slug).max_length(2).done());
    fits::<String>(|of| of.format(Format::Slug).min_length(60).max_length(60).done());
    macro_rules! lengths {
        ($($length:literal)*) => {$(
            fits::<String>(|of| of.format(Format::Email).min_length($length).max_length($length).done());
            fits::<String>(|of| of.format(Format::Hostname).min_length($length).max_length($length).done());
        )*};
    }
    // Labels of a domain have 63 characters at most.
    lengths!(16 62 63 64 65 66 74 75 76 77 78 128 129 130 139 140 141 142 193 194 204 205 206);
}

#[test]
fn numbers_are_between_their_bounds_however_near_these_are() {
    fits::<f64>(|of| of.exclusive_minimum(0.0).exclusive_maximum(0.001).done());
    fits::<f64>(|of| of.exclusive_minimum(0.0).exclusive_maximum(1e-30).done());
    fits::<f64>(|of| of.minimum(-1e-7).maximum(1e-7).done());
    fits::<f64>(|of| of.minimum(1e30).done());
    fits::<f64>(|of| of.minimum(1e300).done());
    fits::<f64>(|of| of.exclusive_maximum(-1e300).done());
    fits::<f64>(|of| of.minimum(0.5).multiple_of(0.1).maximum(0.75).done());
    fits::<f64>(|of| of.exclusive_maximum(-5.0).done());
    fits::<f32>(|of| of.exclusive_minimum(0.1).exclusive_maximum(0.11).done());
    fits::<f32>(|of| of.exclusive_minimum(16_777_216.0).done());
    fits::<f32>(|of| of.exclusive_minimum(1e38).done());
    fits::<i32>(|of| of.exclusive_minimum(0).exclusive_maximum(2).done());
    fits::<i8>(|of| of.maximum(-100).done());
    fits::<u64>(|of| of.minimum(u64::MAX - 3).done());
    fits::<i128>(|of| of.minimum(10_i128.pow(38) - 1).done());
    fits::<u128>(|of| of.minimum(100).multiple_of(1_000_000_000_000).done());
    #[cfg(feature = "decimal")]
    {
        use rust_decimal::Decimal;
        fits::<Decimal>(|of| of.exclusive_minimum(Decimal::ZERO).exclusive_maximum(Decimal::new(1, 2)).done());
        fits::<Decimal>(|of| of.minimum(Decimal::new(1, 1)).maximum(Decimal::new(1, 1)).done());
        fits::<Decimal>(|of| of.exclusive_minimum(Decimal::ZERO).exclusive_maximum(Decimal::new(1, 26)).done());
    }
    // DynamoDB stores 38 digits.
    let (values, _) = made::<i128>(true, |of| of.minimum(10_i128.pow(37)).done());
    assert!(values.iter().all(|value| value.to_string().len() <= 38), "{values:?}");
}

#[test]
fn sets_have_as_many_elements_as_they_must() {
    fits::<BTreeSet<i8>>(|of| of.min_items(256).done());
    fits::<BTreeSet<u8>>(|of| of.min_items(200).done());
    fits::<BTreeSet<u16>>(|of| of.min_items(9_000).done());
    fits::<BTreeSet<u8>>(|of| of.min_items(3).items(|of| of.minimum(10).maximum(12).done()).done());
    fits::<BTreeSet<String>>(|of| of.min_items(3).items(|of| of.one_of(&["a", "b", "c"]).done()).done());
    fits::<Vec<u8>>(|of| of.unique_items().min_items(3).items(|of| of.maximum(2).done()).done());
    fits::<Vec<String>>(|of| of.unique_items().min_items(500).done());
    fits::<BTreeMap<String, u8>>(|of| {
        static PATTERN: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("^[ab]{2}$"));
        of.min_items(4).keys(|of| of.pattern(&PATTERN).done()).done()
    });
}

#[test]
fn what_nothing_fulfils_ends_soon() {
    let impossible: Check<String> = |of| of.max_length(3).min_length(5).done();
    let (_, broken) = made(false, impossible);
    assert_eq!(broken, 40);
    let mut of = Faker::new(&mut Random::new(1));
    let _: Option<BTreeSet<bool>> = of.checked("set", |of| of.min_items(100_000).done());
    assert!(of.failures() < 1_100, "{}", of.failures());
}

/// The number of different values of fields that must differ, in `count` items.
fn different<T: FakeValue + Debug>(count: usize, check: Option<Check<T>>) -> usize {
    let mut random = Random::new(5);
    let make = |_| {
        let mut of = Faker::new(&mut random);
        let value = match check {
            Some(check) => of.key().checked("field", check),
            None => of.key().field("field"),
        };
        format!("{:?}", value.expect("there is a value"))
    };
    (0..count).map(make).collect::<BTreeSet<String>>().len()
}

#[test]
fn values_of_every_type_differ_from_item_to_item() {
    assert_eq!(different::<u8>(256, None), 256);
    assert_eq!(different::<i8>(256, None), 256);
    assert_eq!(different::<u8>(1_000, None), 256, "there are no more");
    assert_eq!(different::<bool>(9, None), 2);
    assert_eq!(different::<u16>(3_000, None), 3_000);
    assert_eq!(different::<i32>(3_000, None), 3_000);
    assert_eq!(different::<u32>(3_000, None), 3_000);
    assert_eq!(different::<i64>(3_000, None), 3_000);
    assert_eq!(different::<u128>(3_000, None), 3_000);
    assert_eq!(different::<f32>(3_000, None), 3_000);
    assert_eq!(different::<f64>(3_000, None), 3_000);
    assert_eq!(different::<u32>(900, Some(|of| of.minimum(100).maximum(999).done())), 900);
    assert_eq!(different::<f64>(3_000, Some(|of| of.minimum(0.0).maximum(1.0).done())), 3_000);
    assert_eq!(different::<Bytes>(3_000, None), 3_000);
    assert_eq!(different::<Ipv4Addr>(3_000, None), 3_000);
    assert_eq!(different::<Ipv6Addr>(3_000, None), 3_000);
    assert_eq!(different::<IpAddr>(3_000, None), 3_000);
    assert_eq!(different::<String>(3_000, None), 3_000);
    for format in [Format::Email, Format::Url, Format::Hostname, Format::Uuid, Format::Ipv4, Format::Ipv6, Format::Slug]
    {
        assert_eq!(of_format(format), 3_000, "{}", format.name());
    }
    assert_eq!(of_format(Format::E164), 3_000);
    assert_eq!(different::<String>(3_000, Some(|of| of.max_length(6).done())), 3_000);
    assert_eq!(different::<String>(1_000, Some(|of| of.format(Format::Email).max_length(10).done())), 1_000);
    assert_eq!(different::<String>(5, Some(|of| of.one_of(&["a", "b", "c", "d", "e"]).done())), 5);
    macro_rules! pattern {
        ($pattern:literal) => {{
            let check: Check<String> = |of| {
                static PATTERN: LazyLock<Pattern> = LazyLock::new(|| Pattern::new($pattern));
                of.pattern(&PATTERN).done()
            };
            different(3_000, Some(check))
        }};
    }
    assert_eq!(pattern!("^[A-Z]{3}$"), 3_000);
    assert_eq!(pattern!("^[A-Z]{2}[0-9]{6}$"), 3_000);
    assert_eq!(pattern!("^[a-z0-9-]+$"), 3_000);
    assert_eq!(pattern!("^a"), 3_000);
    #[cfg(feature = "chrono")]
    {
        use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
        assert_eq!(different::<DateTime<Utc>>(3_000, None), 3_000);
        assert_eq!(different::<NaiveDate>(3_000, None), 3_000);
        assert_eq!(different::<NaiveTime>(3_000, None), 3_000);
        assert_eq!(different::<TimeDelta>(3_000, None), 3_000);
    }
    #[cfg(feature = "time")]
    assert_eq!(different::<time::Date>(3_000, None), 3_000);
    #[cfg(feature = "jiff")]
    assert_eq!(different::<jiff::civil::Date>(3_000, None), 3_000);
    #[cfg(feature = "uuid")]
    assert_eq!(different::<uuid::Uuid>(3_000, None), 3_000);
    #[cfg(feature = "ipnet")]
    assert_eq!(different::<ipnet::IpNet>(3_000, None), 3_000);
    #[cfg(feature = "url")]
    assert_eq!(different::<url::Url>(3_000, None), 3_000);
    #[cfg(feature = "decimal")]
    assert_eq!(different::<rust_decimal::Decimal>(3_000, None), 3_000);
}

fn of_format(format: Format) -> usize {
    macro_rules! checks {
        ($($of:ident)*) => {
            match format {
                $(Format::$of => different::<String>(3_000, Some(|of| of.format(Format::$of).done())),)*
            }
        };
    }
    checks!(Email Url Hostname Uuid Ipv4 Ipv6 Slug E164)
}

#[test]
fn keys_of_several_fields_differ_as_a_whole() {
    let mut random = Random::new(9);
    let key = |_| {
        let mut of = Faker::new(&mut random);
        let level = of.key().field::<bool>("level");
        let number = of.key().checked::<u8>("number", |of| of.maximum(9).done());
        let name = of.key().checked::<String>("name", |of| of.one_of(&["a", "b", "c"]).done());
        format!("{level:?} {number:?} {name:?}")
    };
    assert_eq!((0..60).map(key).collect::<BTreeSet<_>>().len(), 60);

    let mut random = Random::new(9);
    let alone = |_| {
        let mut of = Faker::new(&mut random);
        let _: Option<bool> = of.key().field("level");
        let code: Option<u8> = of.unique().field("code");
        let rank: Option<u8> = of.unique().field("rank");
        (code, rank)
    };
    let (codes, ranks): (BTreeSet<_>, BTreeSet<_>) = (0..256).map(alone).unzip();
    assert_eq!((codes.len(), ranks.len()), (256, 256));
}
