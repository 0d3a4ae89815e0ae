//! A hand-written reader of the page, by jiter's tokens.

use dyntastic_benchmarks::by_hand::{Dims, Product};
use jiter::Jiter;
use std::error::Error;
use std::str::FromStr;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Reads the items of the page.
pub fn products(body: &[u8]) -> Result<Vec<Product>> {
    let mut items = Vec::new();
    let mut json = Jiter::new(body);
    object(
        &mut json,
        |name| name == "Items",
        |json, is_items| if is_items { array(json, &mut items, product) } else { Ok(json.next_skip()?) },
    )?;
    json.finish()?;
    Ok(items)
}

enum Field {
    Id,
    Sort,
    Name,
    Description,
    Price,
    Qty,
    Active,
    Tags,
    Dims,
    Other,
}

impl Field {
    fn of(name: &str) -> Self {
        match name {
            "id" => Self::Id,
            "sort" => Self::Sort,
            "name" => Self::Name,
            "description" => Self::Description,
            "price" => Self::Price,
            "qty" => Self::Qty,
            "active" => Self::Active,
            "tags" => Self::Tags,
            "dims" => Self::Dims,
            _ => Self::Other,
        }
    }
}

fn product(json: &mut Jiter<'_>) -> Result<Product> {
    let (mut id, mut sort, mut name, mut description, mut price) = (None, None, None, None, None);
    let (mut qty, mut active, mut tags, mut size) = (None, None, None, None);
    object(json, Field::of, |json, field| {
        match field {
            Field::Id => id = Some(text(json)?),
            Field::Sort => sort = Some(number(json)?),
            Field::Name => name = Some(text(json)?),
            Field::Description => description = Some(text(json)?),
            Field::Price => price = Some(number(json)?),
            Field::Qty => qty = Some(number(json)?),
            Field::Active => active = Some(value(json, "BOOL", |json| Ok(json.next_bool()?))?),
            Field::Tags => tags = Some(value(json, "L", texts)?),
            Field::Dims => size = Some(value(json, "M", dims)?),
            Field::Other => json.next_skip()?,
        }
        Ok(())
    })?;
    Ok(Product {
        id: id.ok_or("no id")?,
        sort: sort.ok_or("no sort")?,
        name: name.ok_or("no name")?,
        description,
        price: price.ok_or("no price")?,
        qty: qty.ok_or("no qty")?,
        active: active.ok_or("no active")?,
        tags: tags.ok_or("no tags")?,
        dims: size.ok_or("no dims")?,
    })
}

fn dims(json: &mut Jiter<'_>) -> Result<Dims> {
    let (mut w, mut h, mut label) = (None, None, None);
    let field = |name: &str| ["w", "h", "label"].iter().position(|field| *field == name);
    object(json, field, |json, field| {
        match field {
            Some(0) => w = Some(number(json)?),
            Some(1) => h = Some(number(json)?),
            Some(_) => label = Some(text(json)?),
            None => json.next_skip()?,
        }
        Ok(())
    })?;
    Ok(Dims { w: w.ok_or("no w")?, h: h.ok_or("no h")?, label: label.ok_or("no label")? })
}

fn text(json: &mut Jiter<'_>) -> Result<String> {
    value(json, "S", |json| Ok(json.next_str()?.to_owned()))
}

fn texts(json: &mut Jiter<'_>) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    array(json, &mut texts, text)?;
    Ok(texts)
}

fn number<T: FromStr<Err: Error + 'static>>(json: &mut Jiter<'_>) -> Result<T> {
    value(json, "N", |json| Ok(json.next_str()?.parse()?))
}

/// Reads a value of a type: an object with one entry, whose name is the type's.
fn value<'j, T>(json: &mut Jiter<'j>, kind: &str, read: impl FnOnce(&mut Jiter<'j>) -> Result<T>) -> Result<T> {
    if json.next_object()? != Some(kind) {
        return Err("a value of another type".into());
    }
    let read = read(json)?;
    if json.next_key()?.is_some() { Err("a value of two types".into()) } else { Ok(read) }
}

/// Reads the members of an object. `name` maps the name of a member to the argument of `member`.
fn object<'j, N>(
    json: &mut Jiter<'j>,
    name: impl Fn(&str) -> N,
    mut member: impl FnMut(&mut Jiter<'j>, N) -> Result<()>,
) -> Result<()> {
    let mut next = json.next_object()?.map(&name);
    while let Some(found) = next {
        member(json, found)?;
        next = json.next_key()?.map(&name);
    }
    Ok(())
}

/// Reads the elements of an array.
fn array<'j, T>(json: &mut Jiter<'j>, to: &mut Vec<T>, read: impl Fn(&mut Jiter<'j>) -> Result<T>) -> Result<()> {
    let mut next = json.next_array()?;
    while next.is_some() {
        to.push(read(json)?);
        next = json.array_step()?;
    }
    Ok(())
}
