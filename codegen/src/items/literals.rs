//! Values that a schema writes out.

use crate::model::Literal;
use serde_json::{Value, json};

pub(super) fn literal(of: &Literal) -> Value {
    let all = |of: &[Literal]| of.iter().map(literal).collect::<Vec<_>>();
    match of {
        Literal::Text(text) => json!({ "Text": text }),
        Literal::Bool(value) => json!({ "Bool": value }),
        Literal::Int(digits) => json!({ "Number": digits }),
        Literal::F32(value) => json!({ "Number": format!("{value:?}") }),
        Literal::F64(value) => json!({ "Number": format!("{value:?}") }),
        Literal::Bytes(bytes) => json!({ "Bytes": bytes }),
        Literal::Uuid(value) => json!({ "Uuid": format!("{value:032x}") }),
        Literal::Decimal(text, _) => json!({ "Number": text }),
        Literal::Time(micros, ..) => json!({ "Micros": micros }),
        Literal::Date { year, month, day, .. } => json!({ "Date": [year, month, day] }),
        Literal::Variant(_, variant) => json!({ "Variant": variant }),
        Literal::Json(text) => json!({ "Json": text }),
        Literal::List(items) => json!({ "List": all(items) }),
        Literal::Set(items) => json!({ "Set": all(items) }),
        Literal::Map(entries) => {
            json!({ "Map": entries.iter().map(|(key, value)| (key, literal(value))).collect::<Vec<_>>() })
        }
        Literal::None => json!("None"),
        Literal::Some(inner) => literal(inner),
    }
}
