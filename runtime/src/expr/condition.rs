//! Conditions and filters.

use super::attribute::Attribute;
use super::attribute_kind::AttributeKind;
use super::capability::{Container, HasSize, Ordered, Prefixed};
use super::document_path::DocumentPath;
use super::operand::{ByValue, Operand, OperandTerm};
use super::outer::Outer;
use super::role_capability::{EqualRole, ExistingRole, StoredRole};
use super::term::Term;
use crate::codec::{FromAttribute, ToAttribute};
use crate::description::Discriminator;
use crate::ground::{IntoField, Kind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

/// A condition on an item of the model `M`: the condition of a write, or the filter of a read.
///
/// Conditions combine with `&`, `|` and `!`, or with methods of the same meaning:
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, mut alice: User) -> dyntastic::Result<()> {
/// let is_idle = User::A.age.lt(5) & !User::A.nickname.exists();
/// alice.delete(&db).condition(is_idle).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a condition does nothing until an operation takes it"]
pub struct Condition<M> {
    node: Node,
    typed: PhantomData<fn() -> M>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// No condition, such as `all` and `any` of no conditions.
    None,
    Compare(Term, &'static str, Term),
    Between(Term, Term, Term),
    In(DocumentPath, Vec<Term>),
    Call(&'static str, Vec<Term>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
}

impl Node {
    /// Adds the paths that the condition depends on.
    pub(crate) fn paths<'n>(&'n self, paths: &mut Vec<&'n DocumentPath>) {
        match self {
            Node::None => {}
            Node::Compare(left, _, right) => [left, right].into_iter().for_each(|term| term.paths(paths)),
            Node::Between(of, low, high) => [of, low, high].into_iter().for_each(|term| term.paths(paths)),
            Node::In(path, values) => {
                paths.push(path);
                values.iter().for_each(|term| term.paths(paths));
            }
            Node::Call(_, arguments) => arguments.iter().for_each(|term| term.paths(paths)),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| node.paths(paths)),
            Node::Not(node) => node.paths(paths),
        }
    }

    /// Both conditions hold.
    pub(crate) fn and(self, other: Vec<Self>) -> Self {
        let mut all: Vec<Self> = std::iter::once(self).chain(other).filter(|node| *node != Node::None).collect();
        match all.len() {
            0 | 1 => all.pop().unwrap_or(Node::None),
            _ => Node::And(all),
        }
    }

    /// The condition that the item exists, or does not exist. Every item has its hash key.
    pub(crate) fn presence(hash_key: &'static str, present: bool) -> Self {
        let function = if present { "attribute_exists" } else { "attribute_not_exists" };
        Node::Call(function, vec![Term::Path(DocumentPath::root(hash_key))])
    }

    /// All conditions hold. Joined ones among them are flattened.
    pub(crate) fn all(nodes: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(nodes, Join::And)
    }

    /// At least one condition holds. Joined ones among them are flattened.
    pub(crate) fn any(nodes: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(nodes, Join::Or)
    }

    /// Joins conditions. It leaves out empty ones, and flattens those that are joined in the same way.
    fn joined(conditions: impl IntoIterator<Item = Self>, join: Join) -> Self {
        let mut nodes = Vec::new();
        for condition in conditions {
            match (condition, join) {
                (Node::None, _) => {}
                (Node::And(inner), Join::And) | (Node::Or(inner), Join::Or) => nodes.extend(inner),
                (node, _) => nodes.push(node),
            }
        }
        match join {
            _ if nodes.len() < 2 => nodes.pop().unwrap_or(Node::None),
            Join::And => Node::And(nodes),
            Join::Or => Node::Or(nodes),
        }
    }

    /// The attributes that the condition depends on.
    pub(crate) fn attributes(&self) -> Vec<&'static str> {
        let mut paths = Vec::new();
        self.paths(&mut paths);
        paths.into_iter().map(DocumentPath::attribute).collect()
    }

    /// The value at a path is this one.
    pub(crate) fn is_still(path: &DocumentPath, value: Option<&AttributeValue>) -> Self {
        let path = Term::Path(path.clone());
        match value {
            Some(value) => Node::Compare(path, "=", Term::attribute_value(value.clone())),
            None => Node::Call("attribute_not_exists", vec![path]),
        }
    }

    /// The item has the discriminator.
    pub(crate) fn is_of(discriminator: Discriminator) -> Self {
        let has = |(attribute, value): (&'static str, &str)| {
            let value = Term::attribute_value(AttributeValue::S(value.to_owned()));
            Node::Compare(Term::Path(DocumentPath::root(attribute)), "=", value)
        };
        match discriminator.others {
            [] => has(discriminator.first),
            _ => Node::And(discriminator.pairs().map(has).collect()),
        }
    }

    /// The key condition that the hash key, of the role `R`, equals a value.
    pub(crate) fn key_equals<R: AttributeKind>(hash_key: &DocumentPath, value: OperandTerm) -> Self {
        let value = if R::IS_SEARCHED { Term::Searched(Box::new(value.0)) } else { value.0 };
        Node::Compare(Term::Path(hash_key.clone()), "=", value)
    }
}

/// A comparison without its model.
#[doc(hidden)]
#[derive(Debug)]
pub struct Comparison(pub(super) Node);

impl<M> From<Comparison> for Condition<M> {
    fn from(comparison: Comparison) -> Self {
        Self::new(comparison.0)
    }
}

/// The attribute types for [`Attribute::attribute_type`].
pub type AttributeType = Kind;

impl<M> Condition<M> {
    pub(super) fn new(node: Node) -> Self {
        Self { node, typed: PhantomData }
    }

    pub(crate) fn from_node(node: Node) -> Self {
        Self::new(node)
    }

    pub(crate) fn into_node(self) -> Node {
        self.node
    }

    /// Both conditions hold.
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self::all([self, other.into()])
    }

    /// At least one of both conditions holds.
    pub fn or(self, other: impl Into<Self>) -> Self {
        Self::any([self, other.into()])
    }

    /// All conditions hold. Without conditions, the result is no condition.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Node::all(conditions.into_iter().map(Self::into_node)))
    }

    /// At least one condition holds. Without conditions, the result is no condition.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Node::any(conditions.into_iter().map(Self::into_node)))
    }
}

#[derive(Clone, Copy)]
enum Join {
    And,
    Or,
}

impl<M> Clone for Condition<M> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<M, C: Into<Condition<M>>> BitAnd<C> for Condition<M> {
    type Output = Self;

    fn bitand(self, other: C) -> Self {
        self.and(other)
    }
}

impl<M, C: Into<Condition<M>>> BitOr<C> for Condition<M> {
    type Output = Self;

    fn bitor(self, other: C) -> Self {
        self.or(other)
    }
}

impl<M> Not for Condition<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(match self.node {
            Node::None => Node::None,
            Node::Not(node) => *node,
            node => Node::Not(Box::new(node)),
        })
    }
}

impl<M, T, R> Attribute<M, T, R> {
    fn term(&self) -> Term {
        Term::Path(self.path().clone())
    }
}

impl<M, T, R> Attribute<M, T, R> {
    fn call(&self, function: &'static str, arguments: impl IntoIterator<Item = Term>) -> Condition<M> {
        Condition::new(Node::Call(function, std::iter::once(self.term()).chain(arguments).collect()))
    }

    /// The attribute exists, even as NULL. With `empty: absent`, it has a value that is not empty.
    pub fn exists(&self) -> Condition<M>
    where
        R: ExistingRole,
    {
        match R::EMPTY_IS_ABSENT {
            true => Condition::new(self.has_size()),
            false => self.call("attribute_exists", []),
        }
    }

    /// The attribute does not exist. With `empty: absent`, it may also be empty or NULL.
    pub fn not_exists(&self) -> Condition<M>
    where
        R: ExistingRole,
    {
        match R::EMPTY_IS_ABSENT {
            true => Condition::new(Node::Not(Box::new(self.has_size()))),
            false => self.call("attribute_not_exists", []),
        }
    }

    /// The value is text or binary, and not empty. NULL has no size, nor has an attribute that does not exist.
    fn has_size(&self) -> Node {
        Node::Compare(Term::call("size", vec![self.term()]), ">", Term::value(&0_u8))
    }

    /// The stored value has this DynamoDB type.
    pub fn attribute_type(&self, kind: AttributeType) -> Condition<M>
    where
        R: StoredRole,
    {
        self.call("attribute_type", [Term::value(kind.as_str())])
    }
}

impl<M, T: ToAttribute, R: AttributeKind> Attribute<M, T, R> {
    fn compare<K>(&self, operator: &'static str, value: impl Operand<M, T, K>) -> Comparison {
        Comparison(Node::Compare(self.term(), operator, self.operand(value)))
    }

    /// A value to compare with, transformed as the stored one.
    fn operand<K>(&self, value: impl Operand<M, T, K>) -> Term {
        let term = Outer::transformed_term(&self.outer, &self.path, value.changed(self.rules.transform).0);
        if R::IS_SEARCHED { Term::Searched(Box::new(term)) } else { term }
    }

    /// The value equals this one.
    pub fn eq<K>(&self, value: impl Operand<M, T, K>) -> R::Equality<M> {
        self.compare("=", value).into()
    }

    /// The value differs from this one, or does not exist.
    pub fn ne<K>(&self, value: impl Operand<M, T, K>) -> Condition<M>
    where
        R: EqualRole,
    {
        Condition::new(Node::Compare(self.term(), "<>", self.operand(value)))
    }

    /// The value is one of these, from 1 to 100 values: `Order::A.status.is_in([Status::Open, Status::Paid])`.
    pub fn is_in<V: IntoField<T>>(&self, values: impl IntoIterator<Item = V>) -> Condition<M>
    where
        R: EqualRole,
    {
        let values = values.into_iter().map(|value| self.operand::<ByValue>(value.into_field())).collect();
        Condition::new(Node::In(self.path().clone(), values))
    }
}

impl<M, T: ToAttribute, R: AttributeKind> Attribute<M, T, R> {
    /// The value is less than this one.
    pub fn lt<K>(&self, value: impl Operand<M, T, K>) -> R::Comparison<M>
    where
        T: Ordered,
    {
        self.compare("<", value).into()
    }

    /// The value is at most this one.
    pub fn le<K>(&self, value: impl Operand<M, T, K>) -> R::Comparison<M>
    where
        T: Ordered,
    {
        self.compare("<=", value).into()
    }

    /// The value is greater than this one.
    pub fn gt<K>(&self, value: impl Operand<M, T, K>) -> R::Comparison<M>
    where
        T: Ordered,
    {
        self.compare(">", value).into()
    }

    /// The value is at least this one.
    pub fn ge<K>(&self, value: impl Operand<M, T, K>) -> R::Comparison<M>
    where
        T: Ordered,
    {
        self.compare(">=", value).into()
    }

    /// The value is at least `low` and at most `high`.
    pub fn between<K, L>(&self, low: impl Operand<M, T, K>, high: impl Operand<M, T, L>) -> R::Comparison<M>
    where
        T: Ordered,
    {
        Comparison(Node::Between(self.term(), self.operand(low), self.operand(high))).into()
    }
}

impl<M, T: FromAttribute + 'static, R: AttributeKind> Attribute<M, T, R> {
    /// The stored text or bytes begin with this prefix. The schema's transforms change it as the beginning of a value.
    pub fn begins_with<P: ToAttribute>(&self, prefix: impl IntoField<P>) -> R::Prefix<M>
    where
        T: Prefixed<Prefix = P>,
    {
        Comparison(Node::Call(
            "begins_with",
            vec![self.term(), self.untyped().prefix(Term::value(&prefix.into_field()))],
        ))
        .into()
    }
}

impl<M, T: Container + ToAttribute + FromAttribute + 'static, R> Attribute<M, T, R> {
    /// The text contains this part, or the set or list contains this element: `User::A.tags.contains("admin")`. The
    /// schema's transforms change it as a part of a value.
    pub fn contains<K>(&self, element: impl Operand<M, T::Element, K>) -> Condition<M>
    where
        R: StoredRole,
    {
        self.call("contains", [self.untyped().part(element.term().0)])
    }
}

impl<M, T, R> Attribute<M, T, R> {
    /// The size of the stored value, such as `User::A.name.size().le(100)`: bytes of text and binary values, elements
    /// of collections.
    pub fn size(&self) -> Size<M>
    where
        T: HasSize,
        R: StoredRole,
    {
        Size { term: Term::call("size", vec![self.term()]), typed: PhantomData }
    }
}

/// The size of an attribute's value, to compare with a number.
#[derive(Debug, Clone)]
pub struct Size<M> {
    term: Term,
    typed: PhantomData<fn() -> M>,
}

impl<M> Size<M> {
    fn compare<K>(self, operator: &'static str, size: impl Operand<M, u32, K>) -> Condition<M> {
        Condition::new(Node::Compare(self.term, operator, size.term().0))
    }

    /// The size equals this one.
    pub fn eq<K>(self, size: impl Operand<M, u32, K>) -> Condition<M> {
        self.compare("=", size)
    }

    /// The size differs from this one.
    pub fn ne<K>(self, size: impl Operand<M, u32, K>) -> Condition<M> {
        self.compare("<>", size)
    }

    /// The size is less than this one.
    pub fn lt<K>(self, size: impl Operand<M, u32, K>) -> Condition<M> {
        self.compare("<", size)
    }

    /// The size is at most this one.
    pub fn le<K>(self, size: impl Operand<M, u32, K>) -> Condition<M> {
        self.compare("<=", size)
    }

    /// The size is greater than this one.
    pub fn gt<K>(self, size: impl Operand<M, u32, K>) -> Condition<M> {
        self.compare(">", size)
    }

    /// The size is at least this one.
    pub fn ge<K>(self, size: impl Operand<M, u32, K>) -> Condition<M> {
        self.compare(">=", size)
    }

    /// The size is at least `low` and at most `high`.
    pub fn between<K, L>(self, low: impl Operand<M, u32, K>, high: impl Operand<M, u32, L>) -> Condition<M> {
        Condition::new(Node::Between(self.term, low.term().0, high.term().0))
    }
}
