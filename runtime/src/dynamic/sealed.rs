//! Fields that are stored compressed or encrypted. The command has no keys: an encrypted value is bytes to it, which it
//! keeps as they are.

use super::description::{Default, Described, Field, Form, ModelDescription, Structure, Type};
use super::leaked;
use super::scalar::{Scalar, ScalarType};
use super::value::{StructValue, Value};
use crate::codec::is_encrypted;
use crate::description::{Seal, Seals, Table};
use crate::ground::Violations;
use serde::Deserialize;
use std::collections::HashSet;

/// The length of a hash, in bytes.
const HASH: usize = 32;

/// How a field is sealed.
#[derive(Debug, Deserialize)]
pub(super) struct SealDescription {
    is_compressed: bool,
    /// The schema's name of the key.
    key: Option<String>,
    /// Whether values from before are read as they are.
    reads_unencrypted: bool,
}

impl SealDescription {
    fn is_encrypted(&self) -> bool {
        self.key.is_some()
    }
}

impl Described {
    /// Makes encrypted fields bytes; those that may be unencrypted may also be of their type.
    pub(super) fn without_keys(&mut self) {
        for model in &mut self.models {
            let fields = &mut model.structure.fields;
            let is_encrypted = |field: &&Field| field.seal.as_ref().is_some_and(SealDescription::is_encrypted);
            let encrypted: HashSet<String> =
                fields.iter().filter(is_encrypted).map(|field| field.attribute.clone()).collect();
            for field in fields {
                field.order.retain(|order| !encrypted.contains(&order.attribute));
                if encrypted.contains(&field.attribute) {
                    field.become_encrypted();
                }
            }
        }
    }
}

impl Field {
    fn become_encrypted(&mut self) {
        let stored = match self.seal.as_ref().is_some_and(|seal| seal.reads_unencrypted) {
            true => match std::mem::replace(&mut self.ty, Type::Json) {
                Type::Optional(plain) => Type::Encrypted(plain),
                plain => Type::Encrypted(Box::new(plain)),
            },
            false => {
                self.form = Form::Own;
                Type::Scalar(ScalarType::Bytes)
            }
        };
        (self.ty, self.default) = match self.default {
            Default::Required => (stored, Default::Required),
            _ => (Type::Optional(Box::new(stored)), Default::Absent),
        };
        (self.cut, self.checked_precision) = (None, None);
        (self.is_sorted, self.absent_if_empty) = (false, false);
        self.transform.clear();
        self.constraints.clear();
        self.order.clear();
    }

    /// Checks that a value of an encrypted field is encrypted already.
    pub(super) fn check_seal(&self, value: &Value, violations: &mut Violations) {
        let Some(key) = self.seal.as_ref().and_then(|seal| seal.key.as_deref()) else { return };
        let is_allowed = match value {
            Value::None | Value::Unread => true,
            Value::Scalar(Scalar::Bytes(bytes)) => is_encrypted(bytes, key),
            _ => false,
        };
        if !is_allowed {
            let message =
                "it is encrypted, and only the app has the keys: leave it out, or give the bytes that are stored";
            violations.add("encrypted", message, Vec::new());
        }
    }
}

impl Structure {
    /// Checks that each hash of a searchable field belongs to a value. A value may lack its hash: a migration adds it.
    pub(super) fn check_hashes(&'static self, value: &StructValue, violations: &mut Violations) {
        let is_absent = |value: &Value| matches!(value, Value::None);
        let fields = || self.fields.iter().zip(&value.fields);
        for (field, hash) in fields() {
            let Some(of) = &field.hash_of else { continue };
            let hashed = fields().find(|(other, _)| other.attribute == *of);
            if !is_absent(hash) && hashed.is_some_and(|(_, value)| is_absent(value)) {
                violations.within_attribute(&field.attribute, |violations| {
                    let message = format!("it is the hash of `{of}`, which is absent: leave it out too");
                    violations.add("encrypted", message, Vec::new());
                });
            } else if let Value::Scalar(Scalar::Bytes(bytes)) = hash
                && bytes.len() != HASH
            {
                violations.within_attribute(&field.attribute, |violations| {
                    let message = format!("a hash has {HASH} bytes, and only the app can make one: leave it out, or give the bytes that are stored");
                    violations.add("encrypted", message, Vec::new());
                });
            }
        }
    }
}

/// The seals of the fields that the command can open.
pub(super) fn seals(of: &'static ModelDescription, table: &Table) -> Seals {
    let compressed = of
        .structure
        .fields
        .iter()
        .filter(|field| field.seal.as_ref().is_some_and(|seal| seal.is_compressed && !seal.is_encrypted()));
    Seals::new(table, leaked::all(compressed.map(|field| Seal::compressed(&field.attribute))))
}
