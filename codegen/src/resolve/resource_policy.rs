//! The policy of a table ("Using resource-based policies for DynamoDB").

use super::policy_words::{ACTIONS, OPERATORS, base_operator, has_action, is_like, limits_principals};
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, Help, did_you_mean, nearest};
use crate::model::Setting;
use crate::schema::{ConditionDecl, PolicyDecl, PrincipalsDecl, Spanned, StatementDecl};
use crate::terms::{Action, Effect, Principal, Principals, Resource, ResourcePolicy, Statement};
use crate::text::show;

/// "Resource-based policy considerations": 20 KB, white space included.
const MAX_LENGTH: usize = 20 * 1024;

const VERSION: &str = "2012-10-17";

/// The kinds of principals ("IAM JSON policy elements: Principal").
const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// The policy of the table with this name.
pub(super) fn resolve(declared: &PolicyDecl, table: Option<&Setting>, resolver: &mut Resolver<'_>) -> ResourcePolicy {
    if let Some(version) = declared.version.as_ref().filter(|of| ![VERSION, "2008-10-17"].contains(&of.value.as_str()))
    {
        let diagnostic = refuse(version, "a policy has no such version");
        resolver.report(diagnostic.help(format!("write `Version: \"{VERSION}\"`, or leave it out")));
    }
    for (at, statement) in declared.statements.iter().enumerate() {
        check(statement, table, resolver);
        let earlier = || declared.statements.iter().take(at).filter_map(|earlier| earlier.sid.as_ref());
        if let Some(sid) = &statement.sid
            && let Some(first) = earlier().find(|first| first.value == sid.value)
        {
            let diagnostic = refuse(sid, "two statements have the same name").related(first.span, "the first one");
            resolver.report(diagnostic.help("give one of them another `Sid`, or none"));
        }
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

fn check(of: &StatementDecl, table: Option<&Setting>, resolver: &mut Resolver<'_>) {
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
    of.action.iter().for_each(|name| action(name, resolver));
    of.resource.iter().for_each(|arn| resource(arn, table, resolver));
    for operator in of.conditions.iter().map(|condition| &condition.operator) {
        let base = base_operator(&operator.value);
        if !OPERATORS.contains(&base) {
            let help = did_you_mean(base, OPERATORS.iter().copied());
            let help = help.unwrap_or_else(|| "such as `StringEquals`, `ArnLike` or `Bool`".to_owned().into());
            resolver.report(refuse(operator, "this is not an operator of conditions").help(help));
        }
    }
    if of.is_not_principal && of.effect == Effect::Allow {
        let diagnostic = Diagnostic::new(Code::BadValue, "`NotPrincipal` is only for `Effect: Deny`");
        resolver.report(diagnostic.at(of.span, "this statement allows").help("name those who may: `Principal`"));
    }
    let is_limited = || {
        let mut conditions = of.conditions.iter().flat_map(|of| of.keys.iter().map(move |key| (&of.operator, key)));
        conditions.any(|(operator, (key, values))| limits_principals(&operator.value, key, values))
    };
    if let Some(everyone) = everyone(of)
        && !is_limited()
    {
        let message = "DynamoDB refuses a policy that lets everyone use a table";
        let help = "name accounts or roles, or add a condition such as `StringEquals: { aws:PrincipalOrgID: o-123 }`, \
                    without `*` in its values";
        resolver.report(refuse(everyone, message).help(help));
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

/// The place where a statement lets everyone do something.
fn everyone(of: &StatementDecl) -> Option<&Spanned<String>> {
    let is_everyone = |text: &&Spanned<String>| text.value == "*";
    let text = match &of.principal {
        PrincipalsDecl::Text(text) => Some(text).filter(is_everyone),
        PrincipalsDecl::Kinds(kinds) => {
            let names = kinds.iter().filter(|(kind, _)| kind.value == "AWS").flat_map(|(_, names)| names);
            names.into_iter().find(is_everyone)
        }
    };
    text.filter(|_| of.effect == Effect::Allow && !of.is_not_principal)
}

fn action(of: &Spanned<String>, resolver: &mut Resolver<'_>) {
    let help = match of.value.split_once(':') {
        None if of.value == "*" => return,
        Some(_) if action_of_dynamodb(&of.value).is_some() => return,
        Some(_) => "a table's policy is about actions of DynamoDB, such as `dynamodb:GetItem`".to_owned(),
        None => format!("write `dynamodb:{}`", show(&of.value)),
    };
    resolver.report(refuse(of, "this is not an action of DynamoDB").help(help));
}

/// The service and the name of an action, if the service is DynamoDB.
fn action_of_dynamodb(action: &str) -> Option<(&str, &str)> {
    action.split_once(':').filter(|(service, name)| service.eq_ignore_ascii_case("dynamodb") && !name.is_empty())
}

/// The warnings of a policy: actions that no release of DynamoDB had when this one was made.
pub(super) fn unknown_actions(policy: &PolicyDecl) -> impl Iterator<Item = Diagnostic> {
    let actions = policy.statements.iter().flat_map(|statement| &statement.action);
    actions.filter_map(|action| {
        let (service, name) = action_of_dynamodb(&action.value).filter(|(_, name)| !has_action(name))?;
        let help = match nearest(name, ACTIONS.iter().copied()).map(|near| format!("{service}:{near}")) {
            Some(near) => Help::replacing(format!("did you mean `{near}`?"), Some(&action.value), &near),
            None => "transactions have the actions of their parts, and PartiQL has its own".to_owned().into(),
        };
        let diagnostic = Diagnostic::new(Code::UnknownAction, "DynamoDB has no such action");
        Some(diagnostic.at(action.span, format!("this is `{}`", show(&action.value))).help(help))
    })
}

/// "DynamoDB resource-based policy examples": a statement is of no effect if its ARN is not that of the policy's table.
fn resource(of: &Spanned<String>, table: Option<&Setting>, resolver: &mut Resolver<'_>) {
    if of.value == "*" {
        return;
    }
    let help = "leave `Resource` out: it is the table with its indexes. Otherwise, write its ARN";
    let parts: Vec<&str> = of.value.splitn(6, ':').collect();
    let (service, place) = match parts.as_slice() {
        ["arn", _, service, _, _, place] => (*service, *place),
        _ => ("", ""),
    };
    let path: Vec<&str> = place.split('/').collect();
    let name = match path.as_slice() {
        ["table", name] | ["table", name, "index", _] if service == "dynamodb" => name,
        _ => return resolver.report(refuse(of, "this is not the ARN of a table or an index").help(help)),
    };
    // A variable may hold the name of another table than its default.
    let Some(Setting::Value(own)) = table else { return };
    // A client may put a prefix before the names of all tables.
    if !name.ends_with(own.as_str()) && !is_like(own, name) {
        let message = format!("this is not the table `{}`", show(own));
        resolver.report(refuse(of, &message).help(help));
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
                (operator.value.clone(), keys)
            })
            .collect(),
    }
}
