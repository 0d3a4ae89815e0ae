//! The explanation of each code: a section of `mistakes.md` or of `lints.md`.

use super::Code;

const MISTAKES: &str = include_str!("mistakes.md");
const LINTS: &str = include_str!("lints.md");

impl Code {
    /// The explanation of the mistake or lint, in Markdown: its meaning, the reason for the rule, the fix, and an example where
    /// a schema can show one.
    pub fn explanation(self) -> &'static str {
        let page = if self.is_lint() { LINTS } else { MISTAKES };
        let mut sections = page.split("\n## ");
        sections.find(|section| section.starts_with(self.as_str())).unwrap_or_default().trim_end()
    }

    /// The title of the explanation.
    pub fn title(self) -> &'static str {
        let heading = self.explanation().lines().next().unwrap_or_default();
        heading.split_once(": ").map_or("", |(_, title)| title)
    }

    /// The code of a text such as `D0101`, in upper or lower case.
    ///
    /// ```
    /// use dyntastic_codegen::Code;
    ///
    /// assert_eq!(Code::find("d0101").map(Code::title), Some("an unknown key"));
    /// ```
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
    }
}
