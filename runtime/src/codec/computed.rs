//! Computed attributes of structs, and of stored fields.

use super::item::{FromAttribute, ToAttribute};
use super::stored_key::Written;
use super::value_reader::ValueReader;
use super::writer::{ValueWriter, write_value};
use crate::description::{ComputedFrom, TextTemplate};
use crate::ground::{Kind, ReadError, ReadErrorKind, WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;

impl TextTemplate {
    /// Makes the text of fields, in the order of the template. All of them have a value.
    pub fn text(&self, fields: &[&dyn ToAttribute]) -> String {
        self.optional_text(fields).unwrap_or_default()
    }

    /// Makes the text of fields, in the order of the template; `None` if one of them has no value.
    pub fn optional_text(&self, fields: &[&dyn ToAttribute]) -> Option<String> {
        let mut text = String::new();
        let mut stored = Written::default();
        for (part, field) in self.parts.iter().zip(fields) {
            stored.text.clear();
            stored.kind = None;
            // A value without a text, or which DynamoDB cannot store, is an error of the write of its own field.
            let is_written = !field.is_absent() && field.write(ValueWriter::text(&mut stored)).is_ok();
            if !is_written || !matches!(stored.kind, Some(Kind::String | Kind::Number)) {
                return None;
            }
            part.append(&mut text, &stored.text);
        }
        text.push_str(self.end);
        Some(text)
    }
}

impl ComputedFrom<'_> {
    /// The value of a field.
    ///
    /// # Errors
    ///
    /// The attribute is absent, or the type has no such value.
    pub fn field<T: FromAttribute>(&self, attribute: &'static str) -> Result<T, WriteError> {
        let value = match (self.value_of)(attribute) {
            Some(value) => T::read(ValueReader::new(value.clone())),
            None => T::from_null().ok_or_else(|| ReadError::new(ReadErrorKind::Missing)),
        };
        value.map_err(|error| {
            let why = format!("{attribute} cannot be read: {}", error.kind());
            WriteError::new(WriteErrorKind::NotComputed(why.into()))
        })
    }

    /// The computed value.
    ///
    /// # Errors
    ///
    /// DynamoDB cannot store it.
    pub fn value<T: ToAttribute + ?Sized>(&self, value: &T) -> Result<Option<AttributeValue>, WriteError> {
        if value.is_absent() { Ok(None) } else { write_value(value).map(Some) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::{Computation, KeyPart};
    use crate::ground::AttributeMap;

    const NAME: TextTemplate = TextTemplate::new(
        &[
            KeyPart::text("<", "first"),
            KeyPart::text(" ", "last").uppercase(),
            KeyPart::plain_integer(", ", "age"),
            KeyPart::digits("/", "number", 4),
        ],
        ">",
    );

    #[test]
    fn a_struct_and_its_stored_fields_have_the_same_text() {
        let of_struct = |first: &str, last: Option<&str>, age: i32, number: u16| {
            let fields: [&dyn ToAttribute; 4] = [&first.to_owned(), &last.map(str::to_owned), &age, &number];
            let stored = ["first", "last", "age", "number"].into_iter().zip(fields);
            let stored: AttributeMap = stored
                .filter(|(_, field)| !field.is_absent())
                .map(|(name, field)| (name.to_owned(), write_value(field).unwrap()))
                .collect();
            let of_fields = Computation::text("name", NAME).render(&|name| stored.get(name)).unwrap();
            let text = NAME.optional_text(&fields);
            assert_eq!(of_fields, text.clone().map(AttributeValue::S));
            text
        };
        assert_eq!(of_struct("Ada#", Some("Lovelace"), -7, 12).as_deref(), Some("<Ada# LOVELACE, -7/0012>"));
        assert_eq!(of_struct("", Some(""), 0, 0).as_deref(), Some("< , 0/0000>"));
        assert_eq!(of_struct("Ada", None, 7, 12), None);
    }

    #[test]
    fn a_function_has_the_stored_fields() {
        const SUM: Computation = Computation::function("sum", &["one", "other"], |of| {
            let (one, other): (u32, Option<u32>) = (of.field("one")?, of.field("other")?);
            of.value(&one.checked_add(other.unwrap_or_default()))
        });
        let sum = |stored: &[(&str, &str)]| {
            let of = |(name, number): &(&str, &str)| ((*name).to_owned(), AttributeValue::N((*number).to_owned()));
            let stored: AttributeMap = stored.iter().map(of).collect();
            SUM.render(&|name| stored.get(name))
        };
        assert_eq!(sum(&[("one", "1"), ("other", "2")]), Ok(Some(AttributeValue::N("3".to_owned()))));
        assert_eq!(sum(&[("one", "1")]), Ok(Some(AttributeValue::N("1".to_owned()))));
        assert_eq!(sum(&[("one", "4294967295"), ("other", "1")]), Ok(None));
        assert_eq!(
            sum(&[("other", "1")]).unwrap_err().to_string(),
            "sum: one cannot be read: missing, and the field has no default"
        );
    }
}
