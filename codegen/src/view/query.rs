//! The view of one query that the schema names.

use super::{docs, rust};
use crate::model::{Order, Query, QueryRange, RangeOperator, Scalar, Type};
use dyntastic_templates::QueryView;

/// What the template of a model places for a query.
pub(super) fn query_view(query: &Query) -> QueryView {
    let hash_key = &query.hash_key;
    let mut parameters = vec![(parameter(&hash_key.name, &[]), value(&hash_key.ty))];
    let mut settings = String::new();
    if let Some(range) = &query.range {
        let ty = compared(range);
        let mut arguments = Vec::new();
        for name in &range.parameters {
            let taken: Vec<String> = parameters.iter().map(|(name, _)| name.clone()).collect();
            let name = parameter(name, &taken);
            arguments.push(format!("::dyntastic::IntoField::<{ty}>::into_field({name})"));
            parameters.push((name, ty.clone()));
        }
        let field = rust::identifier(&range.range_key.name);
        settings.push_str(&format!(
            ".range({}::A.{field}.{}({}))",
            query.source,
            operator(range.operator),
            arguments.join(", ")
        ));
    }
    match query.order {
        Some(Order::Descending) => settings.push_str(".descending()"),
        Some(Order::Ascending) => settings.push_str(".ascending()"),
        None => {}
    }
    if let Some(limit) = query.limit {
        settings.push_str(&format!(".limit({limit})"));
    }
    QueryView {
        name: rust::identifier(&query.name),
        doc: docs::lines(&docs::query(query)),
        source: query.source.clone(),
        hash_field: rust::identifier(&hash_key.name),
        parameters,
        settings,
    }
}

/// The name of a parameter, which none before it has.
fn parameter(name: &str, taken: &[String]) -> String {
    let name = rust::identifier(name);
    rust::free_name(&name, |name| name == "client" || taken.iter().any(|taken| taken == name))
}

/// The type that the range key is compared with.
fn compared(range: &QueryRange) -> String {
    let ty = match &range.range_key.ty {
        Type::Optional(inner) => inner,
        ty => ty,
    };
    match (range.operator, ty) {
        // A time, a date and a uuid begin with text.
        (RangeOperator::BeginsWith, Type::Scalar(scalar)) if *scalar != Scalar::Bytes => {
            rust::ty(&Type::Scalar(Scalar::String))
        }
        (_, ty) => rust::ty(ty),
    }
}

fn value(ty: &Type) -> String {
    match ty {
        Type::Optional(inner) => rust::ty(inner),
        ty => rust::ty(ty),
    }
}

fn operator(operator: RangeOperator) -> &'static str {
    match operator {
        RangeOperator::Eq => "eq",
        RangeOperator::Lt => "lt",
        RangeOperator::Le => "le",
        RangeOperator::Gt => "gt",
        RangeOperator::Ge => "ge",
        RangeOperator::BeginsWith => "begins_with",
        RangeOperator::Between => "between",
    }
}
