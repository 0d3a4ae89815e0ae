//! The view of one query that the schema names.

use super::{docs, rust};
use crate::model::{Comparison, Field, Order, Query, RangeOperator, Scalar, Type};
use dyntastic_templates::{ParameterView, QueryView};

/// What the template of a model places for a query.
pub(super) fn query_view(query: &Query) -> QueryView {
    let mut parameters = Vec::new();
    for field in &query.hash_key {
        parameter(&field.name, field, rust::value_type(field), &mut parameters);
    }
    let hash_key = parameters.clone();
    let comparisons: Vec<String> = query.range.iter().map(|asked| comparison(query, asked, &mut parameters)).collect();
    let mut settings = match comparisons.as_slice() {
        [] => String::new(),
        [only] => format!(".range({only})"),
        several => format!(".range(({}))", several.join(", ")),
    };
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
        hash_key,
        parameters,
        settings,
    }
}

fn comparison(query: &Query, asked: &Comparison, parameters: &mut Vec<ParameterView>) -> String {
    let ty = compared(asked);
    let mut arguments = Vec::new();
    for name in &asked.parameters {
        let name = parameter(name, &asked.range_key, ty.clone(), parameters);
        arguments.push(format!("::dyntastic::IntoField::<{ty}>::into_field({name})"));
    }
    let field = rust::identifier(&asked.range_key.name);
    format!("{}::A.{field}.{}({})", query.source, operator(asked.operator), arguments.join(", "))
}

/// Adds a parameter, with a name that none before it has, and returns that.
fn parameter(name: &str, field: &Field, ty: String, parameters: &mut Vec<ParameterView>) -> String {
    let name = rust::identifier(name);
    let taken = |name: &str| name == "client" || parameters.iter().any(|taken| taken.ident == name);
    let ident = rust::free_name(&name, taken);
    parameters.push(ParameterView { ident: ident.clone(), field: rust::identifier(&field.name), ty });
    ident
}

/// The type that the range key is compared with.
fn compared(asked: &Comparison) -> String {
    match (asked.operator, asked.range_key.ty.present()) {
        // A time, a date and a uuid begin with text.
        (RangeOperator::BeginsWith, ty) if *ty != Type::Scalar(Scalar::Bytes) => {
            rust::ty(&Type::Scalar(Scalar::String))
        }
        _ => rust::value_type(&asked.range_key),
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
