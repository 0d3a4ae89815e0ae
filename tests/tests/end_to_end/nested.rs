//! Types that a schema defines: structs in structs, enums, unions, types that hold themselves.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::ops::Cause;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::nested::{
    Address, Category, Color, Level, Line, Order, OrderPaid, Payment, PaymentCard, PaymentInvoice, Point, Port,
    Settings, Status, Sum, Term, TermNumber,
};

fn address(city: &str) -> Address {
    Address::builder().street("High Street 1").city(city).zip("0150").build().unwrap()
}

fn order() -> Order {
    let leaf = Category::builder().name("leaf").build().unwrap();
    let category = Category::builder().name("branch").parent(leaf.clone()).children([leaf]).build().unwrap();
    let number = |value| Term::Number(TermNumber { value });
    let sum = Sum { left: Box::new(number(1)), right: Box::new(number(2)) };
    Order::builder()
        .order_id("o1")
        .level(Level::High)
        .color(Color::Other("mauve".to_owned()))
        .ports([Port::Http, Port::Other(8080)])
        .statuses([Status::Shipped, Status::Paid])
        .address(Address { geo: Some(Point { x: 1.5, y: 0.0 }), ..address("Oslo") })
        .lines([Line::builder().sku("a").options([("a.b [c]", "d")]).build().unwrap()])
        .by_region([("north.east", address("Tromsø"))])
        .payment(Payment::Card(PaymentCard { number: "4242".to_owned(), holder: None }))
        .category(category)
        .term(Term::from(sum))
        .build()
        .unwrap()
}

async fn saved() -> (Client, Order) {
    let db = db().await;
    let order = order();
    order.save(&db).await.unwrap();
    (db, order)
}

async fn stored(db: &Client) -> std::collections::HashMap<String, AttributeValue> {
    let sdk = db.sdk();
    let key = AttributeValue::S("o1".to_owned());
    let found = sdk.get_item().table_name(table_name::<Order>(db)).key("order_id", key).send().await.unwrap();
    found.item.unwrap()
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

fn m<const N: usize>(entries: [(&str, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(entries.map(|(name, value)| (name.to_owned(), value)).into())
}

#[tokio::test]
async fn every_type_is_stored_as_its_docs_say_and_reads_back() {
    let (db, order) = saved().await;
    let item = stored(&db).await;
    assert_eq!(item["status"], s("pending"));
    assert_eq!(item["level"], n("10"));
    assert_eq!(item["color"], s("mauve"));
    assert!(matches!(&item["ports"], AttributeValue::Ns(ports) if ports.len() == 2));
    assert_eq!(item["statuses"], AttributeValue::L(vec![s("sent"), s("paid")]));
    let geo = m([("x", n("1.5")), ("y", n("0"))]);
    let address = [("street", s("High Street 1")), ("city", s("Oslo")), ("zip.code", s("0150")), ("geo", geo)];
    assert_eq!(item["address"], m(address));
    assert_eq!(item["payment"], m([("kind", s("CARD")), ("number", s("4242"))]));
    let term = |value| m([("op", s("number")), ("value", n(value))]);
    assert_eq!(item["term"], m([("op", s("sum")), ("left", term("1")), ("right", term("2"))]));
    assert_eq!(item["settings"], m([("theme", s("red")), ("size", n("12"))]));
    assert!(!item.contains_key("billing"));
    assert_eq!(Order::get(&db, "o1").await.unwrap(), order);
    assert_eq!(order.settings, Settings::default());
}

#[tokio::test]
async fn unions_read_by_their_tag_whatever_they_hold() {
    let (db, mut order) = saved().await;
    for payment in [Payment::Cash, PaymentInvoice { address: address("Bergen") }.into()] {
        order.payment = Some(payment);
        order.save(&db).await.unwrap();
        assert_eq!(Order::get(&db, "o1").await.unwrap(), order);
    }
    assert_eq!(stored(&db).await["payment"], {
        let address = m([("street", s("High Street 1")), ("city", s("Bergen")), ("zip.code", s("0150"))]);
        m([("kind", s("invoice")), ("address", address)])
    });
}

#[tokio::test]
async fn a_path_goes_all_the_way() {
    let (db, mut order) = saved().await;
    let a = Order::A;
    let text =
        order.delete(&db).condition(a.by_region.key("north.east").then(Address::A.zip).eq("x")).into_inner().unwrap();
    assert_eq!(text.get_condition_expression().as_deref(), Some("#n0.#n1.#n2 = :v0"));
    let names = text.get_expression_attribute_names().clone().unwrap();
    assert_eq!((names["#n1"].as_str(), names["#n2"].as_str()), ("north.east", "zip.code"));

    let holding = [
        a.address.then(Address::A.city).eq("Oslo"),
        a.address.then(Address::A.geo).then(Point::A.x).between(1.0, 2.0),
        a.address.then(Address::A.zip).begins_with("01"),
        a.by_region.key("north.east").then(Address::A.city).contains("røm") | a.address.exists(),
        a.lines.index(0).then(Line::A.options).key("a.b [c]").eq("d"),
        a.lines.index(0).then(Line::A.count).ge(1),
        a.category.then(Category::A.parent).then(Category::A.name).eq("leaf"),
        a.category.then(Category::A.children).index(0).then(Category::A.parent).not_exists(),
        a.billing.then(Address::A.city).not_exists(),
        a.status.eq(Status::Pending) & a.level.gt(Level::Low),
        a.statuses.contains(Status::Paid),
        a.address.size().eq(4),
    ];
    let whole = Engine::current().compares_maps().then(|| a.address.eq(order.address.clone()));
    for condition in holding.into_iter().chain(whole) {
        let held = order.update(&db, a.color.set(Color::Red)).condition(condition.clone()).if_matches().await.unwrap();
        assert!(held, "{condition:?}");
    }
    if Engine::current().returns_existing() {
        let another = a.status.is_in([Status::Paid]);
        let held = order.update(&db, a.color.set(Color::Red)).condition(another).if_matches().await.unwrap();
        assert!(!held);
    }
}

#[tokio::test]
async fn updates_reach_into_structs() {
    let (db, mut order) = saved().await;
    let a = Order::A;
    let actions = (
        a.address.then(Address::A.city).set("Bergen"),
        a.address.then(Address::A.geo).then(Point::A.x).add(0.5),
        a.lines.index(0).then(Line::A.note).set(Some("fragile".to_owned())),
        a.lines.index(0).then(Line::A.options).key("x.y").set("z"),
        a.category.then(Category::A.parent).remove(),
        a.category.then(Category::A.children).append([Category::builder().name("new").build().unwrap()]),
        a.billing.set(address("Voss")),
        a.payment.set(Payment::Cash),
        a.status.set(Status::Paid),
        a.ports.add(Port::Other(443)),
    );
    order.update(&db, actions).await.unwrap();
    assert_eq!(order.address.city, "Bergen");
    assert_eq!(order.address.geo, Some(Point { x: 2.0, y: 0.0 }));
    assert_eq!(order.lines[0].note.as_deref(), Some("fragile"));
    assert_eq!(order.lines[0].options["x.y"], "z");
    let category = order.category.as_ref().unwrap();
    assert_eq!((&category.parent, category.children.len()), (&None, 2));
    assert_eq!(order.billing.as_ref().unwrap().city, "Voss");
    assert_eq!((order.payment.as_ref(), order.status), (Some(&Payment::Cash), Status::Paid));
    assert_eq!(order.ports.len(), 3);
    order.update(&db, (a.billing.set(None), a.color.set(None))).await.unwrap();
    assert_eq!((&order.billing, &order.color), (&None, &None));
    // Overlapping paths are refused before they are sent.
    let overlapping = (a.address.set(address("A")), a.address.then(Address::A.city).set("B"));
    assert!(matches!(order.update(&db, overlapping).await, Err(Error::Expression { .. })));
}

#[tokio::test]
async fn a_part_of_an_absent_value_is_reported_with_its_path() {
    let (db, mut order) = saved().await;
    let a = Order::A;
    assert_eq!(order.billing, None);
    let before = order.clone();
    let city = || a.billing.then(Address::A.city).set("Voss");
    for update in [city(), a.billing.then(Address::A.geo).remove()] {
        let error = order.update(&db, update).await.unwrap_err();
        let Error::AbsentParent { paths, .. } = &error else { unreachable!("{error}") };
        assert!(paths.starts_with("billing."), "{paths}");
    }
    let error = Order::update_by_key(&db, order.order_id.clone(), city()).await.unwrap_err();
    assert!(error.to_string().ends_with("has no value that billing.city is a part of: set the whole value"), "{error}");
    if Engine::current().cancels_failed_updates() {
        let error = db.transaction().update_item(&order, city()).await.unwrap_err();
        let Error::TransactionCanceled(canceled) = &error else { unreachable!("{error}") };
        assert_eq!(canceled.reasons()[0].cause(), Cause::AbsentParent, "{error}");
    }
    assert_eq!(order, before);
    order.refresh(&db).await.unwrap();
    assert_eq!(order, before);
}

#[tokio::test]
async fn indexes_and_projections_hold_structs_and_enums() {
    let (db, order) = saved().await;
    let found = Order::query_by_status(&db, Status::Pending)
        .range(dyntastic_tests::nested::OrderByStatus::A.level.ge(Level::High))
        .one()
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.address, found.level), (order.address, Level::High));
    let paid = Order::scan(&db).project_into::<OrderPaid>().one().await.unwrap().unwrap();
    assert_eq!(paid, OrderPaid { payment: order.payment, status: Status::Pending });
    let a = Order::A;
    let cities = Order::scan(&db)
        .project((a.address.then(Address::A.city), a.billing.then(Address::A.city)))
        .one()
        .await
        .unwrap();
    assert_eq!(cities, Some((Some("Oslo".to_owned()), None)));
}

#[tokio::test]
async fn what_does_not_fit_is_told_with_its_path() {
    let (db, _) = saved().await;
    let cases = [
        ("address", m([("street", s("x")), ("city", n("1"))]), "Order.address.city: expected S, found N"),
        (
            "address",
            m([("street", s("x")), ("city", s("x"))]),
            "Order.address[\"zip.code\"]: missing, and the field has no default",
        ),
        ("status", s("lost"), "Order.status: expected Status: no variant has this text"),
        ("level", n("3"), "Order.level: expected Level: no variant has this number"),
        ("payment", m([("kind", s("gold"))]), "Order.payment.kind: expected Payment: no variant has this tag"),
        ("payment", m([]), "Order.payment.kind: missing, and the field has no default"),
        ("payment", m([("kind", s("CARD"))]), "Order.payment.number: missing, and the field has no default"),
        (
            "lines",
            AttributeValue::L(vec![m([("sku", s("a")), ("count", n("-1"))])]),
            "Order.lines[0].count: expected u32: the number is out of range",
        ),
        ("by_region", m([("a b", s("x"))]), "Order.by_region[\"a b\"]: expected M, found S"),
    ];
    for (attribute, value, expected) in cases {
        let mut item = stored(&db).await;
        item.insert("order_id".to_owned(), s("damaged"));
        item.insert(attribute.to_owned(), value);
        let sdk = db.sdk();
        sdk.put_item().table_name(table_name::<Order>(&db)).set_item(Some(item)).send().await.unwrap();
        let error = Order::get(&db, "damaged").await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
