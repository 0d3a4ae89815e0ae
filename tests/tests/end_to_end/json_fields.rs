//! The settings of JSON of single fields, and enums of numbers by name.

use crate::engine::db;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Violations, schemars};
use dyntastic_tests::json_fields::{
    Channel, Contact, ContactMail, CreateMember, Home, Level, Member, MemberCard, MemberPatch,
};

fn member() -> Member {
    let mail = ContactMail { kind: "private".to_owned(), level: Level::Low };
    let mut member = Member::builder()
        .member_id("m1")
        .mail_address("a@b.c")
        .rest(dyntastic::chrono::Duration::seconds(60))
        .level(Level::High)
        .build()
        .unwrap();
    member.secret_hash = "hash".to_owned();
    member.note = Some("late".to_owned());
    member.tags = vec!["x".to_owned()];
    member.home = Some(Home { zip: "0150".to_owned(), checked: false });
    member.channels = [Channel::InShop, Channel::Other(7)].into();
    member.contact = Some(Contact::Mail(mail));
    member
}

fn body() -> Value {
    json!({
        "memberId": "m1", "emailAddress": "a@b.c", "points": 5, "urls": [], "wait/for": "PT5M", "pauseFor": null,
        "restFor": "PT1M", "sort": null, "livesAt": { "post/code": "0150" }, "channel": "web",
        "channels": ["in-shop", 7], "rank": "high",
        "contact": { "kind": "mail", "kindOfMail": "private", "level": "low" },
    })
}

#[tokio::test]
async fn json_has_the_names_and_the_item_its_attributes() {
    let member = member();
    assert_eq!(serde_json::to_value(&member).unwrap(), body());
    let read: Member = serde_json::from_value(body()).unwrap();
    assert_ne!(read.made, member.made);
    assert_eq!((read.secret_hash.as_str(), &read.note, read.tags.len()), ("unset", &None, 0));
    // What is not in JSON is not taken from it either.
    let mut evil = body();
    evil["secretHash"] = json!("evil");
    evil["secret_hash"] = json!("evil");
    assert_eq!(serde_json::from_value::<Member>(evil).unwrap().secret_hash, "unset");
    let home = read.home.clone().map(|home| Home { checked: false, ..home });
    let same = Member {
        secret_hash: member.secret_hash.clone(),
        note: member.note.clone(),
        tags: member.tags.clone(),
        made: member.made,
        home,
        ..read
    };
    assert_eq!(same, member);

    let db = db().await;
    member.save(&db).await.unwrap();
    assert_eq!(Member::get(&db, "m1").await.unwrap(), member);
    let found = Member::scan(&db).filter(Member::A.channels.contains(Channel::InShop)).all().await;
    assert_eq!(found.unwrap_or_default().len(), 1);
}

#[test]
fn enums_of_numbers_have_their_names_and_keep_other_numbers() {
    let read = |json: Value| serde_json::from_value::<Channel>(json);
    for (channel, json) in [(Channel::Web, json!("web")), (Channel::InShop, json!("in-shop"))] {
        assert_eq!(serde_json::to_value(channel).unwrap(), json);
        assert_eq!(read(json).unwrap(), channel);
    }
    assert_eq!(serde_json::to_value(Channel::Other(-7)).unwrap(), json!(-7));
    assert_eq!(read(json!(-7)).unwrap(), Channel::Other(-7));
    assert_eq!(read(json!(1)).unwrap(), Channel::Web);
    let error = read(json!("Web")).unwrap_err().to_string();
    assert_eq!(error, "unknown variant `Web`, expected `web` or `in-shop`");
    assert!(read(json!(1.5)).is_err());

    assert_eq!(Level::High.as_i64(), 20);
    assert_eq!(serde_json::to_value(Level::High).unwrap(), json!("high"));
    assert_eq!(serde_json::from_value::<Level>(json!("low")).unwrap(), Level::Low);
    assert!(serde_json::from_value::<Level>(json!(10)).is_err());
}

#[test]
fn violations_have_the_names_in_json() {
    let places = |violations: Violations| -> Vec<String> {
        violations.iter().map(|of| format!("{} = {}", of.path(), of.json_path())).collect()
    };
    let home = Home { zip: "1".to_owned(), checked: true };
    let bad =
        Member { mail_address: "a".to_owned(), secret_hash: String::new(), score: 10, home: Some(home), ..member() };
    let expected =
        ["mail = emailAddress", "secret_hash = secret_hash", "score = points", r#"home.zip = livesAt["post/code"]"#];
    assert_eq!(places(bad.validate().unwrap_err()), expected);
}

#[test]
fn inputs_and_projections_have_the_same_names() {
    let sent = json!({ "memberId": "m1", "emailAddress": "a@b.c", "restFor": "PT1M", "rank": "low", "points": 3 });
    let made = serde_json::from_value::<CreateMember>(sent).unwrap().build().unwrap();
    assert_eq!((made.score, made.level, made.secret_hash.as_str()), (3, Level::Low, "unset"));

    let patch = json!({ "emailAddress": "b@b.c", "wait/for": null, "pauseFor": "PT1S", "secretHash": "evil" });
    let patch: MemberPatch = serde_json::from_value(patch).unwrap();
    let written = json!({ "emailAddress": "b@b.c", "wait/for": null, "pauseFor": "PT1S" });
    assert_eq!(serde_json::to_value(&patch).unwrap(), written);

    let of = member();
    let card =
        MemberCard { mail_address: of.mail_address, secret_hash: of.secret_hash, wait: of.wait, level: of.level };
    let json = json!({ "emailAddress": "a@b.c", "wait/for": "PT5M", "rank": "high" });
    assert_eq!(serde_json::to_value(&card).unwrap(), json);
    assert_eq!(serde_json::from_value::<MemberCard>(json).unwrap().secret_hash, "unset");
}

#[test]
fn the_json_schemas_agree() {
    let keys =
        |of: &Value| -> Vec<String> { of.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect() };
    let schema = serde_json::to_value(schemars::schema_for!(Member)).unwrap();
    assert_eq!(keys(&schema["properties"]), keys(&body()));
    assert_eq!(schema["properties"]["wait/for"]["default"], "PT5M");
    assert_eq!(schema["properties"]["points"]["maximum"], 9);
    assert_eq!(schema["required"], json!(["memberId", "emailAddress", "restFor", "rank"]));
    let channel = json!([{ "type": "string", "enum": ["web", "in-shop"] }, { "type": "integer" }]);
    assert_eq!(schema["$defs"]["Channel"]["anyOf"], channel);
    assert_eq!(schema["$defs"]["Level"], json!({ "type": "string", "enum": ["low", "high"] }));
    assert_eq!(keys(&schema["$defs"]["Home"]["properties"]), ["post/code"]);

    for of in [schemars::schema_for!(CreateMember), schemars::schema_for!(MemberPatch)] {
        let properties = keys(&serde_json::to_value(of).unwrap()["properties"]);
        assert!(properties.iter().all(|name| body().get(name).is_some()), "{properties:?}");
    }
}
