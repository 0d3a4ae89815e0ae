//! Random items, the same for the same seed.

use dyntastic::bigdecimal::BigDecimal;
use dyntastic::bytes::Bytes;
use dyntastic::chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use dyntastic::ipnet::{IpNet, Ipv4Net, Ipv6Net};
use dyntastic::rust_decimal::Decimal;
use dyntastic::serde_json::{Value, json};
use dyntastic::ulid::Ulid;
use dyntastic::uuid::Uuid;
use dyntastic_tests::everything::Everything;
use dyntastic_tests::nested::{
    Address, Category, Color, Level, Line, Order, Payment, PaymentCard, PaymentInvoice, Point, Port, Settings, Status,
    Sum, Term, TermNumber,
};
use dyntastic_tests::own_types::{Meters, Note};
use dyntastic_tests::scalars::Scalars;
use dyntastic_tests::{jiff_types, time_types};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A source of random values (xorshift64*).
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        self.bits() % most
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.bits()) << 64 | u128::from(self.bits())
    }

    fn some<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }

    fn list<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(4)).map(|_| make(self)).collect()
    }

    fn set<T: Ord>(&mut self, make: impl FnMut(&mut Self) -> T) -> BTreeSet<T> {
        self.list(make).into_iter().collect()
    }

    fn map<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> BTreeMap<String, T> {
        self.list(|random| (random.name(), make(random))).into_iter().collect()
    }

    pub fn text(&mut self) -> String {
        const PIECES: [&str; 12] = ["a", "Z", "0", " ", "é", "日本", "\u{1F980}", "\"", "\\", "\n", "\0", "#{}"];
        let length = self.below(12);
        (0..length).map(|_| PIECES[usize::try_from(self.below(12)).unwrap()]).collect()
    }

    /// The name of a map's entry, which is not empty.
    fn name(&mut self) -> String {
        format!("{}{}", self.below(10), self.text())
    }

    fn bytes(&mut self) -> Bytes {
        self.list(|random| u8::try_from(random.below(256)).unwrap()).into()
    }

    fn float(&mut self) -> f64 {
        // DynamoDB's numbers have 38 digits and end at 1E125.
        let mantissa = self.bits() as i64 as f64;
        mantissa * 10_f64.powi(i32::try_from(self.below(40)).unwrap() - 30)
    }

    fn json(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.bits() as i64),
            // DynamoDB does not tell 1.0 from 1.
            3 => json!(self.below(2000) as f64 - 999.875),
            4 => json!(self.text()),
            5 => self.list(|random| random.json(depth - 1)).into(),
            _ => Value::Object(self.map(|random| random.json(depth - 1)).into_iter().collect()),
        }
    }

    /// To the microsecond, from the year 0 to 9999.
    fn datetime(&mut self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.micros()).unwrap()
    }

    fn micros(&mut self) -> i64 {
        i64::try_from(self.below(253_402_300_800_000_000)).unwrap()
            - i64::try_from(self.below(62_167_219_200_000_000)).unwrap()
    }

    fn seconds(&mut self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.micros() / 1_000_000, 0).unwrap()
    }

    fn date(&mut self) -> NaiveDate {
        self.datetime().date_naive()
    }

    fn time(&mut self) -> NaiveTime {
        self.datetime().time()
    }

    fn duration(&mut self) -> TimeDelta {
        TimeDelta::microseconds(self.micros() / 7)
    }

    fn ipv4(&mut self) -> Ipv4Addr {
        Ipv4Addr::from_bits(u32::try_from(self.below(1 << 32)).unwrap())
    }

    fn ipv6(&mut self) -> Ipv6Addr {
        Ipv6Addr::from_bits(self.wide())
    }

    fn ip(&mut self) -> IpAddr {
        if self.below(2) == 0 { self.ipv4().into() } else { self.ipv6().into() }
    }

    fn net(&mut self) -> IpNet {
        if self.below(2) == 0 { self.v4_net().into() } else { self.v6_net().into() }
    }

    fn v4_net(&mut self) -> Ipv4Net {
        Ipv4Net::new(self.ipv4(), u8::try_from(self.below(33)).unwrap()).unwrap()
    }

    fn v6_net(&mut self) -> Ipv6Net {
        Ipv6Net::new(self.ipv6(), u8::try_from(self.below(129)).unwrap()).unwrap()
    }

    /// As DynamoDB gives it back: without zeros at the end.
    fn decimal(&mut self) -> Decimal {
        let digits = i128::try_from(self.wide() >> 34).unwrap() - (1 << 93);
        Decimal::try_from_i128_with_scale(digits, u32::try_from(self.below(29)).unwrap()).unwrap().normalize()
    }

    fn url(&mut self) -> dyntastic::url::Url {
        format!("https://example.com/{}?q={}#x", self.below(1000), self.below(9)).parse().unwrap()
    }

    fn ulid(&mut self) -> Ulid {
        Ulid(self.wide())
    }

    pub fn everything(&mut self, id: &str) -> Everything {
        Everything {
            id: id.to_owned(),
            number: self.bits() as i64,
            a_string: self.text(),
            a_bool: self.below(2) == 0,
            an_i8: self.bits() as i8,
            an_i16: self.bits() as i16,
            an_i32: self.bits() as i32,
            an_i64: self.bits() as i64,
            a_u8: self.bits() as u8,
            a_u16: self.bits() as u16,
            a_u32: self.bits() as u32,
            a_u64: self.bits(),
            an_f32: self.float() as f32,
            an_f64: self.float(),
            some_bytes: self.bytes(),
            a_uuid: Uuid::from_u128(self.wide()),
            a_datetime: self.datetime(),
            a_date: self.date(),
            some_json: self.json(3),
            maybe_string: self.some(Self::text),
            maybe_number: self.some(|random| random.bits() as u32),
            maybe_json: self.some(|random| json!([random.json(2)])),
            maybe_list: self.some(|random| random.list(Self::text)),
            maybe_set: self.some(|random| [random.text()].into()),
            strings: self.list(Self::text),
            maybe_strings: self.list(|random| random.some(Self::text)),
            matrix: self.list(|random| random.list(Self::float)),
            string_set: self.set(Self::text),
            number_set: self.set(|random| random.bits() as u16),
            byte_set: self.set(Self::bytes),
            uuid_set: self.set(|random| Uuid::from_u128(random.wide())),
            datetime_set: self.set(Self::datetime),
            date_set: self.set(Self::date),
            counts: self.map(|random| random.bits() as u32),
            maybe_counts: self.map(|random| random.some(|random| random.bits() as u32)),
            sets_by_name: self.map(|random| random.set(Self::text)),
            documents: self.list(|random| random.json(2)),
        }
    }

    pub fn scalars(&mut self) -> Scalars {
        let whole = |random: &mut Self| (random.wide() % 10_u128.pow(38)) >> random.below(126);
        Scalars {
            id: self.ulid(),
            at: DateTime::from_timestamp_millis(self.micros() / 1_000).unwrap(),
            big: -i128::try_from(whole(self)).unwrap(),
            huge: whole(self),
            price: self.decimal(),
            site: self.url(),
            v4: self.ipv4(),
            v6: self.ipv6(),
            address: self.ip(),
            v4_net: self.v4_net(),
            v6_net: self.v6_net(),
            net: self.net(),
            day: self.date(),
            clock: self.time(),
            local: self.datetime().naive_utc(),
            wait: self.duration(),
            seen: self.some(Self::seconds),
            plain: self.datetime(),
            length: Meters { millimeters: self.bits() },
            note: self.some(|random| Note::new(random.name()).unwrap()),
            bigs: self.set(|random| i128::from(random.bits() as i64)),
            prices: self.set(Self::decimal),
            ulids: self.set(Self::ulid),
            sites: self.set(Self::url),
            addresses: self.set(Self::ip),
            nets: self.set(Self::net),
            days: self.set(Self::date),
            clocks: self.set(Self::time),
            waits: self.set(Self::duration),
            lengths: self.set(|random| Meters { millimeters: random.bits() }),
            by_day: self.map(|random| random.list(|random| random.some(Self::decimal))),
            maybe_net: self.some(Self::net),
            maybe_wait: self.some(Self::duration),
        }
    }

    fn address(&mut self) -> Address {
        Address {
            street: self.text(),
            city: self.text(),
            zip: self.text(),
            geo: self.some(|random| Point { x: random.float(), y: random.float() }),
        }
    }

    fn category(&mut self, depth: u64) -> Category {
        let deeper = depth.checked_sub(1);
        Category {
            name: self.text(),
            parent: deeper.and_then(|depth| self.some(|random| Box::new(random.category(depth)))),
            children: deeper.map(|depth| self.list(|random| random.category(depth))).unwrap_or_default(),
        }
    }

    fn term(&mut self, depth: u64) -> Term {
        match depth.checked_sub(1).filter(|_| self.below(2) == 0) {
            None => Term::Number(TermNumber { value: self.bits() as i64 }),
            Some(depth) => Term::Sum(Sum { left: Box::new(self.term(depth)), right: Box::new(self.term(depth)) }),
        }
    }

    fn status(&mut self) -> Status {
        Status::ALL[usize::try_from(self.below(3)).unwrap()]
    }

    fn payment(&mut self) -> Payment {
        match self.below(3) {
            0 => Payment::Card(PaymentCard { number: self.text(), holder: self.some(Self::text) }),
            1 => Payment::Invoice(PaymentInvoice { address: self.address() }),
            _ => Payment::Cash,
        }
    }

    pub fn order(&mut self, id: &str) -> Order {
        Order {
            order_id: id.to_owned(),
            status: self.status(),
            level: if self.below(2) == 0 { Level::Low } else { Level::High },
            color: self.some(|random| Color::from_stored(if random.below(2) == 0 { "red" } else { "mauve" })),
            ports: self.set(|random| Port::from_stored(i64::try_from(random.below(100)).unwrap())),
            statuses: self.list(Self::status),
            address: self.address(),
            billing: self.some(Self::address),
            lines: self.list(|random| Line {
                sku: random.text(),
                count: random.bits() as u32,
                options: random.map(Self::text),
                note: random.some(Self::text),
            }),
            by_region: self.map(Self::address),
            payment: self.some(Self::payment),
            category: self.some(|random| random.category(3)),
            term: self.some(|random| random.term(4)),
            settings: Settings {
                theme: Color::Green,
                size: self.bits() as u8,
                muted: self.some(|random| random.below(2) == 0),
            },
        }
    }

    /// The same moments with the types of two libraries.
    pub fn moments(&mut self) -> (time_types::Moments, jiff_types::Moments) {
        use dyntastic::factory::{with_jiff, with_time};
        let amount = |random: &mut Self| {
            BigDecimal::from(random.wide() % 10_u128.pow(35)) / BigDecimal::from(1 << random.below(3))
        };
        // jiff's last moments are a day before the end of the year 9999.
        let mut micros = || self.micros().min(253_402_100_000_000_000);
        let (at, written, local, whole, milli, time, wait) =
            (micros(), micros(), micros(), micros(), micros(), micros(), micros() / 3);
        let (day, clock) = (self.date(), time.rem_euclid(86_400_000_000));
        let (whole, milli) = (whole / 1_000_000 * 1_000_000, milli / 1_000 * 1_000);
        use dyntastic::chrono::Datelike;
        let (y, m, d) = (day.year(), day.month(), day.day());
        let (id, amounts) = (amount(self).normalized(), self.list(|random| amount(random).normalized()));
        (
            time_types::Moments {
                id: id.clone(),
                at: with_time::datetime(at),
                written: with_time::datetime(written),
                day: with_time::date(y, m, d),
                today: with_time::date(y, m, d),
                clock: with_time::time(clock),
                local: with_time::naive_datetime(local),
                wait: with_time::duration(wait),
                seconds: with_time::datetime(whole),
                millis: Some(with_time::datetime(milli)),
                days: [with_time::date(y, m, d)].into(),
                amounts: amounts.clone(),
            },
            jiff_types::Moments {
                id,
                at: with_jiff::datetime(at),
                written: with_jiff::datetime(written),
                day: with_jiff::date(y, m, d),
                today: with_jiff::date(y, m, d),
                clock: with_jiff::time(clock),
                local: with_jiff::naive_datetime(local),
                wait: with_jiff::duration(wait),
                seconds: with_jiff::datetime(whole),
                millis: Some(with_jiff::datetime(milli)),
                days: [with_jiff::date(y, m, d)].into(),
                amounts,
            },
        )
    }
}
