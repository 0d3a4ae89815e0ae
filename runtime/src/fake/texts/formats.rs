//! Texts of formats.

use super::{Faker, lengths, letters, number, word};

/// The maximum of characters in a label of a host, and before the `@` of an address (RFC 1123, RFC 5321).
const LABEL: usize = 63;
const LOCAL: usize = 64;

/// The characters of a name, and of one that differs from item to item.
const NAME: usize = 4;
const DIFFERENT_NAME: usize = 8;

pub(super) fn of_format(of: &mut Faker, format: &str) -> String {
    match format {
        "email" => email(of),
        "url" => url(of),
        "hostname" => hostname(of),
        "uuid" => uuid(of),
        "ipv4" => ipv4(of),
        "ipv6" => format!("2001:db8::{:x}:{:x}", of.pick(1 << 16), of.pick(1 << 16)),
        "slug" => slug(of),
        // Numbers of Norway have eight digits.
        _ => format!("+47{:08}", number(of)),
    }
}

/// A name of at most so many letters and digits, of which the last ones differ.
fn name(of: &mut Faker, most: usize) -> String {
    let number = if of.differs() { number(of) } else { of.random().below(1000) };
    let text = format!("{}{number}", word(of, 2));
    let cut = text.len().saturating_sub(most);
    text.get(cut..).unwrap_or_default().to_owned()
}

/// What stands around a name: the first one that leaves enough of the length, or the shortest.
fn around(of: &Faker, forms: &[&'static str], most: usize) -> (&'static str, usize) {
    let wanted = if of.differs() { DIFFERENT_NAME } else { NAME };
    let room = |form: &&'static str| most.saturating_sub(form.len());
    let form = forms.iter().find(|form| room(form) >= wanted).or(forms.last()).copied().unwrap_or_default();
    (form, room(&form))
}

/// Labels of letters, each with a full stop after it, of so many characters.
fn labels(of: &mut Faker, mut length: usize) -> String {
    let mut text = String::new();
    while length > 0 {
        let label = match length {
            // The last label is not empty.
            rest if rest == LABEL + 2 => LABEL - 1,
            rest => (rest - 1).min(LABEL),
        };
        text = text + &letters(of, label) + ".";
        length -= label + 1;
    }
    text
}

fn email(of: &mut Faker) -> String {
    let (least, most) = lengths(of);
    let (domain, room) = around(of, &["@example.com", "@a.test", "@test", "@a"], most);
    let name = name(of, room.min(LOCAL));
    let missing = least.saturating_sub(name.len() + domain.len());
    // A label has a letter and a full stop.
    let before = missing.min(LOCAL - name.len());
    let before = if missing - before == 1 { before.saturating_sub(1) } else { before };
    let domain = domain.trim_start_matches('@');
    format!("{}{name}@{}{domain}", letters(of, before), labels(of, missing - before))
}

fn url(of: &mut Faker) -> String {
    let (least, most) = lengths(of);
    let (site, room) = around(of, &["https://example.com/", "https://a.test/", "http://a/", "a:"], most);
    let name = name(of, room);
    let path = match least.saturating_sub(site.len() + name.len()) {
        0 if room > name.len() + 4 => format!("{}/", letters(of, 4)),
        missing => letters(of, missing),
    };
    format!("{site}{path}{name}")
}

fn hostname(of: &mut Faker) -> String {
    let (least, most) = lengths(of);
    let (domain, room) = around(of, &[".example.com", ".test", ""], most);
    let name = name(of, room.min(LABEL));
    let missing = least.saturating_sub(name.len() + domain.len());
    let before = missing.min(LABEL - name.len());
    let before = if missing - before == 1 { before.saturating_sub(1) } else { before };
    let labels = labels(of, missing - before);
    format!("{labels}{}{name}{domain}", letters(of, before))
}

fn slug(of: &mut Faker) -> String {
    let (least, most) = lengths(of);
    let name = name(of, most);
    let missing = least.saturating_sub(name.len());
    match most.saturating_sub(name.len()) {
        room if room > 5 && missing < 5 => format!("{}-{name}", letters(of, 4)),
        _ => letters(of, missing) + &name,
    }
}

fn ipv4(of: &mut Faker) -> String {
    let wide = of.differs();
    let [.., a, b, c] = of.pick(if wide { 1 << 24 } else { 1 << 8 }).to_be_bytes();
    if wide { format!("10.{a}.{b}.{c}") } else { format!("198.51.100.{c}") }
}

fn uuid(of: &mut Faker) -> String {
    let hex = format!("{:016x}{:016x}", of.random().next(), of.random().next());
    let parts = [0..8, 8..12, 13..16, 17..20, 20..32].map(|range| hex.get(range).unwrap_or_default());
    let [a, b, c, d, e] = parts;
    format!("{a}-{b}-4{c}-8{d}-{e}")
}
