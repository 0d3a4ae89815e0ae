//! The state of the server, and its messages to the client.

use super::documents::Documents;
use super::paths;
use super::positions::{Encoding, Lines};
use super::schemas::Schemas;
use super::wire;
use dyntastic_codegen::Analysis;
use lsp_server::Notification;
use lsp_types::notification::{Notification as _, PublishDiagnostics};
use lsp_types::{PublishDiagnosticsParams, TextDocumentPositionParams, Uri};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::rc::Rc;

pub(super) struct Server {
    pub(super) documents: Documents,
    pub(super) schemas: Schemas,
    pub(super) encoding: Encoding,
    /// The files whose diagnostics the client has.
    published: BTreeSet<String>,
    /// Whether files have changed since diagnostics were published.
    is_stale: bool,
}

/// A place in an open file, and its schema.
pub(super) struct Here {
    pub(super) analysis: Rc<Analysis>,
    pub(super) file: usize,
    pub(super) offset: usize,
}

impl Server {
    pub(super) fn new(schemas: Schemas, encoding: Encoding) -> Self {
        let documents = Documents::default();
        Self { documents, schemas, encoding, published: BTreeSet::new(), is_stale: false }
    }

    /// Files have changed.
    pub(super) fn changed(&mut self) {
        self.schemas.invalidate();
        self.is_stale = true;
    }

    pub(super) fn is_stale(&self) -> bool {
        self.is_stale
    }

    pub(super) fn lines<'t>(&self, text: &'t str) -> Lines<'t> {
        Lines::new(text, self.encoding)
    }

    /// The URI of a file: for an open one, the one that the client uses.
    pub(super) fn uri(&self, name: &str) -> Option<Uri> {
        self.documents.get(name).map(|document| document.uri.clone()).or_else(|| paths::uri(name))
    }

    pub(super) fn here(&mut self, at: &TextDocumentPositionParams) -> Option<Here> {
        let (analysis, file) = self.file(&at.text_document.uri)?;
        let offset = self.lines(analysis.text(file)).offset(at.position);
        Some(Here { analysis, file, offset })
    }

    /// The schema of an open file, and the file's number in it.
    pub(super) fn file(&mut self, uri: &Uri) -> Option<(Rc<Analysis>, usize)> {
        let name = paths::name(uri);
        self.documents.get(&name)?;
        let root = self.schemas.root(&name, &self.documents);
        let analysis = self.schemas.of(&root, &self.documents);
        let file = analysis.files().position(|file| file == name)?;
        Some((analysis, file))
    }

    /// The schema of an open file with its current mistakes, and the file's number in it.
    pub(super) fn diagnosed_file(&mut self, uri: &Uri) -> Option<(Rc<Analysis>, usize)> {
        let name = paths::name(uri);
        self.documents.get(&name)?;
        let root = self.schemas.root(&name, &self.documents);
        let analysis = match self.is_stale {
            true => self.schemas.diagnosed(&root, &self.documents),
            false => self.schemas.of(&root, &self.documents),
        };
        let file = analysis.files().position(|file| file == name)?;
        Some((analysis, file))
    }

    /// The last schema of a file that was valid YAML.
    pub(super) fn valid(&mut self, name: &str) -> Rc<Analysis> {
        if let Some(known) = self.schemas.known(name) {
            return known;
        }
        let root = self.schemas.root(name, &self.documents);
        self.schemas.valid(&root, &self.documents)
    }

    /// Sends the mistakes of the schemas of all open files, and takes back those that are gone.
    pub(super) fn publish(&mut self) -> io::Result<()> {
        self.is_stale = false;
        let mut roots = BTreeSet::new();
        for name in self.documents.names() {
            let root = self.schemas.root(&name, &self.documents);
            if root != name || self.is_schema(&name) {
                roots.insert(root);
            }
        }
        let mut found: BTreeMap<String, Vec<lsp_types::Diagnostic>> = BTreeMap::new();
        for root in roots {
            let analysis = self.schemas.diagnosed(&root, &self.documents);
            let names: Vec<String> = analysis.files().map(str::to_owned).collect();
            for name in &names {
                found.entry(name.clone()).or_default();
            }
            for finding in analysis.findings() {
                let diagnostic = self.diagnostic(&analysis, &finding);
                if let Some(name) = names.get(finding.place.file) {
                    found.entry(name.clone()).or_default().push(diagnostic);
                }
            }
        }
        let gone: Vec<String> = self.published.iter().filter(|name| !found.contains_key(*name)).cloned().collect();
        self.published.clear();
        for (name, diagnostics) in found.into_iter().chain(gone.into_iter().map(|name| (name, Vec::new()))) {
            let version = self.documents.get(&name).map(|document| document.version);
            let Some(uri) = self.uri(&name) else { continue };
            if !diagnostics.is_empty() {
                self.published.insert(name);
            }
            let params = PublishDiagnosticsParams { uri, diagnostics, version };
            wire::send(&Notification::new(PublishDiagnostics::METHOD.to_owned(), params))?;
        }
        Ok(())
    }

    /// Whether an open file is a schema, and not another YAML file.
    fn is_schema(&self, name: &str) -> bool {
        let text = self.documents.get(name).map_or("", |document| document.text.as_str());
        text.lines().any(|line| line.starts_with("dyntastic:"))
    }
}
