//! The answers to requests, in the client's terms.

use super::server::{Here, Server};
use dyntastic_codegen::{
    Analysis, CompletionKind, Edit, Finding, Outline, OutlineKind, Place, Severity, complete, format, rename,
};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CompletionItem, CompletionItemKind,
    CompletionTextEdit, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, DocumentSymbol,
    Documentation, Hover, HoverContents, Location, MarkupContent, MarkupKind, NumberOrString, PrepareRenameResponse,
    SymbolKind, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};
use similar::{DiffOp, TextDiff};
use std::collections::HashMap;

impl Server {
    pub(super) fn hover(&mut self, at: &TextDocumentPositionParams) -> Option<Hover> {
        let Here { analysis, file, offset } = self.here(at)?;
        let hover = analysis.hover(file, offset)?;
        Some(Hover {
            contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: hover.markdown }),
            range: Some(self.lines(analysis.text(file)).range(hover.place.start, hover.place.end)),
        })
    }

    pub(super) fn definition(&mut self, at: &TextDocumentPositionParams) -> Option<Location> {
        let Here { analysis, file, offset } = self.here(at)?;
        self.location(&analysis, analysis.definition(file, offset)?)
    }

    pub(super) fn references(
        &mut self,
        at: &TextDocumentPositionParams,
        with_definition: bool,
    ) -> Option<Vec<Location>> {
        let Here { analysis, file, offset } = self.here(at)?;
        let definition = analysis.definition(file, offset);
        let places = analysis.references(file, offset).into_iter();
        let places = places.filter(|place| with_definition || Some(*place) != definition);
        Some(places.filter_map(|place| self.location(&analysis, place)).collect())
    }

    pub(super) fn prepare_rename(&mut self, at: &TextDocumentPositionParams) -> Option<PrepareRenameResponse> {
        let Here { analysis, file, offset } = self.here(at)?;
        let place = analysis.can_rename(file, offset)?;
        Some(PrepareRenameResponse::Range(self.lines(analysis.text(file)).range(place.start, place.end)))
    }

    pub(super) fn rename(
        &mut self,
        at: &TextDocumentPositionParams,
        name: &str,
    ) -> Result<Option<WorkspaceEdit>, String> {
        let Some(Here { analysis, file, offset }) = self.here(at) else { return Ok(None) };
        Ok(Some(self.edits(&analysis, rename(&analysis, file, offset, name)?)))
    }

    pub(super) fn completion(&mut self, at: &TextDocumentPositionParams) -> Option<Vec<CompletionItem>> {
        let name = super::paths::name(&at.text_document.uri);
        self.documents.get(&name)?;
        let analysis = self.valid(&name);
        let document = self.documents.get(&name)?;
        let offset = self.lines(&document.text).offset(at.position);
        let before = document.text.get(..offset).unwrap_or_default();
        let word = before.len() - before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        let range = self.lines(&document.text).range(offset - word, offset);
        let items = complete(&analysis, &document.text, offset).into_iter().map(|completion| {
            let is_key = completion.kind == CompletionKind::Key;
            let text = if is_key { format!("{}: ", completion.word) } else { completion.word.clone() };
            let value = completion.description;
            CompletionItem {
                kind: Some(match completion.kind {
                    CompletionKind::Key => CompletionItemKind::PROPERTY,
                    CompletionKind::Word => CompletionItemKind::ENUM_MEMBER,
                    CompletionKind::Type => CompletionItemKind::CLASS,
                    CompletionKind::Field => CompletionItemKind::FIELD,
                    CompletionKind::Name => CompletionItemKind::REFERENCE,
                }),
                documentation: (!value.is_empty())
                    .then_some(Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })),
                text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: text })),
                label: completion.word,
                ..CompletionItem::default()
            }
        });
        Some(items.collect())
    }

    pub(super) fn outline(&mut self, uri: &Uri) -> Option<Vec<DocumentSymbol>> {
        let (analysis, file) = self.file(uri)?;
        let lines = self.lines(analysis.text(file));
        Some(
            analysis
                .outline(file)
                .into_iter()
                .map(|of| symbol(of, &|place| lines.range(place.start, place.end)))
                .collect(),
        )
    }

    /// The edits of the lines that have another layout; none for a text with a mistake.
    pub(super) fn formatting(&self, uri: &Uri) -> Option<Vec<TextEdit>> {
        let document = self.documents.get(&super::paths::name(uri))?;
        let text = format("", &document.text).ok()?;
        let diff = TextDiff::from_lines(document.text.as_str(), text.as_str());
        let (old, new) = (diff.old_slices(), diff.new_slices());
        let lines = self.lines(&document.text);
        let offset = |line: usize| old.iter().take(line).map(|line| line.len()).sum::<usize>();
        let changes = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).map(|op| {
            let (old, new_lines) = (op.old_range(), op.new_range());
            let text: String = new.get(new_lines).unwrap_or_default().concat();
            let new_text = if document.has_crlf { text.replace('\n', "\r\n") } else { text };
            TextEdit { range: lines.range(offset(old.start), offset(old.end)), new_text }
        });
        Some(changes.collect())
    }

    pub(super) fn code_actions(&mut self, params: &CodeActionParams) -> Option<Vec<CodeActionOrCommand>> {
        let (analysis, file) = self.diagnosed_file(&params.text_document.uri)?;
        let lines = self.lines(analysis.text(file));
        let (start, end) = (lines.offset(params.range.start), lines.offset(params.range.end));
        let is_here = |place: Place| place.file == file && place.start <= end && start <= place.end;
        let findings = analysis.findings().filter(|finding| is_here(finding.place));
        let actions = findings.flat_map(|finding| {
            let diagnostic = self.diagnostic(&analysis, &finding);
            let action = |fix: &dyntastic_codegen::Fix| CodeAction {
                title: format!("Replace by `{}`", fix.word),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![diagnostic.clone()]),
                edit: Some(self.edits(&analysis, vec![fix.edit.clone()])),
                is_preferred: Some(true),
                ..CodeAction::default()
            };
            finding.fixes.iter().map(action).map(CodeActionOrCommand::CodeAction).collect::<Vec<_>>()
        });
        Some(actions.collect())
    }

    pub(super) fn diagnostic(&self, analysis: &Analysis, finding: &Finding) -> Diagnostic {
        let lines = self.lines(analysis.text(finding.place.file));
        let related = finding.related.iter().filter_map(|(place, message)| {
            Some(DiagnosticRelatedInformation { location: self.location(analysis, *place)?, message: message.clone() })
        });
        let related: Vec<_> = related.collect();
        let is_surplus = ["D0702", "D0704"].contains(&finding.code.as_str());
        Diagnostic {
            range: lines.range(finding.place.start, finding.place.end),
            severity: Some(match finding.severity {
                _ if finding.code.is_lint() => DiagnosticSeverity::INFORMATION,
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
            }),
            code: Some(NumberOrString::String(finding.code.as_str().to_owned())),
            source: Some("dyntastic".to_owned()),
            message: finding.message.clone(),
            related_information: (!related.is_empty()).then_some(related),
            tags: is_surplus.then(|| vec![DiagnosticTag::UNNECESSARY]),
            ..Diagnostic::default()
        }
    }

    fn location(&self, analysis: &Analysis, place: Place) -> Option<Location> {
        let uri = self.uri(analysis.files().nth(place.file)?)?;
        Some(Location { uri, range: self.lines(analysis.text(place.file)).range(place.start, place.end) })
    }

    fn edits(&self, analysis: &Analysis, edits: Vec<Edit>) -> WorkspaceEdit {
        #[expect(clippy::mutable_key_type, reason = "the protocol's type has URIs as keys")]
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        for edit in edits {
            if let Some(Location { uri, range }) = self.location(analysis, edit.place) {
                changes.entry(uri).or_default().push(TextEdit { range, new_text: edit.text });
            }
        }
        WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
    }
}

fn symbol(outline: Outline, range: &dyn Fn(Place) -> lsp_types::Range) -> DocumentSymbol {
    #[expect(deprecated, reason = "the protocol's struct has a field of an older version")]
    DocumentSymbol {
        name: outline.name,
        detail: (!outline.detail.is_empty()).then_some(outline.detail),
        kind: match outline.kind {
            OutlineKind::Section => SymbolKind::NAMESPACE,
            OutlineKind::Struct => SymbolKind::STRUCT,
            OutlineKind::Enum => SymbolKind::ENUM,
            OutlineKind::Scalar => SymbolKind::TYPE_PARAMETER,
            OutlineKind::Table => SymbolKind::OBJECT,
            OutlineKind::Collection => SymbolKind::ARRAY,
            OutlineKind::Field => SymbolKind::FIELD,
            OutlineKind::Index => SymbolKind::KEY,
            OutlineKind::Query => SymbolKind::FUNCTION,
        },
        tags: None,
        deprecated: None,
        range: range(outline.whole),
        selection_range: range(outline.place),
        children: Some(outline.children.into_iter().map(|child| symbol(child, range)).collect()),
    }
}
