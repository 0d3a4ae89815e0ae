use crate::client::{Tracker, text};
use axum::http::StatusCode;
use dyntastic::aws_sdk_dynamodbstreams as streams_sdk;
use dyntastic::aws_sdk_dynamodbstreams::types::ShardIteratorType;
use dyntastic::serde_json::{Value, json};
use dyntastic::streams::Record;

/// The records of the table's stream so far, as a reader of the stream gets them.
async fn records(tracker: &Tracker) -> Vec<Record> {
    let config = streams_sdk::Config::builder()
        .behavior_version(streams_sdk::config::BehaviorVersion::latest())
        .region(streams_sdk::config::Region::new("local"))
        .credentials_provider(streams_sdk::config::Credentials::for_tests())
        .endpoint_url(tracker.local.endpoint());
    let streams = streams_sdk::Client::from_conf(config.build());
    let table = tracker.db.sdk().describe_table().table_name("tracker").send().await.unwrap().table.unwrap();
    let stream = streams.describe_stream().stream_arn(table.latest_stream_arn().unwrap()).send().await.unwrap();
    let mut found = Vec::new();
    for shard in stream.stream_description().unwrap().shards() {
        let iterator = streams.get_shard_iterator().set_stream_arn(table.latest_stream_arn.clone());
        let iterator = iterator.shard_id(shard.shard_id().unwrap()).shard_iterator_type(ShardIteratorType::TrimHorizon);
        let iterator = iterator.send().await.unwrap().shard_iterator;
        let read = streams.get_records().set_shard_iterator(iterator).send().await.unwrap();
        found.extend(read.records.unwrap().into_iter().map(|record| Record::try_from(record).unwrap()));
    }
    found
}

#[tokio::test]
async fn changes_become_events_and_notifications_once() {
    let tracker = Tracker::start().await;
    let (in_workspace, project) = tracker.project().await;
    tracker.made(&format!("{in_workspace}/issues"), json!({ "title": "It crashes" })).await;
    let issue = format!("{project}/issues/1");
    tracker.patch(&format!("{issue}?version=1"), json!({ "assigneeId": tracker.user })).await;
    tracker.patch(&format!("{issue}?version=2"), json!({ "title": "It crashes often" })).await;
    let comment = tracker.made(&format!("{issue}/comments"), json!({ "text": "On it." })).await;
    tracker.delete(&issue).await;

    // The second time, everything is there already.
    for _ in 0..2 {
        for record in records(&tracker).await {
            axum_example::changes::follow(&tracker.db, record).await.unwrap();
        }
        let (events, _) = tracker.all(&format!("{project}/events")).await;
        let mut kinds: Vec<&Value> = events.iter().map(|event| &event["what"]["type"]).collect();
        kinds.sort_by_key(|kind| kind.to_string());
        assert_eq!(kinds, ["commented", "moved", "opened", "removed"]);
        let commented = events.iter().find(|event| event["what"]["type"] == "commented").unwrap();
        assert_eq!(commented["what"]["commentId"], comment["commentId"]);

        let (unread, _) = tracker.all("/inbox/unread").await;
        assert_eq!((unread.len(), &unread[0]["title"]), (1, &json!("It crashes")));
    }

    let (unread, _) = tracker.all("/inbox/unread").await;
    let one = format!("/inbox/{}/{}/read", text(&unread[0]["at"]), text(&unread[0]["eventId"]));
    let (status, read) = tracker.post(&one, Value::Null).await;
    assert_eq!((status, &read["isRead"]), (StatusCode::OK, &json!(true)));
    assert_eq!(tracker.all("/inbox/unread").await.0, Vec::<Value>::new());

    // A record that comes again after its notification was read does not make it unread.
    assert_eq!(tracker.post("/inbox/read", Value::Null).await.0, StatusCode::NO_CONTENT);
    for record in records(&tracker).await {
        axum_example::changes::follow(&tracker.db, record).await.unwrap();
    }
    assert_eq!(tracker.all("/inbox/unread").await.0, Vec::<Value>::new());
    assert_eq!(tracker.all("/inbox").await.0.len(), 1);
}
