use crate::client::{Tracker, violations};
use axum::http::StatusCode;
use dyntastic::serde_json::{Value, json};

/// A project with one issue: the path of its issues to open one, and the project's path.
async fn with_an_issue(tracker: &Tracker) -> (String, String) {
    let (in_workspace, project) = tracker.project().await;
    let open = format!("{in_workspace}/issues");
    let issue = tracker.made(&open, json!({ "title": "It crashes", "labels": ["bug"] })).await;
    assert_eq!(
        (&issue["number"], &issue["status"], &issue["authorId"]),
        (&json!(1), &json!("open"), &json!(tracker.user))
    );
    (open, project)
}

#[tokio::test]
async fn issues_are_numbered_in_their_project() {
    let tracker = Tracker::start().await;
    let (open, project) = with_an_issue(&tracker).await;
    for number in 2..5 {
        assert_eq!(tracker.made(&open, json!({ "title": "More" })).await["number"], number);
    }
    assert_eq!(tracker.read(open.strip_suffix("/issues").unwrap()).await["issues"], 4);
    assert_eq!(tracker.read(&format!("{project}/issues/4")).await["issue"]["title"], "More");

    // An issue that is refused takes no number.
    let refused = tracker.post(&open, json!({ "title": " ", "labels": ["NO"] })).await;
    assert_eq!(violations(&refused), [("title", "min_length"), ("labels[0]", "pattern")]);
    assert_eq!(tracker.read(open.strip_suffix("/issues").unwrap()).await["issues"], 4);
}

#[tokio::test]
async fn issues_that_are_opened_at_the_same_time_have_different_numbers() {
    let tracker = Tracker::start().await;
    let (open, project) = with_an_issue(&tracker).await;
    let again = || tracker.post(&open, json!({ "title": "More" }));
    let answers = tokio::join!(again(), again(), again(), again());
    let answers = [answers.0, answers.1, answers.2, answers.3];
    let made = answers.iter().filter(|(status, _)| *status == StatusCode::CREATED).count();
    let conflicts = answers.iter().filter(|(status, _)| *status == StatusCode::CONFLICT).count();
    assert!(made > 0 && made + conflicts == 4, "{answers:?}");
    let (cards, _) = tracker.all(&format!("{project}/board/open")).await;
    let numbers: Vec<usize> = cards.iter().map(|card| card["number"].as_u64().unwrap() as usize).collect();
    assert_eq!(numbers, (1..=made + 1).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_board_has_columns_of_cards_in_pages() {
    let tracker = Tracker::start().await;
    let (open, project) = with_an_issue(&tracker).await;
    for _ in 0..21 {
        tracker.made(&open, json!({ "title": "More" })).await;
    }
    tracker.patch(&format!("{project}/issues/3?version=1"), json!({ "status": "doing" })).await;
    let (cards, pages) = tracker.all(&format!("{project}/board/open")).await;
    assert_eq!((cards.len(), pages), (21, 2));
    let numbers: Vec<u64> = cards.iter().map(|card| card["number"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted() && !numbers.contains(&3));
    let (cards, _) = tracker.all(&format!("{project}/board/doing")).await;
    let card = json!({
        "number": 3, "title": "More", "status": "doing", "priority": "normal", "assigneeId": null, "labels": [],
    });
    assert_eq!(cards, [card]);
    assert_eq!(tracker.get(&format!("{project}/board/elsewhere")).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_column_of_the_board_is_one_query_of_an_index() {
    let tracker = Tracker::start().await;
    let (_, project) = with_an_issue(&tracker).await;
    tracker.sent.take();
    tracker.all(&format!("{project}/board/open")).await;
    tracker.sent.assert(
        "Query tracker index gsi2 where gsi2pk = ? AND begins_with(gsi2sk, ?) \
         select number, title, status, priority, assignee_id, labels, pk, sk, gsi2pk, gsi2sk, kind limit 21",
    );
}

// ANCHOR: conflict
#[tokio::test]
async fn a_change_of_what_somebody_else_has_changed_is_a_conflict() {
    let tracker = Tracker::start().await;
    let (_, project) = with_an_issue(&tracker).await;
    let issue = format!("{project}/issues/1");
    let (status, changed) = tracker.patch(&format!("{issue}?version=1"), json!({ "text": "Often." })).await;
    assert_eq!((status, &changed["version"]), (StatusCode::OK, &json!(2)));
    let (status, _) = tracker.patch(&format!("{issue}?version=1"), json!({ "text": "Rarely." })).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(tracker.read(&issue).await["issue"], changed);
    let (status, _) = tracker.patch(&format!("{issue}?version=2"), json!({ "text": null })).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(tracker.read(&issue).await["issue"]["text"], Value::Null);
    assert_eq!(tracker.patch(&issue, json!({})).await.0, StatusCode::BAD_REQUEST, "no version");
    let (status, _) = tracker.patch(&format!("{project}/issues/9?version=1"), json!({ "text": null })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
// ANCHOR_END: conflict

#[tokio::test]
async fn an_assigned_issue_is_in_the_list_of_its_assignee() {
    let tracker = Tracker::start().await;
    let (_, project) = with_an_issue(&tracker).await;
    let assigned = format!("/users/{}/assigned", tracker.user);
    assert_eq!(tracker.all(&assigned).await.0, Vec::<Value>::new());
    let issue = format!("{project}/issues/1");
    tracker.patch(&format!("{issue}?version=1"), json!({ "assigneeId": tracker.user })).await;
    assert_eq!(tracker.all(&assigned).await.0[0]["number"], 1);
    tracker.patch(&format!("{issue}?version=2"), json!({ "assigneeId": null })).await;
    assert_eq!(tracker.all(&assigned).await.0, Vec::<Value>::new());
}

#[tokio::test]
async fn one_request_shows_an_issue_with_its_comments_and_files() {
    let tracker = Tracker::start().await;
    let (_, project) = with_an_issue(&tracker).await;
    let issue = format!("{project}/issues/1");
    let comments = format!("{issue}/comments");
    let comment = tracker.made(&comments, json!({ "text": "Me too." })).await;
    let one = format!("{comments}/{}", comment["commentId"].as_str().unwrap());
    let (status, comment) = tracker.patch(&one, json!({ "text": "Me too!" })).await;
    assert_eq!(status, StatusCode::OK);
    let log = json!({ "mediaType": "text/plain", "bytes": 120 });
    let (status, file) = tracker.put(&format!("{issue}/files/crash.log"), log).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(tracker.all(&comments).await, (vec![comment.clone()], 1));

    let shown = tracker.read(&issue).await;
    assert_eq!((&shown["comments"], &shown["attachments"]), (&json!([comment]), &json!([file])));
    let activity = tracker.read(&format!("/users/{}/activity", tracker.user)).await;
    assert_eq!(activity, json!({ "issues": [shown["issue"]], "comments": [comment] }));

    assert_eq!(tracker.delete(&one).await.0, StatusCode::NO_CONTENT);
    assert_eq!(tracker.delete(&format!("{issue}/files/crash.log")).await.0, StatusCode::NO_CONTENT);
    let shown = tracker.read(&issue).await;
    assert_eq!((&shown["comments"], &shown["attachments"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn what_belongs_to_an_issue_needs_it_and_goes_with_it() {
    let tracker = Tracker::start().await;
    let (_, project) = with_an_issue(&tracker).await;
    let issue = format!("{project}/issues/1");
    tracker.made(&format!("{issue}/comments"), json!({ "text": "Me too." })).await;
    assert_eq!(tracker.delete(&issue).await.0, StatusCode::NO_CONTENT);
    assert_eq!(tracker.get(&issue).await.0, StatusCode::NOT_FOUND);
    let (status, _) = tracker.post(&format!("{issue}/comments"), json!({ "text": "Hello?" })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = tracker.put(&format!("{issue}/files/a"), json!({ "mediaType": "a/b", "bytes": 1 })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_has_a_type_and_a_size() {
    let tracker = Tracker::start().await;
    let (_, project) = with_an_issue(&tracker).await;
    let file = format!("{project}/issues/1/files/big.bin");
    let answer = tracker.put(&file, json!({ "mediaType": "big", "bytes": 20_000_000 })).await;
    assert_eq!(violations(&answer), [("mediaType", "pattern"), ("bytes", "maximum")]);
    let answer = tracker.put(&file, json!({ "mediaType": "a/b", "bytes": -1 })).await;
    assert_eq!(violations(&answer), [("bytes", "json")]);
}
