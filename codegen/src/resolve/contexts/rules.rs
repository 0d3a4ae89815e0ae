//! What a model with a context must have: the fields of the context in each hash key, and in each unique combination.

use super::super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Context, DeriveMacro, Field, KeyAttribute, MadeOf, Model, VectorIndex};
use crate::schema::{KeyDecl, ModelDecl, Spanned, TemplateDecl, VectorIndexDecl};
use crate::sources::Span;
use crate::text::show;
use heck::ToShoutySnakeCase;

/// The maximum number of attributes of an index's hash key.
const MOST: usize = 4;

/// Checks a model with a context.
pub(crate) fn check(declared: &ModelDecl, model: &Model, resolver: &mut Resolver<'_>) {
    let Some(context) = &model.context else { return };
    let rules = Rules { declared, model, context };
    resolver.found.extend(rules.table());
    for (at, index) in model.indexes.iter().enumerate().filter(|(_, index)| !index.local) {
        resolver.found.extend(rules.index(at, &index.hash_key));
    }
    resolver.found.extend(rules.vector_indexes());
    resolver.found.extend(rules.unique());
    resolver.found.extend(rules.inputs());
    resolver.found.extend(rules.derives());
}

struct Rules<'m> {
    declared: &'m ModelDecl,
    model: &'m Model,
    context: &'m Context,
}

impl Rules<'_> {
    /// The first field of the context that these keys do not determine.
    fn lacked(&self, keys: &[KeyAttribute]) -> Option<&Field> {
        self.context.fields.iter().find(|field| !keys.iter().any(|key| key.determines(&field.name)))
    }

    /// The fields of the context, as a list.
    fn names(&self) -> String {
        self.context.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The mistake that a key lacks a field of the context.
    fn lacks(&self, key: &str, field: &Field, span: Span, label: String, help: String) -> Diagnostic {
        let message = format!("{key} lacks `{}`, a field of the context `{}`", show(&field.name), self.context.name);
        let diagnostic = Diagnostic::new(Code::BadContext, message).at(span, label);
        let place = self.declared.context.as_ref().map(|context| context.span);
        let diagnostic = match place {
            Some(place) => diagnostic.related(place, "its operations would reach the items of others"),
            None => diagnostic,
        };
        diagnostic.help(help)
    }

    /// The mistake in a template, and the template with the fields.
    fn template(&self, key: &str, field: &Field, hash_key: &KeyAttribute, template: &TemplateDecl) -> Diagnostic {
        let (text, attribute) = (&template.text, show(&hash_key.attribute));
        if hash_key.has(&field.name) {
            let label = "several of its values have one text here".to_owned();
            let help = format!("write `{{{}}}` without its form", show(&field.name));
            return self.lacks(key, field, text.span, label, help);
        }
        if let MadeOf::Hash(searchable) = &hash_key.made_of {
            let label = "it is a hash, to which nothing can be added".to_owned();
            let help = format!(
                "give the model a table of its own, where an index can have `hash_key: [{}, {}]`",
                show(&self.names()),
                show(&searchable.name)
            );
            return self.lacks(key, field, text.span, label, help);
        }
        let separator = hash_key.separator;
        let missing = self.context.fields.iter().filter(|field| !hash_key.has(&field.name));
        let fields: String = missing.map(|field| format!("{{{}}}{separator}", field.name)).collect();
        let before = format!("{}{separator}", self.context.name.to_shouty_snake_case());
        let own = text.value.strip_prefix(&before).unwrap_or(&text.value);
        let written = format!("{before}{fields}{own}");
        let label = format!("it has no `{{{}}}`", show(&field.name));
        self.lacks(key, field, text.span, label, format!("such as `{attribute}: '{}'`", show(&written)))
    }

    /// Derives that make items without a client.
    fn derives(&self) -> Vec<Diagnostic> {
        let makes = |path: &&Spanned<String>| match DeriveMacro::of(&path.value) {
            DeriveMacro::Std(name) => name == "Default",
            DeriveMacro::Serde(name) => name == "Deserialize",
            DeriveMacro::Other(path) => path.rsplit("::").next().is_some_and(|name| name.trim() == "Deserialize"),
            DeriveMacro::JsonSchema => false,
        };
        let refuse = |path: &Spanned<String>| {
            let message =
                format!("a model of the context `{}` cannot derive `{}`", self.context.name, show(&path.value));
            Diagnostic::new(Code::BadContext, message)
                .at(path.span, "it would make items whose context no client has given")
                .help("drop it; JSON of clients is read as an input, `inputs: { create: … }`")
        };
        self.declared.extras.derive.iter().filter(makes).map(refuse).collect()
    }

    fn table(&self) -> Option<Diagnostic> {
        let key = format!("the hash key of model `{}`", show(&self.declared.name.value));
        let field = self.lacked(std::slice::from_ref(&self.model.hash_key))?;
        let attribute = &self.model.hash_key.attribute;
        if let Some(template) = self.declared.key.as_ref().and_then(|of| template(of, attribute)) {
            return Some(self.template(&key, field, &self.model.hash_key, template));
        }
        let hash_key = self.declared.hash_key.as_ref()?;
        let label = format!("it is `{}` alone", show(&hash_key.value));
        let help = match (self.context.fields.as_slice(), &self.declared.range_key) {
            ([only], None) => {
                format!("write `hash_key: {}` and `range_key: {}`", show(&only.name), show(&hash_key.value))
            }
            _ => {
                let names = self.context.fields.iter().map(|field| &field.name);
                let own = std::iter::once(&hash_key.value).filter(|own| !self.is_of_context(own));
                let fields: String = names.chain(own).map(|name| format!("#{{{name}}}")).collect();
                let before = self.context.name.to_shouty_snake_case();
                let template = show(&format!("{before}{fields}"));
                format!("make it of a template, in an entry of `tables:`: `key: {{ pk: '{template}', … }}`")
            }
        };
        Some(self.lacks(&key, field, hash_key.span, label, help))
    }

    /// The index at a position among those of the model.
    fn index(&self, at: usize, hash_key: &[KeyAttribute]) -> Option<Diagnostic> {
        let field = self.lacked(hash_key)?;
        if let Some(index) = self.declared.index_keys.get(at) {
            let key = format!("the hash key of the index `{}`", show(&index.name.value));
            let hash_key = hash_key.first()?;
            let templates = std::iter::once(index).chain(&self.declared.key).chain(&self.declared.index_keys);
            let template = templates.into_iter().find_map(|of| template(of, &hash_key.attribute));
            return Some(match template {
                Some(template) => self.template(&key, field, hash_key, template),
                None => {
                    let label = format!("it is the attribute `{}` alone", show(&hash_key.attribute));
                    let help = "give the index a hash key of its own, with a template".to_owned();
                    self.lacks(&key, field, index.name.span, label, help)
                }
            });
        }
        let index = self.declared.indexes.get(at)?;
        let key = format!("the hash key of the index `{}`", show(&index.name.value));
        let span = index.hash_key.first().map_or(index.name.span, |name| name.span);
        let own = index.hash_key.iter().map(|name| name.value.as_str());
        let missing = self.context.fields.iter().map(|field| field.name.as_str());
        let missing = missing.filter(|name| !index.hash_key.iter().any(|own| own.value == *name));
        let all: Vec<&str> = missing.chain(own).collect();
        let help = match all.len() {
            0..=MOST => {
                let all = show(&all.join(", "));
                match index.range_key.iter().any(|name| self.is_of_context(&name.value)) {
                    true => format!("write `hash_key: [{all}]`, without these in `range_key`"),
                    false => format!("write `hash_key: [{all}]`"),
                }
            }
            _ => format!("a hash key has at most {MOST} attributes: name fewer fields"),
        };
        Some(self.lacks(&key, field, span, "a query would ask for it alone".to_owned(), help))
    }

    fn vector_indexes(&self) -> Vec<Diagnostic> {
        let lacking = |(index, declared): (&VectorIndex, &VectorIndexDecl)| {
            let field = self.lacked(index.hash_key.as_slice())?;
            let key = format!("the hash key of the vector index `{}`", show(&declared.name.value));
            let (span, label) = match &declared.hash_key {
                Some(name) => (name.span, format!("it is `{}` alone", show(&name.value))),
                None => (declared.name.span, "it has no hash key, so a search would find all items".to_owned()),
            };
            let help = match self.context.fields.as_slice() {
                [only] => format!("write `hash_key: {}`", show(&only.name)),
                _ => "it is one attribute: leave the index out, or give the context one field".to_owned(),
            };
            Some(self.lacks(&key, field, span, label, help))
        };
        self.model.vector_indexes.iter().zip(&self.declared.vector_indexes).filter_map(lacking).collect()
    }

    fn unique(&self) -> Vec<Diagnostic> {
        let context = &self.context.name;
        let alone = self.declared.fields.iter().filter_map(|field| Some((&field.name, field.unique?)));
        let alone = alone.map(|(name, span)| {
            let name = show(&name.value);
            let message = format!("the field `{name}` would be unique over all `{context}`s");
            Diagnostic::new(Code::BadContext, message)
                .at(span, "a write would fail for an item of another one")
                .help(format!("drop it, and write `unique: [{}, {name}]` in the model", show(&self.names())))
        });
        let together = self.declared.unique.iter().zip(&self.model.unique_together);
        let together = together.filter_map(|(unique, fields)| {
            let is_lacked = |field: &&Field| !fields.iter().any(|own| own.name == field.name);
            let lacked: Vec<&str> =
                self.context.fields.iter().filter(is_lacked).map(|field| field.name.as_str()).collect();
            let own = unique.fields.iter().map(|name| name.value.as_str());
            let all: Vec<&str> = lacked.iter().copied().chain(own).collect();
            let message = format!("the combination would be unique over all `{context}`s");
            (!lacked.is_empty()).then(|| {
                Diagnostic::new(Code::BadContext, message)
                    .at(unique.span, format!("it has no `{}`", show(&lacked.join("`, `"))))
                    .help(format!("write `unique: [{}]`", show(&all.join(", "))))
            })
        });
        alone.chain(together).collect()
    }

    fn inputs(&self) -> Vec<Diagnostic> {
        let inputs = &self.declared.inputs;
        let inputs = [("create", &inputs.create), ("patch", &inputs.patch)];
        let named = inputs.into_iter().filter_map(|(kind, input)| Some((kind, input.as_ref()?)));
        let names = named.flat_map(|(kind, input)| input.without.iter().map(move |name| (kind, name)));
        let mistake = |(kind, name): (&str, &Spanned<String>)| {
            let message = format!(
                "the input `{kind}` of model `{}` never has `{}`, a field of its context",
                show(&self.declared.name.value),
                show(&name.value)
            );
            Diagnostic::new(Code::BadContext, message).at(name.span, "the client gives it").help("leave it out here")
        };
        names.filter(|(_, name)| self.is_of_context(&name.value)).map(mistake).collect()
    }

    /// Whether a field is of the context, by its name in the schema.
    fn is_of_context(&self, name: &str) -> bool {
        let fields = self.declared.fields.iter().take(self.context.fields.len());
        fields.map(|field| &field.name).any(|own| own.value == name)
    }
}

fn template<'d>(of: &'d KeyDecl, attribute: &str) -> Option<&'d TemplateDecl> {
    of.templates.iter().find(|template| template.attribute.value == attribute)
}
