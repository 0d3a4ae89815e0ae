//! The names of files: paths here, URIs at the client.

use lsp_types::Uri;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

/// The path of a URI; another one than of a file is its own name.
pub(super) fn name(uri: &Uri) -> String {
    let text = uri.as_str();
    let Some(rest) = text.strip_prefix("file://") else { return text.to_owned() };
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(rest);
    let path = decoded(path);
    // `/c:/schemas` is `c:/schemas`.
    let drive = path.strip_prefix('/').filter(|rest| rest.chars().nth(1) == Some(':'));
    normal(Path::new(drive.unwrap_or(&path)))
}

/// The URI of a name.
pub(super) fn uri(name: &str) -> Option<Uri> {
    if name.contains("://") || name.starts_with("untitled:") {
        return Uri::from_str(name).ok();
    }
    let mut text = "file://".to_owned();
    if !name.starts_with('/') {
        text.push('/');
    }
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => text.push(char::from(byte)),
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri::from_str(&text).ok()
}

/// A path without `.` and `..`, with `/`.
pub(super) fn normal(path: &Path) -> String {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => drop(normal.pop()),
            component => normal.push(component),
        }
    }
    normal.to_string_lossy().replace('\\', "/")
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        match (first, code) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{name, normal, uri};
    use std::path::Path;

    #[test]
    fn a_uri_is_a_path_and_back() {
        for path in ["/a/b.yaml", "/a b/ä#%.yaml"] {
            assert_eq!(name(&uri(path).unwrap()), path);
        }
        assert_eq!(uri("/a b").unwrap().as_str(), "file:///a%20b");
        assert_eq!(name(&uri("c:/a/b").unwrap()), "c:/a/b");
        assert_eq!(name(&uri("untitled:Untitled-1").unwrap()), "untitled:Untitled-1");
    }

    #[test]
    fn a_path_has_no_dots() {
        assert_eq!(normal(Path::new("/a/./b/../c.yaml")), "/a/c.yaml");
    }
}
