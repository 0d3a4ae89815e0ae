//! Text as HTML. Whatever a schema holds is text: it never becomes markup.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};
use std::fmt::{self, Display, Formatter};

/// HTML that is safe to write into the page as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Html(String);

impl Html {
    /// Text, escaped.
    pub(super) fn text(text: &str) -> Self {
        Self(escaped(text))
    }

    /// Text in an element without attributes, such as `code`.
    pub(super) fn element(name: &'static str, text: &str) -> Self {
        Self(format!("<{name}>{}</{name}>", escaped(text)))
    }

    /// A link to a place in the page.
    pub(super) fn link(anchor: &str, text: &str) -> Self {
        Self(format!("<a href=\"#{}\">{}</a>", escaped(anchor), escaped(text)))
    }

    /// Markup of this program with values that are escaped: each `{}` is the next one.
    pub(super) fn markup(template: &'static str, values: &[&str]) -> Self {
        let mut values = values.iter();
        let mut parts = template.split("{}");
        let first = parts.next().unwrap_or_default().to_owned();
        Self(parts.fold(first, |html, part| html + &escaped(values.next().unwrap_or(&"")) + part))
    }

    /// Text with code between backticks.
    pub(super) fn coded(text: &str) -> Self {
        let parts = text.split('`').enumerate().map(|(at, part)| match at % 2 {
            0 => Self::text(part),
            _ => Self::element("code", part),
        });
        parts.collect()
    }

    /// Lines of Markdown. HTML in them is shown as text, a heading is a paragraph, and a link to anything but a web page
    /// or a mail address is its text.
    pub(super) fn markdown(lines: &[String]) -> Self {
        let text = lines.join("\n");
        let mut links: Vec<bool> = Vec::new();
        let events = Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
        let events = events.filter_map(|event| match event {
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
            // A page that needs no network shows no images; their text stays.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
            Event::Start(Tag::Link { link_type, dest_url, title: _, id: _ }) => {
                let is_web = ["https://", "http://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme));
                links.push(is_web);
                let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
                is_web.then_some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
            }
            Event::End(TagEnd::Link) => links.pop().unwrap_or(false).then_some(Event::End(TagEnd::Link)),
            event => Some(event),
        });
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, events);
        // A table of a doc is as wide as it is.
        Self(
            html.replace(
                "<table>",
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>",
            )
            .replace("</table>", "</table></div>"),
        )
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }
}

impl Display for Html {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromIterator<Html> for Html {
    fn from_iter<I: IntoIterator<Item = Html>>(parts: I) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // Invisible characters and those that change the direction of text are shown.
            c if c.is_control() && c != '\n' && c != '\t' || is_direction(c) => {
                html.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => html.push(c),
        }
    }
    html
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn text_never_becomes_markup() {
        let hostile = "<script>alert(1)</script>\" onload='x' &amp; \u{202e}";
        let shown = Html::text(hostile).to_string();
        assert_eq!(shown, "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp; \\u{202e}");
        assert_eq!(Html::coded("a `<b>` c").to_string(), "a <code>&lt;b&gt;</code> c");
        assert_eq!(Html::markup("<p>{}</p>{}", &["<", "{}"]).to_string(), "<p>&lt;</p>{}");
    }

    #[test]
    fn markdown_has_no_html_of_its_own() {
        let markdown = |text: &str| Html::markdown(&text.lines().map(str::to_owned).collect::<Vec<_>>()).to_string();
        assert_eq!(
            markdown("Some `code`.\n\n- one\n- *two*"),
            "<p>Some <code>code</code>.</p>\n<ul>\n<li>one</li>\n<li><em>two</em></li>\n</ul>\n"
        );
        assert_eq!(markdown("# Big"), "<p>Big</p>\n");
        for hostile in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "![x](https://example.com/x.png)",
            "[a]: javascript:alert(1)\n\n[a]",
            "<div>\n\n<b onclick=x>",
            "[x](data:text/html,<script>alert(1)</script>)",
        ] {
            let html = markdown(hostile);
            for word in ["<script", "<img", "javascript:alert(1)\"", "<div>", "<b ", "href=\"data"] {
                assert!(!html.to_lowercase().contains(word), "{hostile}: {html}");
            }
        }
        assert_eq!(
            markdown("[x](https://example.com/?a=\"b)"),
            "<p><a href=\"https://example.com/?a=%22b\">x</a></p>\n"
        );
    }
}
