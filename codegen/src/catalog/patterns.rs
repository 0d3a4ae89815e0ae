//! Access patterns: the functions that read items by key, each with its parameters, conditions and call.

use super::entries::{AccessPattern, AccessRequest, Parameter};
use super::fields::type_text;
use crate::model::{
    Collection, Comparison, Context, Field, KeyAttribute, MadeOf, Model, Order, Query, RangeOperator, VectorIndex,
    distinct,
};
use crate::view::{free_name, identifier};
use heck::ToSnakeCase;

/// What a call passes first: a client, which gives the fields of its context.
struct Client<'m> {
    name: String,
    context: Option<&'m Context>,
}

/// The patterns of a model: by its key, its indexes, and the queries that the schema names.
pub(super) fn of_model(model: &Model) -> Vec<AccessPattern> {
    let client = Client::of(model.context.as_ref());
    let range_keys = model.range_key.as_slice();
    let mut patterns = vec![get(model, &client)];
    if model.range_key.is_some() {
        let keys = (std::slice::from_ref(&model.hash_key), range_keys);
        let of_hash_key = query((&model.name, &client), "query", keys, &model.hash_fields(), None);
        patterns.push(AccessPattern { is_single: is_whole_key(model, &[]), ..of_hash_key });
    }
    for index in &model.indexes {
        let name = format!("query_{}", index.name);
        let keys = (index.hash_key.as_slice(), index.range_key.as_slice());
        patterns.push(query((&model.name, &client), &name, keys, &index.hash_fields(), Some(&index.index_name)));
    }
    patterns.extend(model.vector_indexes.iter().map(|index| search((&model.name, &client), index)));
    patterns.extend(model.queries.iter().map(|query| named(model, &client, query)));
    patterns
}

fn get(model: &Model, client: &Client<'_>) -> AccessPattern {
    let parameters = client.parameters(&model.key_fields());
    let names: Vec<String> = parameters.iter().map(|parameter| identifier(&parameter.name)).collect();
    let key = match names.as_slice() {
        [only] => only.clone(),
        several => format!("({})", several.join(", ")),
    };
    AccessPattern {
        function: format!("{}::get", model.name),
        query: None,
        doc: Vec::new(),
        request: AccessRequest::GetItem,
        index: None,
        conditions: model.keys().map(|key| hash_condition(key, None, &parameters)).collect(),
        shards: None,
        is_single: true,
        descending: false,
        limit: None,
        client: client.name.clone(),
        call: format!("{}::get(&{}, {key}).await?", model.name, identifier(&client.name)),
        parameters,
    }
}

/// The query of all items of one hash key.
fn query(
    (owner, client): (&str, &Client<'_>),
    function: &str,
    (hash_key, range_key): (&[KeyAttribute], &[KeyAttribute]),
    fields: &[&Field],
    index: Option<&str>,
) -> AccessPattern {
    let parameters = client.parameters(fields);
    let shards = shards(hash_key.first());
    let mut conditions: Vec<String> = hash_key.iter().map(|key| hash_condition(key, shards, &parameters)).collect();
    conditions.extend(range_key.first().and_then(|key| beginning(key, hash_key, &parameters)));
    let function = format!("{owner}::{function}");
    AccessPattern {
        query: None,
        doc: Vec::new(),
        request: AccessRequest::Query,
        index: index.map(str::to_owned),
        conditions,
        shards,
        is_single: false,
        descending: false,
        limit: None,
        client: client.name.clone(),
        call: format!("{function}({}).all().await?", client.arguments(&parameters)),
        function,
        parameters,
    }
}

/// The search of a vector index.
fn search((owner, client): (&str, &Client<'_>), index: &VectorIndex) -> AccessPattern {
    let of = &index.definition;
    let fields: Vec<&Field> = index.hash_key.iter().flat_map(KeyAttribute::fields).collect();
    let mut parameters = client.parameters(&fields);
    let mut conditions: Vec<String> = index.hash_key.iter().map(|key| whole(key, &parameters)).collect();
    let vector = client.free("vector", &parameters);
    let ty = type_text(index.vector.ty.present());
    conditions.push(format!("{} most similar to {{{vector}}}, in the vector index {}", of.attribute, of.index_name));
    parameters.push(Parameter { name: vector, field: index.vector.name.clone(), ty, is_beginning: false });
    let function = format!("{owner}::search_{}", index.name);
    AccessPattern {
        query: None,
        doc: Vec::new(),
        request: AccessRequest::SearchVectors,
        index: None,
        conditions,
        shards: None,
        is_single: false,
        descending: false,
        limit: None,
        client: client.name.clone(),
        call: format!("{function}({}).await?", client.arguments(&parameters)),
        function,
        parameters,
    }
}

/// A query that the schema names.
fn named(model: &Model, client: &Client<'_>, query: &Query) -> AccessPattern {
    let index = model.indexes.iter().find(|index| index.type_name == query.source);
    let (hash_key, range_key) = match index {
        Some(index) => (index.hash_key.as_slice(), index.range_key.as_slice()),
        None => (std::slice::from_ref(&model.hash_key), model.range_key.as_slice()),
    };
    let mut parameters = client.parameters(&query.hash_key.iter().collect::<Vec<_>>());
    let of_hash_key = |key| hash_condition(key, query.shards, &parameters);
    let mut conditions: Vec<String> = hash_key.iter().map(of_hash_key).collect();
    if query.range.is_empty() {
        conditions.extend(range_key.first().and_then(|key| beginning(key, hash_key, &parameters)));
    }
    for asked in &query.range {
        let names: Vec<String> = asked.parameters.iter().map(|name| client.add(name, asked, &mut parameters)).collect();
        conditions.push(comparison(asked, &names));
    }
    let function = format!("{}::{}", model.name, identifier(&query.name));
    AccessPattern {
        query: Some(query.name.clone()),
        doc: query.doc.clone(),
        request: AccessRequest::Query,
        index: index.map(|index| index.index_name.clone()),
        conditions,
        shards: query.shards,
        is_single: index.is_none() && is_whole_key(model, &query.range),
        descending: query.order == Some(Order::Descending),
        limit: query.limit,
        client: client.name.clone(),
        call: format!("{function}({}).all().await?", client.arguments(&parameters)),
        function,
        parameters,
    }
}

/// Whether the hash key and these comparisons are a whole key of the table.
fn is_whole_key(model: &Model, range: &[Comparison]) -> bool {
    let is_fixed = |field: &&Field| {
        range.iter().any(|asked| asked.operator == RangeOperator::Eq && asked.range_key.name == field.name)
    };
    model.range_fields().iter().all(is_fixed)
}

/// The query of a collection.
pub(super) fn of_collection(of: &Collection) -> AccessPattern {
    let fields = distinct(of.hash_key.fields());
    let client = Client::of(of.context.as_ref());
    let parameters = client.parameters(&fields);
    let function = format!("{}::query", of.type_name);
    AccessPattern {
        query: None,
        doc: Vec::new(),
        request: AccessRequest::Query,
        index: of.index.as_ref().map(|(name, _)| name.clone()),
        conditions: vec![hash_condition(&of.hash_key, shards(Some(&of.hash_key)), &parameters)],
        shards: shards(Some(&of.hash_key)),
        is_single: false,
        descending: false,
        limit: None,
        client: client.name.clone(),
        call: format!("{function}({}).await?", client.arguments(&parameters)),
        function,
        parameters,
    }
}

impl<'m> Client<'m> {
    fn of(context: Option<&'m Context>) -> Self {
        let name = context.map_or_else(|| "db".to_owned(), |context| context.name.to_snake_case());
        Self { name, context }
    }

    /// The parameters for values of those of these fields that the client does not give.
    fn parameters(&self, fields: &[&Field]) -> Vec<Parameter> {
        let is_given = |field: &&&Field| self.context.is_some_and(|context| context.has(&field.name));
        let mut parameters: Vec<Parameter> = Vec::with_capacity(fields.len());
        for field in fields.iter().filter(|field| !is_given(field)) {
            let name = self.free(&field.name, &parameters);
            parameters.push(Parameter {
                name,
                field: field.name.clone(),
                ty: type_text(field.ty.present()),
                is_beginning: false,
            });
        }
        parameters
    }

    /// A name that no earlier parameter has, nor the client in calls.
    fn free(&self, name: &str, parameters: &[Parameter]) -> String {
        let is_taken = |name: &str| parameters.iter().any(|taken| identifier(&taken.name) == identifier(name));
        free_name(name, |name| name == self.name || is_taken(name))
    }

    /// Adds the parameter of a comparison, and returns its name.
    fn add(&self, name: &str, asked: &Comparison, parameters: &mut Vec<Parameter>) -> String {
        let field = &asked.range_key;
        let name = self.free(name, parameters);
        let ty = type_text(field.ty.present());
        let is_beginning = asked.operator == RangeOperator::BeginsWith;
        let ty = if is_beginning && ty != "bytes" { "string".to_owned() } else { ty };
        parameters.push(Parameter { name: name.clone(), field: field.name.clone(), ty, is_beginning });
        name
    }

    /// The arguments of a call: the client and the parameters.
    fn arguments(&self, parameters: &[Parameter]) -> String {
        let parameters = parameters.iter().map(|parameter| format!(", {}", identifier(&parameter.name)));
        format!("&{}{}", identifier(&self.name), parameters.collect::<String>())
    }
}

/// The condition that a key attribute has one value.
fn whole(key: &KeyAttribute, parameters: &[Parameter]) -> String {
    let place = |field: &str| {
        let parameter = parameters.iter().find(|parameter| parameter.field == field);
        format!("{{{}}}", parameter.map_or(field, |parameter| &parameter.name))
    };
    let value = match &key.made_of {
        MadeOf::Field(field) | MadeOf::Copy(field) => place(&field.name),
        MadeOf::Hash(field) => format!("hash of {}", place(&field.name)),
        MadeOf::Template { parts, end } => {
            let text = |part: &crate::model::KeyPart| {
                let form = part.stated.as_ref().map(|form| format!(":{form}}}"));
                let place = place(&part.field.name);
                match form {
                    Some(form) => part.before.clone() + place.trim_end_matches('}') + &form,
                    None => part.before.clone() + &place,
                }
            };
            parts.iter().map(text).collect::<String>() + end
        }
    };
    format!("{} = {value}", key.attribute)
}

/// The condition on a hash key: that of one item, whose shard is known, or of all its shards.
fn hash_condition(key: &KeyAttribute, shards: Option<usize>, parameters: &[Parameter]) -> String {
    let (condition, separator) = (whole(key, parameters), key.separator);
    match (&key.shards, shards) {
        (None, _) => condition,
        (Some(of), None) => format!("{condition}{separator}(shard by {})", of.names().join(", ")),
        (Some(_), Some(count)) => {
            let value = condition.split_once(" = ").map_or("", |(_, value)| value);
            format!("{condition}{separator}0 … {value}{separator}{}", count.saturating_sub(1))
        }
    }
}

/// The number of shards that a query by a hash key asks; `None` if it is one, which the fields of the hash key tell.
fn shards(key: Option<&KeyAttribute>) -> Option<usize> {
    let (key, shards) = key.and_then(|key| Some((key, key.shards.as_ref()?)))?;
    let is_known = !shards.by.is_empty() && shards.by.iter().all(|field| key.has(&field.name));
    (!is_known).then_some(shards.count)
}

/// The condition that a range key begins as the model's items with this hash key; `None` if all of the hash key's items
/// do.
fn beginning(key: &KeyAttribute, hash_key: &[KeyAttribute], parameters: &[Parameter]) -> Option<String> {
    let MadeOf::Template { parts, .. } = &key.made_of else { return None };
    let is_known = |field: &str| hash_key.iter().any(|key| key.determines(field));
    let Some(unknown) = parts.iter().position(|part| !is_known(&part.field.name)) else {
        return Some(whole(key, parameters));
    };
    let known = MadeOf::Template {
        parts: parts.iter().take(unknown).cloned().collect(),
        end: parts.get(unknown)?.before.clone(),
    };
    let text = whole(&KeyAttribute { made_of: known, ..key.clone() }, parameters);
    let value = text.strip_prefix(&format!("{} = ", key.attribute))?;
    (!value.is_empty()).then(|| format!("{} begins with {value}", key.attribute))
}

/// The comparison of a range key's field with parameters.
fn comparison(asked: &Comparison, names: &[String]) -> String {
    let field = &asked.range_key.name;
    let place = |at: usize| names.get(at).map(|name| format!("{{{name}}}")).unwrap_or_default();
    let operator = match asked.operator {
        RangeOperator::Eq => "=",
        RangeOperator::Lt => "<",
        RangeOperator::Le => "≤",
        RangeOperator::Gt => ">",
        RangeOperator::Ge => "≥",
        RangeOperator::BeginsWith => "begins with",
        RangeOperator::Between => return format!("{field} between {} and {}", place(0), place(1)),
    };
    format!("{field} {operator} {}", place(0))
}
