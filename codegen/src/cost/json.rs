//! The cost of a schema for programs: one JSON object per line.

use super::report::{Cost, ModelCost, RequestCost};
use serde::Serialize;

#[derive(Serialize)]
struct JsonRequest<'c> {
    model: &'c str,
    request: &'c str,
    is_access_pattern: bool,
    size: u64,
    is_estimated: bool,
    items: Option<u64>,
    read_units: f64,
    write_units: f64,
    parts: Vec<JsonPart>,
    rate: Option<f64>,
    month: Option<f64>,
    currency: &'c str,
}

#[derive(Serialize)]
struct JsonPart {
    of: String,
    read_units: f64,
    write_units: f64,
}

impl Cost {
    /// The cost for programs: one JSON object per line, each a request with `model`, `request`, `is_access_pattern`, `size`,
    /// `is_estimated`, `items`, `read_units`, `write_units`, `parts`, `rate`, `month` and `currency`.
    pub fn to_json_lines(&self) -> String {
        let requests = self.models.iter().flat_map(|model| model.requests.iter().map(move |request| (model, request)));
        let line = |(model, request): (&ModelCost, &RequestCost)| {
            let part = |part: &super::CostPart| JsonPart {
                of: part.source.to_string(),
                read_units: part.read_units,
                write_units: part.write_units,
            };
            let json = JsonRequest {
                model: &model.name,
                request: &request.name,
                is_access_pattern: request.is_access_pattern,
                size: model.size,
                is_estimated: model.is_estimated,
                items: request.items,
                read_units: request.read_units(),
                write_units: request.write_units(),
                parts: request.parts.iter().map(part).collect(),
                rate: request.rate,
                month: request.month,
                currency: &self.prices.currency,
            };
            // The object holds strings and finite numbers only, so JSON cannot refuse it.
            serde_json::to_string(&json).unwrap_or_default() + "\n"
        };
        requests.map(line).collect()
    }
}
