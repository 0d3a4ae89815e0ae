//! Models that serve a web API: JSON by serde, its schema, and values that stay out of logs.

use crate::engine::{Engine, db};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, json};
use dyntastic::time::Duration;
use dyntastic::uuid::Uuid;
use dyntastic_tests::json_schemas::{Amount, AmountExact, Reading, Span};
use dyntastic_tests::web::{Address, Color, Contact, ContactMail, Level, Member, MemberByRole, MemberCard, Role};

fn member() -> Member {
    Member::builder()
        .member_id(Uuid::from_u128(7))
        .full_name("Alice")
        .password_hash("secret!")
        .level(Level::High)
        .color(Color::Other("mauve".to_owned()))
        .joined("2024-01-31T12:00:00Z".parse::<dyntastic::chrono::DateTime<dyntastic::chrono::Utc>>().unwrap())
        .wait(dyntastic::chrono::TimeDelta::seconds(90))
        .tags(["rye"])
        .address(Address { street: "x".to_owned(), zip: "0150".to_owned() })
        .contact(Contact::Mail(ContactMail { to_whom: "a@b.c".to_owned() }))
        .build()
        .unwrap()
}

#[test]
fn json_has_its_own_spelling_and_reads_back() {
    let json = serde_json::to_value(member()).unwrap();
    let expected = json!({
        "memberId": "00000000-0000-0000-0000-000000000007", "fullName": "Alice", "role": "visitor", "level": 2,
        "color": "mauve", "type": "a", "age": 18, "ratio": 3.125, "joined": "2024-01-31T12:00:00Z",
        "tags": ["rye"], "address": { "street": "x", "zip": "0150" }, "contact": { "kind": "MAIL", "toWhom": "a@b.c" },
        "nets": [], "nick": null, "price": null, "seen": null, "born": null, "wait": "PT1M30S", "tag": null, "net": null,
        "site": null, "ip": null, "blob": null, "extra": null
    });
    assert_eq!(json, expected);
    let read: Member = serde_json::from_value(json).unwrap();
    assert_eq!(read, Member { password_hash: String::new(), ..member() });

    // What has a default may be left out, and what is not there yet is told by its constraints.
    let short = json!({ "memberId": Uuid::from_u128(7), "fullName": "", "level": 1, "contact": { "kind": "none" } });
    let read: Member = serde_json::from_value(short).unwrap();
    assert_eq!(
        (read.age, read.role, read.r#type.as_str(), &read.contact),
        (18, Role::Guest, "a", &Some(Contact::None))
    );
    assert_eq!(read.validate().unwrap_err().to_string(), "Member.name: at least 1 character, this has 0");
    assert!(serde_json::from_value::<Member>(json!({ "fullName": "x" })).unwrap_err().to_string().contains("memberId"));
    assert!(serde_json::from_value::<Role>(json!("guest")).is_err());
}

#[test]
fn sensitive_values_stay_out_of_logs() {
    let member = member();
    let key = dyntastic_tests::web::MemberKey::from(&member);
    let builder = Member::builder().password_hash("secret!").member_id(member.member_id);
    for text in [format!("{member:?}"), format!("{member:#?}"), format!("{key:?}"), format!("{builder:?}")] {
        assert!(!text.contains("secret!") && !text.contains("0000-0007") && !text.contains("000007"), "{text}");
    }
    assert!(
        format!("{member:?}")
            .starts_with("Member { member_id: ***, full_name: \"Alice\", password_hash: ***, role: Guest")
    );
    assert_eq!(format!("{key:?}"), "MemberKey { member_id: *** }");
}

#[test]
fn the_json_schema_has_the_constraints() {
    let schema = serde_json::to_value(dyntastic::schemars::schema_for!(Member)).unwrap();
    let property = |name: &str| &schema["properties"][name];
    assert_eq!((&property("fullName")["minLength"], &property("fullName")["maxLength"]), (&json!(1), &json!(50)));
    assert_eq!((&property("age")["minimum"], &property("age")["default"]), (&json!(18), &json!(18)));
    assert_eq!(property("ratio")["exclusiveMaximum"], json!(10.0));
    assert_eq!(property("type")["enum"], json!(["a", "b"]));
    assert_eq!(property("nick")["enum"], json!(["x", null]));
    assert_eq!((&property("tags")["maxItems"], &property("tags")["uniqueItems"]), (&json!(5), &json!(true)));
    assert_eq!(
        (&property("tags")["items"]["minLength"], &property("tags")["items"]["pattern"]),
        (&json!(2), &json!("^[a-z]"))
    );
    assert_eq!(property("nets")["items"]["type"], json!("string"));
    assert_eq!(schema["$defs"]["Role"], json!({ "type": "string", "enum": ["admin", "visitor"] }));
    assert_eq!(schema["$defs"]["Level"], json!({ "type": "integer", "enum": [1, 2] }));
    assert_eq!(schema["$defs"]["Address"]["properties"]["zip"]["pattern"], json!("^\\d{4}$"));
    let required: Vec<&str> = schema["required"].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(required, ["memberId", "fullName", "level"]);
}

#[test]
fn the_json_schema_holds_the_ends_of_types_and_defaults_that_are_written_as_text() {
    let schema = serde_json::to_value(dyntastic::schemars::schema_for!(Reading)).unwrap();
    let property = |name: &str| &schema["properties"][name];
    assert_eq!(property("signed")["minimum"], json!(i64::MIN));
    assert_eq!(property("signed")["exclusiveMaximum"], json!(i64::MAX));
    assert_eq!(
        (&property("wide")["minimum"], &property("wide")["maximum"]),
        (&json!(3_000_000_000_u64), &json!(u64::MAX))
    );
    assert_eq!(property("wide")["multipleOf"], json!(5_000_000_000_u64));
    // No number of serde_json has more than 64 bits.
    assert!(property("widest").get("maximum").is_none());
    let codes = &property("codes")["items"];
    assert_eq!(
        (&codes["minLength"], &codes["maxLength"], &codes["pattern"]),
        (&json!(2), &json!(8), &json!("^[a-z]+$"))
    );
    let counts = &property("counts")["items"];
    assert_eq!((&counts["minimum"], &counts["maximum"]), (&json!(1), &json!(5_000_000_000_u64)));

    assert_eq!((&property("day")["type"], &property("day")["default"]), (&json!("string"), &json!("2024-01-31")));
    assert_eq!(property("at")["default"], json!("2024-01-31T12:00:00.000000Z"));
    assert_eq!(schema["$defs"]["Span"]["properties"]["length"]["default"], json!("PT1M30S"));
    assert!(schema["$defs"]["Span"].get("required").is_none());
    assert_eq!(schema["required"], json!(["id", "bound", "size", "small", "signed", "wide"]));
    assert_eq!(schema["$defs"]["Bound"]["enum"], json!([i64::MIN, i64::MAX, 0]));
    let read: Reading = serde_json::from_value(
        json!({ "id": "a", "bound": 0, "size": "small", "small": 0, "signed": 0, "wide": 5_000_000_000_u64 }),
    )
    .unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap()["span"]["length"], json!("PT1M30S"));
}

#[test]
fn times_are_text_in_whatever_holds_them() {
    let json = json!({
        "length": "PT1M",
        "lengths": ["PT1H", "P1D"],
        "pause": null,
        "laps": ["PT1M", null],
        "distinct": ["PT1S", "PT2S"],
        "named": { "start": ["2024-01-31T12:00:00.000000Z"] },
        "days": ["2024-01-31"],
        "large": 7,
    });
    let span: Span = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(span.lengths, [Duration::HOUR, Duration::DAY]);
    assert_eq!(serde_json::to_value(&span).unwrap(), json);
    let short: Span = serde_json::from_value(json!({})).unwrap();
    assert_eq!((&short.lengths, &short.days), (&Vec::new(), &None));
    assert_eq!(short.laps, [Some(Duration::MINUTE), Some(Duration::seconds(90))]);
    let schema = serde_json::to_value(dyntastic::schemars::schema_for!(Span)).unwrap();
    let property = |name: &str| &schema["properties"][name];
    assert_eq!(property("lengths"), &json!({ "type": "array", "items": { "type": "string" }, "default": [] }));
    assert_eq!(property("laps")["default"], json!(["PT1M", "PT1M30S"]));
    assert_eq!(property("named")["additionalProperties"]["items"]["type"], json!("string"));
    assert!(schema.get("required").is_none(), "{schema}");
}

#[test]
fn wide_integers_of_a_union_are_read_again() {
    for (units, parts) in
        [(5, vec![0, 5]), (i128::MIN, vec![u128::MAX, u128::from(u64::MAX)]), (i64::MIN.into(), vec![])]
    {
        let amount = Amount::from(AmountExact { units, parts, most: Some(u128::MAX), of: 5 });
        let text = serde_json::to_string(&amount).unwrap();
        assert_eq!(serde_json::from_str::<Amount>(&text).unwrap(), amount, "{text}");
    }
    let text =
        json!({ "kind": "exact", "units": -5, "parts": [18_446_744_073_709_551_615_u64, "18446744073709551616"] });
    let read: Amount = serde_json::from_value(text).unwrap();
    let parts = vec![u128::from(u64::MAX), u128::from(u64::MAX) + 1];
    assert_eq!(read, Amount::from(AmountExact { units: -5, parts, most: None, of: 5 }));
    // The struct of a field is in the union too, and holds one.
    let span: Span = serde_json::from_value(json!({ "large": i128::MAX.to_string() })).unwrap();
    let text = serde_json::to_string(&Amount::from(span.clone())).unwrap();
    assert_eq!(serde_json::from_str::<Amount>(&text).unwrap(), Amount::from(span));
    assert!(serde_json::from_value::<Amount>(json!({ "kind": "exact", "units": 1.5, "parts": [] })).is_err());
    let schema = serde_json::to_value(dyntastic::schemars::schema_for!(AmountExact)).unwrap();
    assert_eq!(schema["properties"]["units"]["type"], json!(["integer", "string"]));
    assert_eq!(schema["properties"]["of"]["default"], json!(5));
}

#[tokio::test]
async fn one_struct_serves_database_and_api() {
    let db = db().await;
    let member = member();
    member.save(&db).await.unwrap();
    assert_eq!(Member::get(&db, member.member_id).await.unwrap(), member);
    let card = Member::scan(&db).project_into::<MemberCard>().one().await.unwrap().unwrap();
    assert_eq!(serde_json::to_value(card).unwrap(), json!({ "fullName": "Alice", "role": "visitor", "age": 18 }));
    let found: MemberByRole = Member::query_by_role(&db, Role::Guest).one().await.unwrap().unwrap();
    assert!(!format!("{found:?}").contains("secret!"));
}

#[tokio::test]
async fn an_item_that_is_too_large_names_its_largest_attributes() {
    let db = db().await;
    let large = Member { extra: Some("x".repeat(300_000).into()), password_hash: "y".repeat(200_000), ..member() };
    let error = large.save(&db).await.unwrap_err().to_string();
    assert!(error.starts_with("Member: the item has 500"), "{error}");
    assert!(
        error.contains("DynamoDB takes 409600; the largest attributes are extra (300005), password_hash (200013), "),
        "{error}"
    );
    assert!(!Member::table_exists(&db).await.unwrap(), "nothing was sent");
}

#[tokio::test]
async fn what_is_read_is_a_response_as_it_is() {
    use example_models::{Customer, CustomerOrders, Order, ShopItem};
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let at = "2024-02-01T12:00:00Z".parse::<dyntastic::chrono::DateTime<dyntastic::chrono::Utc>>().unwrap();
    for number in [1_u32, 2] {
        Order::builder().customer_id("c1").placed_at(at).number(number).build().unwrap().save(&db).await.unwrap();
    }
    let json = |number: u32| {
        json!({ "customerId": "c1", "placedAt": "2024-02-01T12:00:00Z", "number": number, "status": "pending",
            "endsAt": null })
    };

    let page = Order::query(&db, "c1").limit(1).page().await.unwrap();
    let body = serde_json::to_value(&page).unwrap();
    assert_eq!(body, json!({ "items": [json(1)], "next": page.next.unwrap(), "previous": null }));

    let all = CustomerOrders::query(&db, "c1").await.unwrap();
    assert_eq!(serde_json::to_value(&all).unwrap(), json!({ "customer": null, "orders": [json(1), json(2)] }));

    let item = ShopItem::query(&db, "CUSTOMER#c1").stream().next().await.unwrap().unwrap();
    let mut expected = json(1);
    expected["kind"] = json!("ORDER");
    assert_eq!(serde_json::to_value(&item).unwrap(), expected);
    let unknown = ShopItem::Unknown(dyntastic::codec::UnknownAttributes::default());
    assert_eq!(serde_json::to_value(&unknown).unwrap(), json!({ "kind": "Unknown" }));
    let _: Option<Customer> = all.customer;
}
