//! The emitted code apart from fields: queries, projections, inputs, collections, contexts, and the settings of the whole schema.

use super::compare::Comparison;
use super::side::Struct;
use super::{Change, ChangeCode, Level, Side};
use crate::model::{Collection, Field, Input, Model, ModelSet, Query, Scalar, Type};
use crate::schema::{InputDecl, ModelDecl, Spanned};
use crate::sources::Span;

/// Something that code names: its name, what it offers, and its place.
struct Offer {
    name: String,
    /// The parts that code may use; a missing one breaks it.
    parts: Vec<String>,
    span: Span,
}

/// Compares the access patterns and structs of a model.
pub(super) fn compare_model(
    (was, old): (&Model, &ModelDecl),
    (is, new): (&Model, &ModelDecl),
    found: &mut Comparison<'_>,
) {
    let of = format!("model `{}`", is.name);
    let spans = (old.name.span, new.name.span);
    let queries = |of: &Model, decl: &ModelDecl| -> Vec<Offer> {
        let queries = of.queries.iter().zip(&decl.queries);
        queries
            .map(|(of, decl)| Offer { name: of.name.clone(), parts: vec![query(of)], span: decl.name.span })
            .collect()
    };
    compare("query", (queries(was, old), spans.0), (queries(is, new), spans.1), &of, found);
    let projections = |of: &Model, decl: &ModelDecl| -> Vec<Offer> {
        let projections = of.projections.iter().zip(&decl.projections);
        let fields = |of: &crate::model::ProjectionStruct| of.fields.iter().map(|field| field.name.clone()).collect();
        projections
            .map(|(of, decl)| Offer { name: of.type_name.clone(), parts: fields(of), span: decl.name.span })
            .collect()
    };
    compare("projection", (projections(was, old), spans.0), (projections(is, new), spans.1), &of, found);
    let inputs = |side: &Side<'_>, of: &Model, decl: &ModelDecl, other: &Model| -> Vec<Offer> {
        let is_known = |name: &str| other.fields.iter().any(|known| known.name == name);
        let input = |of: &Option<Input>, decl: &Option<InputDecl>, part: &dyn Fn(&Field) -> String| {
            let (of, decl) = (of.as_ref()?, decl.as_ref()?);
            // Fields that the other model does not have are changes of their own.
            let parts = of.fields.iter().filter(|field| is_known(&field.name)).map(part).collect();
            Some(Offer { name: of.type_name.clone(), parts, span: decl.name.span })
        };
        let create = input(&of.inputs.create, &decl.inputs.create, &|field| field.name.clone());
        let patch = input(&of.inputs.patch, &decl.inputs.patch, &|field| patched(side, field));
        create.into_iter().chain(patch).collect()
    };
    let (before, after) = (inputs(found.old, was, old, is), inputs(found.new, is, new, was));
    compare("input", (before, spans.0), (after, spans.1), &of, found);
}

/// The source, comparisons, order and limit of a query.
fn query(of: &Query) -> String {
    let range: Vec<String> = of
        .range
        .iter()
        .map(|part| format!("{} {:?} {}", part.range_key.name, part.operator, part.parameters.len()))
        .collect();
    format!("{} {range:?} {:?} {:?}", of.source, of.order, of.limit)
}

/// A field of a patch, and the patch that changes the field inside.
fn patched(side: &Side<'_>, field: &Field) -> String {
    format!("{} {}", field.name, side.set.patch_inside(field).unwrap_or_default())
}

/// Compares the patches of two structs.
pub(super) fn compare_patch(was: &Struct<'_>, is: &Struct<'_>, found: &mut Comparison<'_>) {
    let offer = |side: &Side<'_>, of: &Struct<'_>, other: &Struct<'_>| -> Vec<Offer> {
        let is_known = |field: &Field| other.fields.iter().any(|known| known.field.name == field.name);
        let common = of.fields.iter().map(|entry| entry.field).filter(|field| is_known(field));
        let parts = common.map(|field| patched(side, field)).collect();
        of.patch.map(|name| Offer { name: name.to_owned(), parts, span: of.span }).into_iter().collect()
    };
    let (before, after) = (offer(found.old, was, is), offer(found.new, is, was));
    compare("patch", (before, was.span), (after, is.span), &is.of, found);
}

/// Compares the collections of two schemas.
pub(super) fn compare_collections(found: &mut Comparison<'_>) {
    let collections = |side: &Side<'_>| -> Vec<Offer> {
        let parts = |of: &Collection| {
            let index = of.index.as_ref().map_or_else(String::new, |(name, _)| name.clone());
            let members = of.members.iter().map(|member| format!("{} {}", member.name, member.single));
            members.chain([index]).collect()
        };
        let collections = side.set.collections.iter().zip(&side.schema.collections);
        collections
            .map(|(of, decl)| Offer { name: of.type_name.clone(), parts: parts(of), span: decl.name.span })
            .collect()
    };
    compare_whole("collection", collections, found);
}

/// Compares the contexts of two schemas. Their fields are compared with the models that have them.
pub(super) fn compare_contexts(found: &mut Comparison<'_>) {
    let contexts = |side: &Side<'_>| -> Vec<Offer> {
        let contexts = side.set.contexts.iter().zip(&side.schema.contexts);
        contexts.map(|(of, decl)| Offer { name: of.name.clone(), parts: Vec::new(), span: decl.name.span }).collect()
    };
    compare_whole("context", contexts, found);
}

/// Compares what two schemas offer beside their models.
fn compare_whole(what: &str, of: impl Fn(&Side<'_>) -> Vec<Offer>, found: &mut Comparison<'_>) {
    let (was, is) = (of(found.old), of(found.new));
    let places = (was.first().map(|of| of.span), is.first().map(|of| of.span));
    let spans = (places.0.or_else(|| first(found.old)), places.1.or_else(|| first(found.new)));
    let (Some(old), Some(new)) = spans else { return };
    compare(what, (was, old), (is, new), "the schema", found);
}

/// The place of the first model.
fn first(side: &Side<'_>) -> Option<Span> {
    side.schema.models.first().map(|decl| decl.name.span)
}

fn compare(
    what: &str,
    (was, old): (Vec<Offer>, Span),
    (is, new): (Vec<Offer>, Span),
    of: &str,
    found: &mut Comparison<'_>,
) {
    for after in &is {
        match was.iter().find(|before| before.name == after.name) {
            None => {
                let message = format!("{what} `{}` of {of} is new", after.name);
                found.add(
                    Change::new(ChangeCode::ApiAdded, message).new_at(after.span, "new").old_at(old, "without it"),
                );
            }
            Some(before) => {
                let is_less = before.parts.iter().any(|part| !after.parts.contains(part));
                let is_more = after.parts.iter().any(|part| !before.parts.contains(part));
                let (code, how) = match (is_less, is_more) {
                    (true, _) => (ChangeCode::ApiChanged, "changes"),
                    (false, true) => (ChangeCode::ApiAdded, "offers more"),
                    (false, false) => continue,
                };
                let change = Change::new(code, format!("{what} `{}` of {of} {how}", after.name))
                    .breaks_if(is_less, Level::Api)
                    .new_at(after.span, "now")
                    .old_at(before.span, "before");
                found.add(change);
            }
        }
    }
    for before in was.iter().filter(|before| !is.iter().any(|after| after.name == before.name)) {
        let change = Change::new(ChangeCode::ApiChanged, format!("{what} `{}` of {of} is gone", before.name))
            .breaks(Level::Api)
            .new_at(new, "without it")
            .old_at(before.span, "before");
        found.add(change);
    }
}

/// Compares the settings that hold for the whole schema.
pub(super) fn compare_settings(found: &mut Comparison<'_>) {
    let (old, new) = (found.old, found.new);
    let place = |change: Change, was: Option<Span>, is: Option<Span>| {
        let change = match was.or_else(|| first(old)) {
            Some(span) => change.old_at(span, "before"),
            None => change,
        };
        match is.or_else(|| first(new)) {
            Some(span) => change.new_at(span, "now"),
            None => change,
        }
    };
    let span = |of: &Option<Spanned<crate::model::TimeTypes>>| of.as_ref().map(|of| of.span);
    if let (Some(was), Some(is)) = (times(old.set), times(new.set))
        && was != is
    {
        let change = Change::new(ChangeCode::Library, "times are of another library").breaks(Level::Api);
        found.add(place(change, span(&old.schema.time_types), span(&new.schema.time_types)));
    }
    if let (Some(was), Some(is)) = (decimals(old.set), decimals(new.set))
        && was != is
    {
        let is_less = is == crate::model::DecimalType::RustDecimal;
        let change = Change::new(ChangeCode::Library, "decimals are of another library")
            .breaks(Level::Api)
            .breaks(if is_less { Level::Unreadable } else { Level::Rollout })
            .note("`rust_decimal` has 28 digits, and `bigdecimal` has the 38 of DynamoDB")
            .help(match is_less {
                true => "keep `decimal: bigdecimal`, unless no stored value has more than 28 digits",
                false => "write no value of more than 28 digits until the previous release has stopped",
            });
        let span = |of: &crate::schema::Schema| of.decimal.as_ref().map(|of| of.span);
        found.add(place(change, span(old.schema), span(new.schema)));
    }
    let traits = [
        ("serde", old.set.serde.is_some(), new.set.serde.is_some()),
        ("schemars", old.set.json_schema, new.set.json_schema),
    ];
    for (name, was, is) in traits.into_iter().filter(|(_, was, is)| was != is) {
        let how = if is { "implemented now" } else { "no longer implemented" };
        let change =
            Change::new(ChangeCode::JsonTraits, format!("the traits of {name} are {how}")).breaks_if(was, Level::Api);
        let span = |of: &crate::schema::Schema| match name {
            "serde" => of.serde.as_ref().map(|of| of.span),
            _ => of.json_schema.as_ref().map(|of| of.span),
        };
        found.add(place(change, span(old.schema), span(new.schema)));
    }
    if old.set.fakes != new.set.fakes {
        let how = if new.set.fakes { "there are made-up values now" } else { "there are no made-up values now" };
        let change = Change::new(ChangeCode::Extras, how).breaks_if(old.set.fakes, Level::Api);
        let span = |of: &crate::schema::Schema| of.fakes.as_ref().map(|of| of.span);
        found.add(place(change, span(old.schema), span(new.schema)));
    }
    if found.is_renamed_in_json {
        let change = Change::new(ChangeCode::JsonName, "the names of fields in JSON have another case")
            .breaks(Level::Api)
            .help("clients have to send and read the new names");
        let span = |of: &crate::schema::Schema| of.serde.as_ref().map(|of| of.span);
        found.add(place(change, span(old.schema), span(new.schema)));
    }
}

/// The library of the times, if there are any.
fn times(set: &ModelSet) -> Option<crate::model::TimeTypes> {
    set.fields().flat_map(|field| field.ty.parts()).find_map(|part| match part {
        Type::Scalar(Scalar::Time(_, types)) => Some(*types),
        _ => None,
    })
}

/// The library of the decimals, if there are any.
fn decimals(set: &ModelSet) -> Option<crate::model::DecimalType> {
    set.fields().flat_map(|field| field.ty.parts()).find_map(|part| match part {
        Type::Scalar(Scalar::Decimal(of)) => Some(*of),
        _ => None,
    })
}
