//! Sources, key conditions and filters, as a person types them.

use super::description::{Definition, Described, Field, IndexDescription, Operator, Structure, Type};
use super::model::{DynamicIndex, DynamicItem};
use super::scalar::ScalarType;
use super::schema::{DynamicModel, listed};
use super::value::{Value, Written};
use crate::expr::{Condition, DocumentPath, Node, Range, Term};
use crate::ops::Query;
use crate::transport::Client;

/// The source of a query: the table or an index, and the names of the fields of its key.
#[derive(Debug, Clone)]
pub struct KeyFields {
    pub(super) index: Option<usize>,
    /// The fields of the hash key.
    pub hash: Vec<&'static str>,
    /// The fields of the range key that a query compares, in their order.
    pub range: Vec<&'static str>,
    /// Whether the source can be read consistently.
    pub is_consistent: bool,
    /// The comparisons that an access pattern states: a field, an operator and the names of the values.
    pub asked: Vec<(&'static str, Comparison, Vec<&'static str>)>,
    /// Whether an access pattern reads from the largest range key.
    pub descending: bool,
    /// The limit of an access pattern.
    pub limit: Option<u32>,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// The value begins with a text.
    BeginsWith,
    /// The value is between two others.
    Between,
}

impl Comparison {
    fn text(self) -> &'static str {
        match self {
            Comparison::Eq => "=",
            Comparison::Ne => "<>",
            Comparison::Lt => "<",
            Comparison::Le => "<=",
            Comparison::Gt => ">",
            Comparison::Ge => ">=",
            Comparison::BeginsWith => "begins_with",
            Comparison::Between => "between",
        }
    }
}

/// A comparison as a person types it; `None` for two bounds.
fn typed(of: Comparison) -> Option<&'static str> {
    Some(match of {
        Comparison::Eq => "=",
        Comparison::Ne => "!=",
        Comparison::Lt => "<",
        Comparison::Le => "<=",
        Comparison::Gt => ">",
        Comparison::Ge => ">=",
        Comparison::BeginsWith => "^=",
        Comparison::Between => return None,
    })
}

/// The comparisons that DynamoDB has for the stored form of a field's values.
fn comparisons(schema: &'static Described, field: &'static Field) -> &'static [Comparison] {
    use Comparison::{BeginsWith, Between, Eq, Ge, Gt, Le, Lt, Ne};
    const TEXT: &[Comparison] = &[Eq, Ne, Lt, Le, Gt, Ge, Between, BeginsWith];
    const NUMBER: &[Comparison] = &[Eq, Ne, Lt, Le, Gt, Ge, Between];
    const UNSORTED_TEXT: &[Comparison] = &[Eq, Ne, BeginsWith];
    const OTHER: &[Comparison] = &[Eq, Ne];
    let present = Structure::present(schema, field);
    let is_text = match present.ty {
        Type::Scalar(of) => of.is_text(present.form),
        Type::Named(name) => match schema.types.get(name) {
            Some(Definition::Enum(of)) => Some(!of.is_number()),
            _ => None,
        },
        _ => None,
    };
    match (is_text, field.is_sorted) {
        (Some(true), true) => TEXT,
        (Some(true), false) => UNSORTED_TEXT,
        (Some(false), true) => NUMBER,
        _ => OTHER,
    }
}

impl DynamicModel {
    /// The reason why DynamoDB has no such comparison for a field's values.
    fn lacks(self, field: &'static Field, comparison: Comparison) -> Option<String> {
        let all = comparisons(self.0.schema, field);
        let listed = || all.iter().filter_map(|of| typed(*of)).collect::<Vec<_>>().join(" ");
        let given = typed(comparison).unwrap_or("two bounds");
        (!all.contains(&comparison)).then(|| {
            let form = if field.is_sorted { "" } else { ", since its stored form has no order" };
            format!("`{}` is not compared by {given}{form}: it takes {}", field.name, listed())
        })
    }

    fn term(self, field: &'static Field, text: &str) -> Result<Term, String> {
        let value = self.typed(field, text)?;
        Ok(Term::value(&Written(Structure::present(self.0.schema, field), &value)))
    }

    fn node(self, field: &'static Field, comparison: Comparison, values: &[String]) -> Result<Node, String> {
        let path = || Term::Path(DocumentPath::root(&field.attribute));
        Ok(match (comparison, values) {
            (Comparison::Between, [low, high]) => {
                if let (Value::Scalar(from), Value::Scalar(to)) = (self.typed(field, low)?, self.typed(field, high)?)
                    && from.order(&to).is_gt()
                {
                    return Err(format!("`{}` has no value from {low} to {high}: exchange the bounds", field.name));
                }
                Node::Between(path(), self.term(field, low)?, self.term(field, high)?)
            }
            (Comparison::BeginsWith, [prefix]) => Node::Call("begins_with", vec![path(), self.prefix(field, prefix)?]),
            (comparison, [value]) => Node::Compare(path(), comparison.text(), self.term(field, value)?),
            _ => return Err(format!("`{}`: another number of values is needed", field.name)),
        })
    }

    /// A beginning of a value, which is a text.
    fn prefix(self, field: &'static Field, text: &str) -> Result<Term, String> {
        match Structure::present(self.0.schema, field).ty {
            Type::Scalar(ScalarType::Bytes | ScalarType::String) => self.term(field, text),
            _ => Ok(Term::value(text)),
        }
    }

    /// A condition of a filter: a field, a comparison, and the values that a person has typed.
    ///
    /// # Errors
    ///
    /// The model has no such field, or the field has no such value.
    pub fn condition(
        self,
        field: &str,
        comparison: Comparison,
        values: &[String],
    ) -> Result<Condition<DynamicItem>, String> {
        let field = self.stored_field(field)?;
        let present = Structure::present(self.0.schema, field);
        if !matches!(present.ty, Type::Scalar(_) | Type::Named(_)) {
            return Err(format!("`{}` is no single value", field.name));
        }
        if let Some(why) = self.lacks(field, comparison) {
            return Err(why);
        }
        Ok(Condition::from_node(self.node(field, comparison, values)?))
    }

    /// A condition that a field has a value, or has none.
    ///
    /// # Errors
    ///
    /// The model has no such field.
    pub fn presence(self, field: &str, present: bool) -> Result<Condition<DynamicItem>, String> {
        let field = self.stored_field(field)?;
        let condition = Condition::from_node(Node::presence(&field.attribute, present));
        // Emitted code asks for the size, which NULL and an empty value do not have.
        let has_size = Node::Compare(
            Term::call("size", vec![Term::Path(DocumentPath::root(&field.attribute))]),
            ">",
            Term::value(&0_u8),
        );
        Ok(match (field.absent_if_empty, present) {
            (false, _) => condition,
            (true, true) => Condition::from_node(has_size),
            (true, false) => Condition::from_node(Node::Not(Box::new(has_size))),
        })
    }

    /// The source of a query by its name: none for the table, or that of an index or an access pattern.
    ///
    /// # Errors
    ///
    /// The model has no such source.
    pub fn source(self, name: Option<&str>) -> Result<KeyFields, String> {
        let of = self.0.of;
        let field_names = |positions: &'static [usize]| {
            positions.iter().filter_map(|at| of.structure.fields.get(*at)).map(|field| field.name.as_str()).collect()
        };
        let table = || KeyFields {
            index: None,
            hash: field_names(&of.hash),
            range: field_names(&of.range),
            is_consistent: true,
            asked: Vec::new(),
            descending: false,
            limit: None,
        };
        let index = |at: usize, index: &'static IndexDescription| KeyFields {
            index: Some(at),
            hash: field_names(&index.hash),
            range: field_names(&index.range),
            is_consistent: index.local,
            ..table()
        };
        let Some(name) = name else { return Ok(table()) };
        let indexes = || of.indexes.iter().enumerate();
        if let Some((at, found)) = indexes().find(|(_, of)| of.name == name || of.index_name == name) {
            return Ok(index(at, found));
        }
        if let Some(query) = of.queries.iter().find(|query| query.name == name) {
            let source = indexes().find(|(_, of)| of.type_name == query.source);
            let source = source.map_or_else(table, |(at, found)| index(at, found));
            let asked = query.range.iter().filter_map(|asked| {
                let field = of.structure.fields.get(asked.field)?;
                let values = asked.parameters.iter().map(String::as_str).collect();
                Some((field.name.as_str(), comparison(asked.operator), values))
            });
            return Ok(KeyFields {
                asked: asked.collect(),
                descending: query.descending,
                limit: query.limit,
                ..source
            });
        }
        let searched = |(name, _): &(String, String)| {
            format!(
                "the vector index `{name}` is searched by similarity, with `search_{name}` of the emitted code, and not queried"
            )
        };
        if let Some(of) = of.vector_indexes.iter().find(|(of, in_dynamodb)| of == name || in_dynamodb == name) {
            return Err(searched(of));
        }
        let names: Vec<&str> =
            of.indexes.iter().map(|of| of.name.as_str()).chain(of.queries.iter().map(|of| of.name.as_str())).collect();
        let only = match names.is_empty() {
            true => format!("`{}` has neither indexes nor access patterns", self.name()),
            false => format!("`{}` has no index or access pattern `{name}`: it has {}", self.name(), listed(&names)),
        };
        let searched = of.vector_indexes.iter().map(|of| format!("; {}", searched(of)));
        Err(std::iter::once(only).chain(searched).collect())
    }

    /// A query of the table: the values of the hash key's fields, and comparisons with the fields of the range key, in
    /// their order.
    ///
    /// # Errors
    ///
    /// A field has no such value.
    pub fn query(
        self,
        client: &Client,
        hash: &[(String, String)],
        range: &[(String, Comparison, Vec<String>)],
    ) -> Result<Query<DynamicItem>, String> {
        let (hash, range) = self.key_condition(hash, range)?;
        Ok(Query::constant(client).with_key_condition(hash, range))
    }

    /// A query of an index, as [`query`](Self::query). Run it by [`run_on`](Self::run_on), and with `full` if the index
    /// does not hold whole items.
    ///
    /// # Errors
    ///
    /// A field has no such value.
    pub fn index_query(
        self,
        client: &Client,
        hash: &[(String, String)],
        range: &[(String, Comparison, Vec<String>)],
    ) -> Result<Query<DynamicIndex>, String> {
        let (hash, range) = self.key_condition(hash, range)?;
        Ok(Query::constant(client).with_key_condition(hash, range))
    }

    fn key_condition(
        self,
        hash: &[(String, String)],
        range: &[(String, Comparison, Vec<String>)],
    ) -> Result<(Vec<Node>, Range), String> {
        let mut equal = Vec::new();
        for (name, text) in hash {
            equal.push(self.node(self.field(name)?, Comparison::Eq, std::slice::from_ref(text))?);
        }
        let mut compared = Vec::new();
        for (name, comparison, values) in range {
            compared.push(self.node(self.field(name)?, *comparison, values)?);
        }
        Ok((equal, Range(compared)))
    }

    /// Whether a source holds whole items.
    pub fn is_whole(self, source: &KeyFields) -> bool {
        source.index.and_then(|at| self.0.of.indexes.get(at)).is_none_or(|index| index.is_whole)
    }

    /// Whether a source is an index.
    pub fn is_index(self, source: &KeyFields) -> bool {
        source.index.is_some()
    }

    /// The reason why a source cannot compare a field of its range key so.
    pub fn refuses(self, source: &KeyFields, field: &str, comparison: Comparison) -> Option<String> {
        let index = source.index.and_then(|at| self.0.of.indexes.get(at));
        let (unordered, in_other_form) = match index {
            Some(index) => (&index.unordered, &index.in_other_form),
            None => (&self.0.of.unordered, &self.0.of.in_other_form),
        };
        let is_among = |names: &[String]| names.iter().any(|name| name == field);
        // A key that is made of fields is a text.
        if self.0.of.layout.is_none()
            && let Some(why) = self.field(field).ok().and_then(|field| self.lacks(field, comparison))
        {
            return Some(why);
        }
        match comparison {
            Comparison::Eq => None,
            Comparison::Ne => Some(format!("a key is not compared with {}", comparison.text())),
            Comparison::BeginsWith if is_among(in_other_form) => {
                Some(format!("the keys have another text of `{field}`, so that it has no beginning of a value"))
            }
            Comparison::BeginsWith => None,
            _ if is_among(unordered) => Some(format!("the keys do not sort as `{field}` does")),
            _ => None,
        }
    }
}

fn comparison(of: Operator) -> Comparison {
    match of {
        Operator::Eq => Comparison::Eq,
        Operator::Lt => Comparison::Lt,
        Operator::Le => Comparison::Le,
        Operator::Gt => Comparison::Gt,
        Operator::Ge => Comparison::Ge,
        Operator::BeginsWith => Comparison::BeginsWith,
        Operator::Between => Comparison::Between,
    }
}
