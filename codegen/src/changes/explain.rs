//! The explanation of each code: a section of `changes.md`.

use super::ChangeCode;

const PAGE: &str = include_str!("changes.md");

impl ChangeCode {
    /// The explanation of the change, in Markdown: its meaning, what it breaks, what to do, and an example.
    pub fn explanation(self) -> &'static str {
        let mut sections = PAGE.split("\n## ");
        sections.find(|section| section.starts_with(self.as_str())).unwrap_or_default().trim_end()
    }

    /// The title of the explanation.
    pub fn title(self) -> &'static str {
        let heading = self.explanation().lines().next().unwrap_or_default();
        heading.split_once(": ").map_or("", |(_, title)| title)
    }

    /// The code of a text such as `C0401`, in upper or lower case.
    ///
    /// ```
    /// use dyntastic_codegen::ChangeCode;
    ///
    /// assert_eq!(ChangeCode::find("c0401").map(ChangeCode::title), Some("a field is new"));
    /// ```
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
    }
}
