//! The policy of a table ("Using resource-based policies for DynamoDB").

use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{ConditionDecl, PolicyDecl, PrincipalsDecl, Spanned, StatementDecl};
use crate::terms::{Action, Principal, Principals, Resource, ResourcePolicy, Statement};
use crate::text::show;

/// "Resource-based policy considerations": 20 KB, white space included.
const MAX_LENGTH: usize = 20 * 1024;

const VERSION: &str = "2012-10-17";

/// The kinds of principals ("IAM JSON policy elements: Principal").
const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

pub(super) fn resolve(declared: &PolicyDecl, resolver: &mut Resolver<'_>) -> ResourcePolicy {
    if let Some(version) = declared.version.as_ref().filter(|of| ![VERSION, "2008-10-17"].contains(&of.value.as_str()))
    {
        let diagnostic = refuse(version, "a policy has no such version");
        resolver.report(diagnostic.help(format!("write `Version: \"{VERSION}\"`, or leave it out")));
    }
    for statement in &declared.statements {
        check(statement, resolver);
    }
    let policy = ResourcePolicy {
        version: declared.version.as_ref().map_or(VERSION, |version| &version.value).to_owned(),
        id: declared.id.as_ref().map(|id| id.value.clone()),
        statement: declared.statements.iter().map(statement).collect(),
    };
    let length = policy.json().len();
    if length > MAX_LENGTH {
        resolver.report(
            Diagnostic::new(Code::BadValue, "the policy is too long")
                .at(declared.span, format!("it has {length} bytes in JSON, and DynamoDB takes {MAX_LENGTH}"))
                .help("give rights to groups of principals and actions, such as `dynamodb:Get*`"),
        );
    }
    policy
}

fn check(of: &StatementDecl, resolver: &mut Resolver<'_>) {
    if let Some(sid) = of.sid.as_ref().filter(|sid| !sid.value.chars().all(|c| c.is_ascii_alphanumeric())) {
        resolver.report(refuse(sid, "a statement's name has letters and digits").help("such as `Sid: ReadByReports`"));
    }
    if of.action.is_empty() {
        resolver.report(
            Diagnostic::new(Code::BadValue, "a statement names at least one action")
                .at(of.span, "this statement")
                .help("such as `Action: [dynamodb:GetItem, dynamodb:Query]`, or `Action: dynamodb:*`"),
        );
    }
    for action in &of.action {
        let is_action = action.value == "*" || action.value.strip_prefix("dynamodb:").is_some_and(|of| !of.is_empty());
        if !is_action {
            let help = match action.value.contains(':') {
                true => "a table's policy is about actions of DynamoDB, such as `dynamodb:GetItem`".to_owned(),
                false => format!("write `dynamodb:{}`", show(&action.value)),
            };
            resolver.report(refuse(action, "this is not an action of DynamoDB").help(help));
        }
    }
    for resource in &of.resource {
        let is_table = |arn: &str| arn.split(':').nth(2) == Some("dynamodb") && arn.contains(":table/");
        if resource.value != "*" && !(resource.value.starts_with("arn:") && is_table(&resource.value)) {
            let help = "leave `Resource` out: it is the table with its indexes. Otherwise, write its ARN";
            resolver.report(refuse(resource, "this is not the ARN of a table or an index").help(help));
        }
    }
    match &of.principal {
        PrincipalsDecl::Text(text) if text.value != "*" => {
            let help = format!("write `Principal: {{ AWS: \"{}\" }}`", show(&text.value));
            resolver.report(refuse(text, "a principal has a kind").help(help));
        }
        PrincipalsDecl::Text(_) => {}
        PrincipalsDecl::Kinds(kinds) => kinds.iter().for_each(|(kind, names)| principals(kind, names, resolver)),
    }
}

fn principals(kind: &Spanned<String>, names: &[Spanned<String>], resolver: &mut Resolver<'_>) {
    if !KINDS.contains(&kind.value.as_str()) {
        let diagnostic = refuse(kind, "this is not a kind of principals");
        resolver.report(diagnostic.help("write `AWS` for accounts, roles and users, or `Service`"));
    }
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    // DynamoDB returns a deleted role or user as its id.
    let is_id = |text: &str| text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    for name in names.iter().filter(|_| kind.value == "AWS") {
        let text = name.value.as_str();
        if text != "*" && !is_account(text) && !text.starts_with("arn:") && !is_id(text) {
            let help = "such as `\"123456789012\"`, or `arn:aws:iam::123456789012:role/reports`";
            resolver.report(refuse(name, "a principal is an account with 12 digits, or an ARN").help(help));
        }
    }
}

fn refuse(of: &Spanned<String>, message: &str) -> Diagnostic {
    Diagnostic::new(Code::BadValue, message).at(of.span, format!("this is `{}`", show(&of.value)))
}

fn statement(of: &StatementDecl) -> Statement {
    let texts = |of: &[Spanned<String>]| of.iter().map(|text| text.value.clone()).collect::<Vec<_>>().into();
    let principals = match &of.principal {
        PrincipalsDecl::Text(text) => Principals::Text(text.value.clone()),
        PrincipalsDecl::Kinds(kinds) => {
            Principals::Kinds(kinds.iter().map(|(kind, names)| (kind.value.clone(), texts(names))).collect())
        }
    };
    // Of a policy of one resource, every resource is that one: the table and its indexes.
    let resource = if of.resource.is_empty() { "*".to_owned().into() } else { texts(&of.resource) };
    Statement {
        sid: of.sid.as_ref().map(|sid| sid.value.clone()),
        effect: of.effect,
        principal: if of.is_not_principal {
            Principal::NotPrincipal(principals)
        } else {
            Principal::Principal(principals)
        },
        action: if of.is_not_action { Action::NotAction(texts(&of.action)) } else { Action::Action(texts(&of.action)) },
        resource: if of.is_not_resource { Resource::NotResource(resource) } else { Resource::Resource(resource) },
        condition: of
            .conditions
            .iter()
            .map(|ConditionDecl { operator, keys }| {
                let keys = keys.iter().map(|(key, values)| (key.clone(), values.clone().into())).collect();
                (operator.clone(), keys)
            })
            .collect(),
    }
}
