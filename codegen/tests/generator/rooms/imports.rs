//! The imports between the files of a crate.

use super::paths::{Names, is_cfg_test, paths};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use syn::{Attribute, Item, UseTree};

/// The maximum length of a chain of re-exports; a longer one is a cycle.
const LONGEST_CHAIN: usize = 16;

/// A name in one file that another file defines.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: String,
    /// The file that defines it, not one that re-exports it.
    pub(crate) to: String,
    /// The path by which it is named.
    pub(crate) path: String,
}

/// The modules of a crate, without those that only tests compile.
#[derive(Default)]
pub(crate) struct Crate {
    /// By their paths from the root.
    modules: BTreeMap<Names, Module>,
    /// The modules of the macros that `#[macro_export]` puts at the root.
    macros: BTreeMap<String, Names>,
}

#[derive(Default)]
struct Module {
    /// The path from the folder of the root.
    file: String,
    /// The names of its items, other than modules.
    items: BTreeSet<String>,
    /// The paths in its `use` items, by the imported names.
    used: BTreeMap<String, Names>,
    /// The paths of its glob imports.
    globs: Vec<Names>,
    /// Its code, without its modules.
    code: TokenStream,
}

/// Where a path leads.
enum Target {
    Module(Names),
    /// An item of this module, or a member of the item.
    Item(Names),
}

impl Crate {
    /// Reads a crate from its root, such as `src/lib.rs`.
    pub(crate) fn read(root: &Path) -> Self {
        let mut read = Self::default();
        let file = root.file_name().unwrap().to_str().unwrap();
        read.file(Vec::new(), root.parent().unwrap(), file.to_owned());
        read
    }

    /// The files, from the folder of the root.
    pub(crate) fn files(&self) -> BTreeSet<&str> {
        self.modules.values().map(|module| module.file.as_str()).collect()
    }

    /// The imports of each file from other files.
    pub(crate) fn imports(&self) -> BTreeSet<Import> {
        let mut imports = BTreeSet::new();
        for (at, module) in &self.modules {
            for path in paths(module.code.clone()) {
                if let Some(Target::Module(to) | Target::Item(to)) = self.resolve(at, &path, 0) {
                    let (from, to) = (module.file.clone(), self.modules[&to].file.clone());
                    imports.insert(Import { from, to, path: path.join("::") });
                }
            }
        }
        imports.retain(|import| import.from != import.to);
        imports
    }

    fn file(&mut self, at: Names, folder: &Path, file: String) {
        let code = fs::read_to_string(folder.join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let items = syn::parse_file(&code).unwrap_or_else(|error| panic!("{file}: {error}")).items;
        self.module(at, folder, file, items);
    }

    fn module(&mut self, at: Names, folder: &Path, file: String, items: Vec<Item>) {
        let mut module = Module { file, ..Module::default() };
        for item in items {
            match item {
                Item::Mod(of) if is_for_tests(&of.attrs) => {}
                Item::Mod(of) => {
                    assert!(!has(&of.attrs, "path"), "{}: `#[path]` is not followed", module.file);
                    let inner = [&at[..], &[of.ident.to_string()]].concat();
                    match of.content {
                        Some((_, items)) => self.module(inner, folder, module.file.clone(), items),
                        None => {
                            let path = inner.join("/");
                            let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
                            let file = files.into_iter().find(|file| folder.join(file).exists());
                            self.file(inner, folder, file.unwrap_or_else(|| panic!("no file of the module `{path}`")));
                        }
                    }
                }
                item => {
                    if let Item::Macro(of) = &item
                        && let Some(name) = &of.ident
                        && has(&of.attrs, "macro_export")
                    {
                        self.macros.insert(name.to_string(), at.clone());
                    }
                    module.note(&item);
                    item.to_tokens(&mut module.code);
                }
            }
        }
        self.modules.insert(at, module);
    }

    /// Where a path in a module's code leads, if it stays in this crate.
    fn resolve(&self, at: &[String], path: &[String], chain: usize) -> Option<Target> {
        let (first, mut rest) = path.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(Vec::new()),
            "self" => Target::Module(at.to_vec()),
            "super" => Target::Module(at.split_last()?.1.to_vec()),
            name => self.find(at, name, chain)?,
        };
        while let Target::Module(of) = &target
            && let Some((name, after)) = rest.split_first()
        {
            rest = after;
            target = match name.as_str() {
                "super" => Target::Module(of.split_last()?.1.to_vec()),
                "self" => continue,
                name => match self.find(of, name, chain) {
                    Some(found) => found,
                    None => break,
                },
            };
        }
        Some(target)
    }

    /// The target of a name in a module.
    fn find(&self, at: &[String], name: &str, chain: usize) -> Option<Target> {
        let inner = [at, &[name.to_owned()]].concat();
        if self.modules.contains_key(&inner) {
            return Some(Target::Module(inner));
        }
        let module = self.modules.get(at).filter(|_| chain < LONGEST_CHAIN)?;
        if module.items.contains(name) {
            return Some(Target::Item(at.to_vec()));
        }
        if let Some(path) = module.used.get(name) {
            return self.resolve(at, path, chain + 1);
        }
        let exported = self.macros.get(name).filter(|_| at.is_empty()).cloned().map(Target::Item);
        exported.or_else(|| {
            module.globs.iter().find_map(|glob| match self.resolve(at, glob, chain + 1)? {
                Target::Module(of) => self.find(&of, name, chain + 1),
                Target::Item(_) => None,
            })
        })
    }
}

impl Module {
    /// Records the names that an item defines.
    fn note(&mut self, item: &Item) {
        let name = match item {
            Item::Use(of) if of.leading_colon.is_some() || is_for_tests(&of.attrs) => return,
            Item::Use(of) => return self.note_used(&of.tree, Vec::new()),
            Item::Const(of) => &of.ident,
            Item::Enum(of) => &of.ident,
            Item::Fn(of) => &of.sig.ident,
            Item::Static(of) => &of.ident,
            Item::Struct(of) => &of.ident,
            Item::Trait(of) => &of.ident,
            Item::Type(of) => &of.ident,
            Item::Union(of) => &of.ident,
            Item::Macro(of) if of.ident.is_some() => of.ident.as_ref().unwrap(),
            _ => return,
        };
        self.items.insert(name.to_string());
    }

    fn note_used(&mut self, tree: &UseTree, mut path: Names) {
        let name = match tree {
            UseTree::Path(of) => {
                path.push(of.ident.to_string());
                return self.note_used(&of.tree, path);
            }
            UseTree::Group(of) => return of.items.iter().for_each(|tree| self.note_used(tree, path.clone())),
            UseTree::Glob(_) => return self.globs.push(path),
            UseTree::Name(of) if of.ident == "self" => path.last().cloned(),
            UseTree::Name(of) => {
                path.push(of.ident.to_string());
                path.last().cloned()
            }
            UseTree::Rename(of) => {
                path.push(of.ident.to_string());
                Some(of.rename.to_string())
            }
        };
        self.used.extend(name.map(|name| (name, path)));
    }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|of| of.path().is_ident(name))
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|of| is_cfg_test(&of.meta.to_token_stream()))
}
