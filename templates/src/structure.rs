//! A struct: its fields, attributes, mapping and builder.

/// A struct that is stored as named attributes, whatever it is emitted for.
#[derive(Debug)]
pub struct StructView {
    /// The struct's identifier.
    pub name: String,
    /// The struct's name as a literal.
    pub name_literal: String,
    /// `a` or `an`, as the name wants it.
    pub article: &'static str,
    /// The doc of the struct.
    pub doc: Vec<String>,
    /// The derived traits, such as `Debug, Clone, PartialEq`.
    pub derives: Vec<String>,
    /// Attributes after the derives.
    pub attributes: Vec<String>,
    /// Whether a field stays out of debug texts.
    pub hides: bool,
    /// Whether a default is a float, which may look like a well-known constant to a lint.
    pub has_float_default: bool,
    /// Whether every field has a default, and not all have that of their Rust type.
    pub has_default: bool,
    /// The fields in the order of the schema.
    pub fields: Vec<FieldView>,
    /// Whether a lint takes a field's type for too complex.
    pub is_complex: bool,
    /// Whether the builder has so many type parameters that a lint takes it for too complex.
    pub has_many_parameters: bool,
    /// The type parameters of the builder, one for each required field, such as `UserIdField, NameField`.
    pub parameters: Vec<String>,
    /// The statements that check more than one field.
    pub checks: Vec<String>,
    /// The identifier of the field that keeps unknown attributes; empty where none does.
    pub unknown: String,
    /// The attributes that are made of fields and are none themselves, as literals.
    pub made: Vec<String>,
    /// Attributes of that field.
    pub unknown_attributes: Vec<String>,
    /// How the key that an item is stored under is checked, where it is made of fields.
    pub stored_key: Option<StoredKeyView>,
    /// Whether what is read is checked.
    pub validate_on_read: bool,
    /// The identifier of what the mapping reads from, which no field has.
    pub reader: String,
    /// The identifier of the number of the attribute that is read, which no field has.
    pub attribute: String,
}

/// A key that is made of fields, as it is checked when an item is read.
#[derive(Debug)]
pub struct StoredKeyView {
    /// The identifier of what holds it, which no field has.
    pub ident: String,
    /// Its attributes: the name as a literal, and the method that reads it.
    pub attributes: Vec<(String, &'static str)>,
    /// The expressions of the values that it is made of, in their order.
    pub values: Vec<String>,
    /// Whether it stays out of error texts.
    pub sensitive: bool,
}

/// A field of a struct.
#[derive(Debug)]
pub struct FieldView {
    /// The field's identifier.
    pub ident: String,
    /// The identifier of the builder's method that sets it.
    pub setter: String,
    /// The field's name for docs.
    pub name: String,
    /// The field's doc.
    pub doc: Vec<String>,
    /// The field's doc among the attributes.
    pub attribute_doc: String,
    /// The field's type.
    pub ty: String,
    /// The type of the attribute's value, without `Option`.
    pub value: String,
    /// The attribute's role, such as `Plain` or `RangeKey<Event>`.
    pub role: String,
    /// The type that the builder holds until `build`, where the field is not required.
    pub held: String,
    /// The attribute's name as a literal.
    pub attribute: String,
    /// How its value is read once the reader is at it, such as `read(&mut name)`.
    pub read: String,
    /// The expression of the value that is written, such as `&self.name`.
    pub written: String,
    /// The builder's type parameter of a required field.
    pub parameter: Option<String>,
    /// Whether the field is optional: what the builder holds is what the model gets.
    pub optional: bool,
    /// What turns an absent value into the default, such as `.unwrap_or(0)`.
    pub or_default: String,
    /// The expression of its default; empty where it has none.
    pub default: String,
    /// The doc of the builder's method.
    pub setter_doc: String,
    /// Attributes of the field.
    pub attributes: Vec<String>,
    /// The field's name as a literal, for debug texts.
    pub debug_name: String,
    /// Whether its value stays out of debug texts.
    pub sensitive: bool,
    /// Whether a function makes its default for serde.
    pub has_serde_default: bool,
    /// The calls that check a value, such as `.min_length(1)`; empty where nothing is asked of it.
    pub check: String,
    /// Whether the value stands in a box.
    pub is_boxed: bool,
    /// Whether it is a key of the table: no update sets it.
    pub is_key: bool,
    /// The expression that transforms `text`; empty where nothing is done to it.
    pub transformed: String,
}

impl FieldView {
    /// Whether a function of its own checks it: writes and updates share that.
    pub(crate) fn has_check(&self) -> bool {
        !self.check.is_empty() && !self.is_boxed && !self.is_key
    }
}

impl StructView {
    /// The field, where the mapping reads one attribute alone.
    pub(crate) fn only_field(&self) -> Option<&FieldView> {
        match self.fields.as_slice() {
            [field] if self.stored_key.is_none() => Some(field),
            _ => None,
        }
    }

    /// The names of the attributes that are read, as literals.
    pub(crate) fn read_attributes(&self) -> Vec<&str> {
        let keys = self.stored_key.iter().flat_map(|key| &key.attributes);
        let fields = self.fields.iter().map(|field| field.attribute.as_str());
        fields.chain(keys.map(|(name, _)| name.as_str())).collect()
    }

    /// The expressions that read them.
    pub(crate) fn reads(&self) -> Vec<String> {
        let fields = self.fields.iter().map(|field| format!("{}.{}", self.reader, field.read));
        let key = |key: &StoredKeyView| {
            let of_key = |(_, method): &(String, &str)| format!("{}.{method}({})", key.ident, self.reader);
            key.attributes.iter().map(of_key).collect::<Vec<_>>()
        };
        fields.chain(self.stored_key.iter().flat_map(key)).collect()
    }

    /// Whether the struct is looked at after it is read.
    pub(crate) fn reads_item(&self) -> bool {
        self.validate_on_read || self.stored_key.is_some()
    }

    /// Whether anything is asked of its values.
    pub(crate) fn is_checked(&self) -> bool {
        !self.checks.is_empty() || self.fields.iter().any(|field| !field.check.is_empty())
    }

    /// Whether functions of its own check or transform its fields.
    pub(crate) fn has_functions(&self) -> bool {
        self.fields.iter().any(|field| !field.transformed.is_empty() || field.has_check() || field.has_serde_default)
    }

    /// The builder's type parameters in their brackets.
    pub(crate) fn generics(&self) -> String {
        match self.parameters.as_slice() {
            [] => String::new(),
            parameters => format!("<{}>", parameters.join(", ")),
        }
    }
}
