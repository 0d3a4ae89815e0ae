//! Attribute values in JSON: conversion into the SDK's types, and checks that build no values.

use super::document::{Json, Malformed};
use crate::ground::{AttributeMap, Kind};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;
use std::convert::Infallible;

type Result<T> = std::result::Result<T, Malformed>;

impl<'b> Json<'b> {
    /// Reads the entries of an object until `read` returns something. `read` gets a name, with the position before the
    /// value, and reads or skips the value.
    #[inline]
    fn find_entry<T>(&self, mut read: impl FnMut(Cow<'b, str>) -> Result<Option<T>>) -> Result<Option<T>> {
        self.open(b'{')?;
        let mut is_first = true;
        while self.next(is_first, b'}')? {
            is_first = false;
            let found = read(self.name()?)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Reads all entries of an object, in the same way.
    #[inline]
    pub(in crate::codec) fn each_entry(&self, mut read: impl FnMut(Cow<'b, str>) -> Result<()>) -> Result<()> {
        self.find_entry(|name| read(name).map(|()| None::<Infallible>)).map(drop)
    }

    /// Reads the entries of an object whose names `wants` accepts, as the SDK's types.
    pub(in crate::codec) fn entries(&self, wants: impl Fn(&str) -> bool) -> Result<AttributeMap> {
        let mut entries = AttributeMap::new();
        self.each_entry(|name| {
            if !wants(&name) {
                return self.skip();
            }
            entries.insert(name.into_owned(), self.value()?);
            Ok(())
        })?;
        Ok(entries)
    }

    /// Reads the values of the entries with these names, as the SDK's types. If no name comes twice, it stops once it has them.
    pub(in crate::codec) fn some_values(
        &self,
        names: &[&str],
        values: &mut [Option<AttributeValue>],
        may_come_twice: bool,
    ) -> Result<()> {
        let mut left = names.len();
        let found_all = self.find_entry(|name| {
            let Some(value) = names.iter().position(|other| *other == name).and_then(|index| values.get_mut(index))
            else {
                return self.pass_entry();
            };
            *value = Some(self.value()?);
            left = left.saturating_sub(1);
            Ok((left == 0 && !may_come_twice).then_some(()))
        });
        found_all.map(drop)
    }

    /// Reads the text of the first entry with this name, and stops after it; `None` if there is no such entry or it is not
    /// text.
    pub(in crate::codec) fn text_of(&self, name: &str) -> Result<Option<Cow<'b, str>>> {
        let found = self.find_entry(|other| {
            if other == name {
                return Ok(Some(match self.plain(b'S') {
                    Some(text) => Some(text.into()),
                    None if self.tag()? == Kind::String => Some(self.text(true)?),
                    None => None,
                }));
            }
            self.pass_entry()
        });
        Ok(found?.flatten())
    }

    /// Reads the text of the number of the first entry with this name, in the same way. Another value is an error.
    pub(in crate::codec) fn number_of(&self, name: &str) -> Result<Option<&'b str>> {
        self.find_entry(|other| match other == name {
            true => self.plain(b'N').map(Some).ok_or(Malformed),
            false => self.pass_entry(),
        })
    }

    fn pass_entry<T>(&self) -> Result<Option<T>> {
        if !self.pass_plain() {
            self.skip()?;
        }
        Ok(None)
    }

    /// Reads an attribute value, as the SDK's type.
    pub(in crate::codec) fn value(&self) -> Result<AttributeValue> {
        let value = match self.tag()? {
            Kind::String => AttributeValue::S(self.string()?.into_owned()),
            Kind::Number => AttributeValue::N(self.string()?.into_owned()),
            Kind::Binary => AttributeValue::B(Blob::new(self.base64()?)),
            Kind::Bool => AttributeValue::Bool(self.bool()?),
            Kind::Null => AttributeValue::Null(self.bool()?),
            Kind::List => AttributeValue::L(self.elements(Self::value)?),
            Kind::Map => AttributeValue::M(self.entries(|_| true)?),
            Kind::StringSet => AttributeValue::Ss(self.elements(|json| json.string().map(Cow::into_owned))?),
            Kind::NumberSet => AttributeValue::Ns(self.elements(|json| json.string().map(Cow::into_owned))?),
            Kind::BinarySet => AttributeValue::Bs(self.elements(|json| json.base64().map(Blob::new))?),
        };
        self.close(b'}')?;
        Ok(value)
    }

    /// Skips a valid attribute value.
    pub(in crate::codec) fn pass(&self) -> Result<()> {
        if self.pass_plain() {
            return Ok(());
        }
        let skip_string = |json: &Self| json.string().map(drop);
        match self.tag()? {
            Kind::String | Kind::Number => skip_string(self)?,
            Kind::Binary => drop(self.base64()?),
            Kind::Bool | Kind::Null => drop(self.bool()?),
            Kind::List => drop(self.elements(Self::pass)?),
            Kind::StringSet | Kind::NumberSet => drop(self.elements(skip_string)?),
            Kind::BinarySet => drop(self.elements(Self::base64)?),
            Kind::Map => self.each_entry(|_| self.pass())?,
        }
        self.close(b'}')
    }

    /// Skips an object of valid attribute values, and returns whether the one with this name is this text. If several have the
    /// name, the last one counts, as for the SDK.
    pub(in crate::codec) fn has_text(&self, name: &str, text: &str) -> Result<bool> {
        let mut has_text = false;
        self.each_entry(|other| {
            if other == name {
                has_text = self.is_text(text)?;
                return Ok(());
            }
            self.pass()
        })?;
        Ok(has_text)
    }

    /// Skips an attribute value, and returns whether it is this text.
    pub(in crate::codec) fn is_text(&self, text: &str) -> Result<bool> {
        let read = |json: Self| match json.tag() {
            Ok(Kind::String) => Ok(json.text(true)),
            _ => Err(Malformed),
        };
        match self.attempt(read) {
            Ok(read) => Ok(read? == text),
            Err(Malformed) => self.pass().map(|()| false),
        }
    }

    fn elements<T>(&self, read: impl Fn(&Self) -> Result<T>) -> Result<Vec<T>> {
        self.open(b'[')?;
        let mut elements = Vec::new();
        while self.next(elements.is_empty(), b']')? {
            elements.push(read(self)?);
        }
        Ok(elements)
    }
}
