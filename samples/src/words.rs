//! Texts by the names of fields.

const PEOPLE: [&str; 3] = ["Ada Lovelace", "Grace Hopper", "Alan Turing"];

/// The last words of the names of models and structs whose `name` is that of a person.
const PERSONS: &[&str] =
    &["user", "customer", "person", "member", "account", "author", "employee", "profile", "player"];

/// Texts by the last word of a field's name, where that says what the field holds.
const KNOWN: &[(&[&str], [&str; 3])] = &[
    (&["customer", "author", "owner"], PEOPLE),
    (&["nickname", "nick"], ["Ada", "Grace", "Al"]),
    (&["email", "mail"], ["ada@example.com", "grace@example.com", "alan@example.com"]),
    (&["city", "town"], ["Bergen", "Lisbon", "Kyoto"]),
    (&["street", "address"], ["Strandgaten 1", "Rua Augusta 2", "Teramachi 3"]),
    (&["zip", "postcode", "zipcode"], ["5003", "1100", "6040"]),
    (&["country"], ["NO", "PT", "JP"]),
    (&["locale", "language", "lang"], ["en", "nb", "pt"]),
    (&["currency"], ["EUR", "NOK", "JPY"]),
    (&["phone", "telephone"], ["+4755000001", "+4755000002", "+4755000003"]),
    (&["status", "state"], ["pending", "paid", "shipped"]),
    (&["title", "subject", "headline"], ["First steps", "A second look", "Third time"]),
    (
        &["note", "text", "remark", "comment", "message", "description", "body", "bio"],
        ["As agreed.", "Please ring twice.", "It was fine."],
    ),
    (&["color", "colour"], ["red", "green", "blue"]),
    (&["source", "origin"], ["web", "app", "shop"]),
    (&["url", "link", "site", "website"], ["https://example.com/1", "https://example.com/2", "https://example.com/3"]),
];

/// Whether things with this name have the names of people. The name is in snake case.
pub fn is_person(owner: &str) -> bool {
    owner.rsplit('_').next().is_some_and(|word| PERSONS.contains(&word))
}

/// Texts that fields of a name hold. `owner` is what has the field, in snake case.
pub fn known(owner: &str, name: &str) -> Option<[&'static str; 3]> {
    let last = name.rsplit('_').next().unwrap_or_default();
    if last == "name" {
        return is_person(owner).then_some(PEOPLE);
    }
    KNOWN.iter().find(|(words, _)| words.contains(&last)).map(|(_, texts)| *texts)
}

/// The word for a field in made-up texts: `customer` for `customer_id`, `tag` for `tags`, and the owner's name for `id`.
pub fn singular_word(owner: &str, name: &str) -> String {
    let ends = ["_id", "_key", "_code", "_no", "_number"];
    let name = ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let name = if matches!(name, "id" | "key") { owner } else { name };
    // An element of `tags` is a tag.
    let is_plural = name.len() > 3 && name.ends_with('s') && !["ss", "us", "is"].iter().any(|end| name.ends_with(end));
    let singular = name.strip_suffix('s').filter(|_| is_plural).unwrap_or(name);
    singular.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::{known, singular_word};

    #[test]
    fn names_say_what_fields_hold() {
        assert_eq!(singular_word("order_line", "id"), "order-line");
        assert_eq!(singular_word("order", "customer_id"), "customer");
        assert_eq!(singular_word("product", "tags"), "tag");
        assert_eq!(singular_word("product", "status"), "status");
        assert_eq!(known("user", "name").and_then(|of| of.first().copied()), Some("Ada Lovelace"));
        assert_eq!(known("product", "name"), None);
        assert_eq!(known("order", "shipping_city").and_then(|of| of.last().copied()), Some("Kyoto"));
    }
}
