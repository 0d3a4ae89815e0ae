//! Whether a page of HTML is sound and closed, and its text.

use std::collections::{BTreeMap, BTreeSet};

/// A tag: its name, whether it ends an element, and its attributes.
#[derive(Debug)]
struct Tag {
    name: String,
    is_end: bool,
    attributes: BTreeMap<String, String>,
}

/// The tags of a page. The content of its own style and script is left out.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix("!--") {
            rest = after.split_once("-->").unwrap().1;
            continue;
        }
        let (tag, after) = rest.split_once('>').unwrap();
        assert!(!tag.contains('<'), "{tag}");
        rest = after;
        let is_end = tag.starts_with('/');
        let tag = tag.trim_start_matches('/').trim_end_matches('/');
        let name = tag.split_whitespace().next().unwrap().to_owned();
        for raw in ["style", "script"] {
            if name == raw && !is_end {
                rest = &rest[rest.find(&format!("</{raw}>")).unwrap()..];
            }
        }
        tags.push(Tag { attributes: attributes(&tag[name.len()..]), name, is_end });
    }
    tags
}

fn attributes(mut text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return found;
        }
        let end = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        text = after;
        let mut value = String::new();
        if let Some(after) = after.strip_prefix("=\"") {
            let (inside, after) = after.split_once('"').unwrap();
            value = inside.to_owned();
            text = after;
        }
        assert!(found.insert(name.to_owned(), value).is_none(), "{name} is there twice");
    }
}

/// Checks that a page is sound: its elements are nested, its ids are unique, its links lead somewhere, and nothing is
/// loaded from elsewhere.
pub fn check(html: &str) {
    const VOID: [&str; 5] = ["meta", "input", "br", "hr", "!doctype"];
    const DRAWN: [&str; 3] = ["rect", "path", "circle"];
    let tags = tags(html);
    let mut open: Vec<&str> = Vec::new();
    for tag in &tags {
        match tag.is_end {
            true => assert_eq!(open.pop(), Some(tag.name.as_str())),
            false if VOID.contains(&tag.name.as_str()) || DRAWN.contains(&tag.name.as_str()) => {}
            false => open.push(&tag.name),
        }
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with("on") && name != "src" && name != "style", "{tag:?}");
            let is_closed = name != "href" || value.starts_with('#') || value.starts_with("https://docs.example/");
            assert!(is_closed, "{tag:?}");
        }
        let known = "!doctype a article blockquote body br button circle code dd del details div dl dt em figcaption figure form g h1 h2 \
             h3 h4 head header html input kbd label li main meta nav ol p path pre rect script section small span strong \
             style summary svg table tbody td text th thead title tr ul";
        assert!(known.split_whitespace().any(|name| name == tag.name), "{tag:?}");
    }
    assert!(open.is_empty(), "{open:?}");
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.attributes.get("id")) {
        assert!(ids.insert(id.as_str()), "the id {id} is there twice");
    }
    let named = |tag: &Tag, name: &str| tag.attributes.get(name).cloned();
    for tag in &tags {
        let link = named(tag, "href").and_then(|link| link.strip_prefix('#').map(str::to_owned));
        for id in link.into_iter().chain(named(tag, "aria-controls")).chain(named(tag, "for")) {
            assert!(ids.contains(id.as_str()), "{id} is nowhere");
        }
    }
    assert_eq!(tags.iter().filter(|tag| tag.name == "script" && !tag.is_end).count(), 1);
    let policy =
        tags.iter().find(|tag| named(tag, "http-equiv").as_deref() == Some("Content-Security-Policy")).unwrap();
    assert!(policy.attributes["content"].starts_with("default-src 'none'; style-src 'sha256-"));
    for pattern in html
        .split("<article class=\"pattern\"")
        .skip(1)
        .filter(|of| of.lines().next().is_some_and(|tag| tag.contains("data-find=\"access pattern\"")))
    {
        let pattern = pattern.split("</article>").next().unwrap();
        assert!(pattern.contains("<dt>Cost</dt>"), "no cost:{pattern}");
        let facts = pattern.split_once("<dl>").unwrap().1.split_once("</dl>").unwrap().0;
        assert!(!facts.contains("{r#") && !facts.contains(">r#"), "a raw identifier:{facts}");
        assert!(!facts.contains(">1 items") && !facts.contains("of 1 bytes"), "{facts}");
    }
}

/// The text of a page without its tags.
pub fn text_of(html: &str) -> String {
    let mut text = String::new();
    for (at, part) in html.split('<').enumerate() {
        text.push_str(if at == 0 { part } else { part.split_once('>').map_or("", |(_, after)| after) });
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
