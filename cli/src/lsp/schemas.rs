//! The schemas that the open files belong to. A schema is known by its root: a file or folder that a setting names, or
//! else an open file that no other open one includes.

use super::documents::Documents;
use super::paths;
use dyntastic_codegen::{Analysis, analyse, diagnose};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[derive(Debug, Default)]
pub(super) struct Schemas {
    /// The files and folders of the settings.
    configured: Vec<PathBuf>,
    /// The schemas as they are now, by their roots.
    current: HashMap<String, Rc<Analysis>>,
    /// The last schemas whose files were all YAML, by their roots.
    valid: HashMap<String, Rc<Analysis>>,
}

impl Schemas {
    pub(super) fn new(configured: Vec<PathBuf>) -> Self {
        Self { configured, ..Self::default() }
    }

    /// Forgets what the files were.
    pub(super) fn invalidate(&mut self) {
        self.current.clear();
    }

    /// The root of the schema that a file belongs to.
    pub(super) fn root(&mut self, name: &str, documents: &Documents) -> String {
        let configured: Vec<String> = self.configured.iter().map(|path| paths::normal(path)).collect();
        for root in configured {
            if self.has(&root, name, documents) {
                return root;
            }
        }
        for root in documents.names() {
            let is_mutual = root.as_str() > name && self.has(name, &root, documents);
            if root != name && !is_mutual && self.has(&root, name, documents) {
                return root;
            }
        }
        name.to_owned()
    }

    fn has(&mut self, root: &str, name: &str, documents: &Documents) -> bool {
        self.of(root, documents).files().any(|file| file == name)
    }

    /// The schema of a root.
    pub(super) fn of(&mut self, root: &str, documents: &Documents) -> Rc<Analysis> {
        if let Some(known) = self.current.get(root) {
            return Rc::clone(known);
        }
        self.keep(root, analyse(Path::new(root), |path| documents.read(path)))
    }

    /// A schema with a file, as it was when all its files were YAML.
    pub(super) fn known(&self, name: &str) -> Option<Rc<Analysis>> {
        let of_others = self.valid.iter().filter(|(root, _)| root.as_str() != name).map(|(_, of)| of);
        let mut known = of_others.chain(self.valid.get(name));
        known.find(|analysis| analysis.files().any(|file| file == name)).map(Rc::clone)
    }

    /// The last schema of a root whose files were all YAML; the current one if there was none.
    pub(super) fn valid(&mut self, root: &str, documents: &Documents) -> Rc<Analysis> {
        let current = self.of(root, documents);
        self.valid.get(root).map_or(current, Rc::clone)
    }

    /// The schema of a root with its mistakes.
    pub(super) fn diagnosed(&mut self, root: &str, documents: &Documents) -> Rc<Analysis> {
        let current = self.current.remove(root);
        if let (Some(current), Some(valid)) = (&current, self.valid.get(root))
            && Rc::ptr_eq(current, valid)
        {
            self.valid.remove(root);
        }
        let read = || analyse(Path::new(root), |path| documents.read(path));
        // What the root was looked for with need not be read again.
        let mut analysis = current.and_then(Rc::into_inner).unwrap_or_else(read);
        diagnose(&mut analysis);
        self.keep(root, analysis)
    }

    fn keep(&mut self, root: &str, analysis: Analysis) -> Rc<Analysis> {
        let analysis = Rc::new(analysis);
        if (0..analysis.files().count()).all(|file| analysis.is_read(file)) {
            self.valid.insert(root.to_owned(), Rc::clone(&analysis));
        }
        self.current.insert(root.to_owned(), Rc::clone(&analysis));
        analysis
    }
}
