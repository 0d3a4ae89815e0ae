//! What earlier runs have left in a folder, and whose it is.

use super::FileSet;
use super::place::{is_blank, link_on_the_way, read};
use crate::header::{form_of, is_generated, name_of, sources_of};
use crate::options::Form;
use std::collections::BTreeSet;
use std::path::Path;

/// The root of an earlier output, and the modules that it declares, by the paths of their files.
pub(super) struct EarlierRoot {
    pub(super) path: &'static str,
    pub(super) modules: Vec<String>,
    owner: Owner,
}

/// Whose a file is, by its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// This schema's.
    Ours,
    /// Nobody's, since there is nothing in it: a crash may have left it where a file of the output stood.
    Nobody,
    /// Another schema's, which is made of these files.
    OtherSchema(String),
    /// The user's.
    User,
}

impl FileSet {
    /// Files of an earlier output of this schema that are not part of this one, and if it replaces another schema's
    /// output, that one's. An output declares its files in its root.
    pub(super) fn orphans(&self, folder: &Path, replace: bool) -> BTreeSet<String> {
        let mut orphans = BTreeSet::new();
        for root in self.earlier_roots(folder, replace) {
            for path in [root.path.to_owned()].into_iter().chain(root.modules) {
                if self.files.contains_key(&path) || link_on_the_way(folder, &path).is_some() {
                    continue;
                }
                // What cannot be read as a file is none of ours.
                let Ok(Some(found)) = read(&folder.join(&path)) else { continue };
                let found = String::from_utf8_lossy(&found);
                let owner = self.owner(&found);
                // The root may declare a copy, which was written under another name.
                let is_copy = name_of(&found).is_some_and(|name| path.rsplit('/').next() != Some(name));
                if !is_copy && (matches!(owner, Owner::Ours | Owner::Nobody) || owner == root.owner) {
                    orphans.insert(path);
                }
            }
        }
        orphans
    }

    /// The roots of earlier outputs of this schema, in whatever form, and those of others that this one replaces.
    pub(super) fn earlier_roots(&self, folder: &Path, replace: bool) -> Vec<EarlierRoot> {
        let mut roots = Vec::new();
        for (path, prefix) in [("Cargo.toml", ""), ("mod.rs", ""), ("models.rs", ""), ("src/lib.rs", "src/")] {
            let Ok(Some(found)) = read(&folder.join(path)) else {
                continue;
            };
            let text = String::from_utf8_lossy(&found);
            let fits = match form_of(&text) {
                Some(Form::File) => path == "models.rs",
                Some(Form::Module) => path == "mod.rs",
                Some(Form::Crate(_)) => path == "Cargo.toml" || path == "src/lib.rs",
                None => false,
            };
            let owner = self.owner(&text);
            let replaced = replace && self.files.contains_key(path) && matches!(owner, Owner::OtherSchema(_));
            if fits && (owner == Owner::Ours || replaced) {
                let modules = declared_modules(&text).map(|module| format!("{prefix}{module}.rs")).collect();
                roots.push(EarlierRoot { path, modules, owner });
            }
        }
        roots
    }

    /// Whether this schema's output stands in the folder: one of its files does.
    pub(super) fn stands_in(&self, folder: &Path) -> bool {
        self.files.keys().any(|path| {
            let found = read(&folder.join(path)).ok().flatten();
            found.is_some_and(|found| self.owner(&String::from_utf8_lossy(&found)) == Owner::Ours)
        })
    }

    /// Whose a file with this text is. Schemas are told apart by the names of their files.
    pub(super) fn owner(&self, text: &str) -> Owner {
        if is_blank(text) {
            return Owner::Nobody;
        }
        if !is_generated(text) {
            return Owner::User;
        }
        let theirs = sources_of(text);
        let ours = self.files.values().next().map(|text| sources_of(text)).unwrap_or_default();
        if theirs.is_empty() || theirs.iter().any(|source| ours.contains(source)) {
            return Owner::Ours;
        }
        Owner::OtherSchema(theirs.into_iter().map(|source| format!("`{source}`")).collect::<Vec<_>>().join(", "))
    }
}

/// The modules that a root declares. Lines are enough, since roots are generated; those of one that Git could not merge
/// are found too.
fn declared_modules(root: &str) -> impl Iterator<Item = &str> {
    root.lines().filter_map(|line| {
        let line = line.trim();
        let module = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')?;
        let module = module.strip_prefix("r#").unwrap_or(module);
        module.chars().all(|c| c.is_alphanumeric() || c == '_').then_some(module)
    })
}
