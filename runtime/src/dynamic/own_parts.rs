//! The app's own types and checks, which the command does not have.

use super::description::{Constraint, Definition, Described, Structure, Type};
use std::collections::HashSet;

/// The parts of the app that items need.
#[derive(Default)]
pub(super) struct OwnParts {
    seen: HashSet<&'static str>,
    pub(super) types: Vec<&'static str>,
    pub(super) checks: Vec<&'static str>,
}

impl OwnParts {
    pub(super) fn structure(&mut self, schema: &'static Described, of: &'static Structure) {
        if !self.seen.insert(&of.name) {
            return;
        }
        self.checks.extend(of.validate.as_deref());
        for field in &of.fields {
            field.constraints.iter().for_each(|of| self.constraint(of));
            self.ty(schema, &field.ty);
        }
    }

    fn constraint(&mut self, of: &'static Constraint) {
        match of {
            Constraint::Custom(path) => self.checks.push(path),
            Constraint::Items(of) | Constraint::Keys(of) | Constraint::Values(of) | Constraint::Present(of) => {
                of.iter().for_each(|of| self.constraint(of));
            }
            _ => {}
        }
    }

    fn ty(&mut self, schema: &'static Described, of: &'static Type) {
        match of {
            Type::List(of) | Type::Set(of) | Type::Map(of) | Type::Optional(of) => self.ty(schema, of),
            Type::Rust(path) => self.types.push(path),
            Type::Named(name) => match schema.types.get(name) {
                Some(Definition::Struct(of)) => self.structure(schema, of),
                Some(Definition::Union(of)) => {
                    for variant in 0..of.variants.len() {
                        if let Some(structure) = of.structure(schema, variant) {
                            self.structure(schema, structure);
                        }
                    }
                }
                _ => {}
            },
            // An app's own type in it can be read where it is encrypted.
            Type::Scalar(_) | Type::Json | Type::Vector(_) | Type::Encrypted(_) => {}
        }
    }
}
