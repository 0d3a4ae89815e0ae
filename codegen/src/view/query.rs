//! The view of one query that the schema names.

use super::{contexts, docs, field_types, rust};
use crate::model::{Comparison, Context, Field, Order, Query, RangeOperator, Scalar, Type};
use dyntastic_templates::{ComparisonView, ParameterView, QueryView, TyView};

/// The view of a query.
pub(super) fn query_view(context: Option<&Context>, query: &Query) -> QueryView {
    let mut parameters = Vec::new();
    for field in &query.hash_key {
        parameter(&field.name, field, field_types::value_type(field), &mut parameters);
    }
    for (parameter, field) in parameters.iter_mut().zip(&query.hash_key) {
        parameter.context = contexts::field(context, field);
    }
    let hash_key = parameters.clone();
    let range = query.range.iter().map(|asked| comparison(asked, &mut parameters)).collect();
    QueryView {
        name: rust::identifier(&query.name),
        is_new: query.name == "new",
        doc: docs::lines(&docs::query(query)),
        source: query.source.clone(),
        hash_key,
        parameters,
        range,
        order: query.order.map(|order| match order {
            Order::Ascending => "ascending",
            Order::Descending => "descending",
        }),
        limit: query.limit,
    }
}

fn comparison(asked: &Comparison, parameters: &mut Vec<ParameterView>) -> ComparisonView {
    let ty = compared(asked);
    let argument = |name: &String| parameter(name, &asked.range_key, ty.clone(), parameters);
    let arguments = asked.parameters.iter().map(argument).collect();
    let field = rust::identifier(&asked.range_key.name);
    ComparisonView { field, operator: operator(asked.operator), ty, arguments }
}

/// Adds a parameter with a name that no earlier parameter has, and returns the name.
fn parameter(name: &str, field: &Field, ty: TyView, parameters: &mut Vec<ParameterView>) -> String {
    let name = rust::identifier(name);
    let taken = |name: &str| name == "client" || parameters.iter().any(|taken| taken.ident == name);
    let ident = rust::free_name(&name, taken);
    parameters.push(ParameterView { ident: ident.clone(), field: rust::identifier(&field.name), ty, context: None });
    ident
}

/// The type that the range key is compared with.
fn compared(asked: &Comparison) -> TyView {
    match (asked.operator, asked.range_key.ty.present()) {
        // A time, a date and a uuid are compared with a text prefix.
        (RangeOperator::BeginsWith, ty) if *ty != Type::Scalar(Scalar::Bytes) => TyView::String,
        _ => field_types::value_type(&asked.range_key),
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
