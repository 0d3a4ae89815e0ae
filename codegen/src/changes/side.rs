//! One of the two schemas: its resolved definitions with their declarations, which know the places.

use crate::model::{
    EnumType, EnumValue, Field, FieldRole, Literal, Model, ModelSet, Named, StructType, Table, Type, TypeDefinition,
    UnionType, Upgraded,
};
use crate::schema::{EnumDecl, FieldDecl, ModelDecl, Schema, SharedTableDecl, StructKind, UnionDecl, VariantKind};
use crate::sources::Span;
use std::collections::{HashMap, HashSet};

pub(crate) struct Side<'s> {
    pub(super) set: &'s ModelSet,
    pub(super) schema: &'s Schema,
    /// The enums, structs and unions by name, also the structs of variants.
    pub(super) types: HashMap<&'s str, Defined<'s>>,
}

/// An enum, a struct or a union.
#[derive(Clone)]
pub(super) enum Defined<'s> {
    Enum(&'s EnumType, &'s EnumDecl),
    Struct(Struct<'s>),
    Union(&'s UnionType, &'s UnionDecl),
}

/// A struct with fields: a model, a type, or a variant of a union.
#[derive(Clone)]
pub(super) struct Struct<'s> {
    /// Its description in messages, such as "model `User`".
    pub(super) of: String,
    pub(super) span: Span,
    pub(super) fields: Vec<Entry<'s>>,
    pub(super) validate: Option<&'s str>,
    /// Whether reads check its values.
    pub(super) is_checked: bool,
    /// Whether a save keeps stored attributes without a field.
    pub(super) keeps_unknown: bool,
    /// The struct that changes single fields of a value.
    pub(super) patch: Option<&'s str>,
    /// What upgrades do to items that the earlier schema wrote.
    pub(super) upgraded: Upgraded,
}

/// A field and its declaration.
#[derive(Clone, Copy)]
pub(super) struct Entry<'s> {
    pub(super) field: &'s Field,
    pub(super) decl: &'s FieldDecl,
}

impl<'s> Side<'s> {
    pub(crate) fn new(set: &'s ModelSet, schema: &'s Schema) -> Self {
        let checked = checked_on_read(set);
        let mut types = HashMap::new();
        let mut decls = schema.enums.iter();
        for definition in &set.types {
            if let TypeDefinition::Enum(of) = definition
                && let Some(decl) = decls.next()
            {
                types.insert(of.name.as_str(), Defined::Enum(of, decl));
            }
        }
        let structs =
            set.types.iter().filter_map(|of| if let TypeDefinition::Struct(of) = of { Some(of) } else { None });
        let fields = schema.types.iter().filter_map(|decl| match &decl.kind {
            StructKind::Fields { fields, .. } => Some((decl.name.span, fields)),
            StructKind::Rust { .. } => None,
        });
        for (of, (span, fields)) in structs.zip(fields) {
            let named = structure(of, format!("type `{}`", of.name), span, fields, &checked);
            types.insert(of.name.as_str(), Defined::Struct(named));
        }
        let unions = set.types.iter().filter_map(|of| if let TypeDefinition::Union(of) = of { Some(of) } else { None });
        for (of, decl) in unions.zip(&schema.unions) {
            types.insert(of.name.as_str(), Defined::Union(of, decl));
            let own = decl.variants.iter().filter_map(|variant| match &variant.kind {
                VariantKind::Fields(fields) if !fields.is_empty() => Some((&variant.name, fields)),
                _ => None,
            });
            for (variant, (name, fields)) in of.structs.iter().zip(own) {
                let text = format!("variant `{}` of union `{}`", name.value, of.name);
                let named = structure(variant, text, name.span, fields, &checked);
                types.insert(variant.name.as_str(), Defined::Struct(named));
            }
        }
        Self { set, schema, types }
    }

    /// The models with their declarations.
    pub(super) fn models(&self) -> impl Iterator<Item = (&'s Model, &'s ModelDecl)> {
        self.set.models.iter().zip(&self.schema.models)
    }

    /// The models that name this table themselves, with their declarations.
    pub(super) fn models_of(&self, table: &Table) -> impl Iterator<Item = (&'s Model, &'s ModelDecl)> {
        self.models().filter(move |(model, _)| model.sharing.is_none() && model.table.is_same(table))
    }

    /// The stored value of a literal, as text.
    pub(super) fn stored(&self, value: &Literal) -> String {
        let variant = match value {
            Literal::Variant(name, variant) => match self.types.get(name.as_str()) {
                Some(Defined::Enum(of, _)) => of.variants.iter().find(|of| of.name == *variant),
                _ => None,
            },
            _ => None,
        };
        match variant.map(|variant| &variant.value) {
            Some(EnumValue::Text(text)) => text.clone(),
            Some(EnumValue::Number(number)) => number.to_string(),
            None => format!("{value:?}"),
        }
    }

    /// The declaration of a shared table.
    pub(super) fn table(&self, name: &str) -> Option<&'s SharedTableDecl> {
        self.schema.tables.iter().find(|table| table.name.value == name)
    }
}

impl<'s> Struct<'s> {
    /// A model; its fields may differ from those of the schema in their attributes and forms.
    pub(super) fn of_model(model: &'s Model, fields: &'s [Field], decl: &'s ModelDecl) -> Self {
        Self {
            of: format!("model `{}`", model.name),
            span: decl.name.span,
            fields: entries(
                fields,
                decl.fields
                    .iter()
                    .filter(|field| field.role.as_ref().is_none_or(|role| role.value != FieldRole::SchemaVersion)),
            ),
            validate: model.validate.as_deref(),
            is_checked: model.validate_on_read,
            keeps_unknown: model.keeps_unknown,
            patch: None,
            upgraded: Upgraded::default(),
        }
    }
}

impl Defined<'_> {
    /// Its description in messages.
    pub(super) fn text(&self) -> String {
        match self {
            Defined::Enum(of, _) => format!("enum `{}`", of.name),
            Defined::Struct(of) => of.of.clone(),
            Defined::Union(of, _) => format!("union `{}`", of.name),
        }
    }

    pub(super) fn span(&self) -> Span {
        match self {
            Defined::Enum(_, decl) => decl.name.span,
            Defined::Struct(of) => of.span,
            Defined::Union(_, decl) => decl.name.span,
        }
    }
}

fn structure<'s>(
    of: &'s StructType,
    text: String,
    span: Span,
    fields: &'s [FieldDecl],
    checked: &HashSet<&str>,
) -> Struct<'s> {
    Struct {
        of: text,
        span,
        fields: entries(&of.fields, fields),
        validate: of.validate.as_deref(),
        is_checked: checked.contains(of.name.as_str()),
        keeps_unknown: of.keeps_unknown,
        patch: of.patch.as_deref(),
        upgraded: Upgraded::default(),
    }
}

fn entries<'s>(fields: &'s [Field], decls: impl IntoIterator<Item = &'s FieldDecl>) -> Vec<Entry<'s>> {
    fields.iter().zip(decls).map(|(field, decl)| Entry { field, decl }).collect()
}

/// The names of the types inside models that check the items that they read, at any depth.
fn checked_on_read(set: &ModelSet) -> HashSet<&str> {
    let structs = set.types.iter().flat_map(TypeDefinition::structs);
    let structs: HashMap<&str, &StructType> = structs.map(|of| (of.name.as_str(), of)).collect();
    let unions = set.types.iter().filter_map(|of| if let TypeDefinition::Union(of) = of { Some(of) } else { None });
    let unions: HashMap<&str, &UnionType> = unions.map(|of| (of.name.as_str(), of)).collect();
    let named = |field: &'_ Field| {
        let mut parts = field.ty.parts();
        parts.find_map(|part| if let Type::Named(Named { name, .. }) = part { Some(name.clone()) } else { None })
    };
    let checking = set.models.iter().filter(|model| model.validate_on_read);
    let mut open: Vec<String> = checking.flat_map(|model| &model.fields).filter_map(named).collect();
    let mut found = HashSet::new();
    while let Some(name) = open.pop() {
        if let Some((name, of)) = structs.get_key_value(name.as_str())
            && found.insert(*name)
        {
            open.extend(of.fields.iter().filter_map(named));
        }
        if let Some((name, of)) = unions.get_key_value(name.as_str())
            && found.insert(*name)
        {
            open.extend(of.variants.iter().filter_map(|variant| variant.of.clone()));
        }
    }
    found
}
