//! A model's table: its name, its region and host, and its creation.

use super::resolver::Resolver;
use super::{replicas, resource_policy};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Setting, Table, Throughput};
use crate::schema::{BillingMode, CreateDecl, SettingDecl, Spanned, TableDecl};
use crate::terms::is_kms_key;
use crate::text::show;

/// The table; `None` if it has a mistake.
pub(crate) fn resolve(declared: &TableDecl, resolver: &mut Resolver<'_>) -> Option<Table> {
    let start = resolver.found.mark();
    let name = declared.name.as_ref().map(|name| setting(name, table_name, resolver));
    let region = declared.region.as_ref().map(|region| setting(region, region_name, resolver));
    let host = declared.host.as_ref().map(|host| setting(host, host_url, resolver));
    let throughput = throughput(declared, resolver);
    if let Some(key) = &declared.create.kms_key {
        resolver.found.extend(kms_key(key).err());
    }
    check_units(declared, throughput, resolver);
    let policy = declared.create.resource_policy.as_ref();
    let resource_policy = policy.map(|policy| resource_policy::resolve(policy, name.as_ref(), resolver));
    let replicas = replicas::resolve(declared, resolver);
    let tags = tags(&declared.create, resolver);
    let table = Table {
        name: name?,
        region,
        host,
        // A write in another region of the list would make a table of its own.
        auto_create: declared.auto_create.unwrap_or(replicas.as_ref().is_none_or(Vec::is_empty)),
        throughput,
        table_class: declared.create.table_class,
        deletion_protection: declared.create.deletion_protection,
        point_in_time_recovery: declared.create.point_in_time_recovery,
        contributor_insights: declared.create.contributor_insights,
        kms_key: declared.create.kms_key.as_ref().map(|key| key.value.clone()),
        on_demand_maximum: declared.create.on_demand_maximum.as_ref().map(|units| units.value).unwrap_or_default(),
        warm_throughput: declared.create.warm_throughput.as_ref().map(|units| units.value),
        resource_policy,
        replicas,
        stream: declared.create.stream,
        tags,
        ttl: None,
        indexes: Vec::new(),
        vector_indexes: Vec::new(),
    };
    resolver.found.is_sound_since(start).then_some(table)
}

type Check = fn(&Spanned<String>) -> Result<(), Diagnostic>;

fn setting(declared: &SettingDecl, check: Check, resolver: &mut Resolver<'_>) -> Setting {
    match declared {
        SettingDecl::Value(value) => {
            resolver.found.extend(check(value).err());
            Setting::Value(value.value.clone())
        }
        SettingDecl::Env { variable, default } => {
            resolver.found.extend(variable_name(variable).err());
            resolver.found.extend(default.as_ref().and_then(|default| check(default).err()));
            let default = default.as_ref().map(|default| default.value.clone());
            Setting::Env { variable: variable.value.clone(), default }
        }
    }
}

/// "Naming rules", in "Supported data types and naming rules in Amazon DynamoDB".
fn table_name(name: &Spanned<String>) -> Result<(), Diagnostic> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if (3..=255).contains(&name.value.len()) && name.value.chars().all(allowed) {
        return Ok(());
    }
    Err(Diagnostic::new(Code::BadTableName, "DynamoDB refuses this table name")
        .at(name.span, "a table's name has 3 to 255 of the characters a–z, A–Z, 0–9, `_`, `-` and `.`")
        .help("such as `users`, or `shop.users-v2`"))
}

pub(super) fn region_name(region: &Spanned<String>) -> Result<(), Diagnostic> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !region.value.is_empty() && region.value.len() <= 64 && region.value.chars().all(allowed) {
        return match region_of_zone(&region.value) {
            None => Ok(()),
            Some(of) => Err(Diagnostic::new(Code::BadValue, "this is an availability zone, and no region")
                .at(region.span, "the letter at its end names a zone of a region")
                .help(format!("write `{of}`: a table is in all zones of its region"))),
        };
    }
    Err(Diagnostic::new(Code::BadValue, "this is not the name of a region")
        .at(region.span, "a region's name has lower-case letters, digits and `-`")
        .help("such as `eu-west-1`"))
}

/// Whether it is a name as regions of AWS have it: words and a number, such as `us-gov-west-1`. Other engines have regions of
/// one word, in which no table has replicas.
pub(super) fn is_region_of_aws(name: &str) -> bool {
    let mut parts = name.split('-');
    let is_word = |part: &str| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = |part: &str| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()) && !part.starts_with('0')
    };
    parts.next_back().is_some_and(is_number) && parts.clone().count() > 1 && parts.all(is_word)
}

/// The region of an availability zone, such as `us-east-1` of `us-east-1a`.
fn region_of_zone(name: &str) -> Option<&str> {
    let region = name.strip_suffix(|c: char| c.is_ascii_lowercase())?;
    let (area, number) = region.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    // A local zone is below its region: `us-west-2-lax-1a`.
    let of_local_zone = area.find(|c: char| c.is_ascii_digit()).and_then(|at| region.get(..=at));
    (is_number && area.contains('-')).then(|| of_local_zone.unwrap_or(region))
}

fn host_url(host: &Spanned<String>) -> Result<(), Diagnostic> {
    let rest = host.value.strip_prefix("http://").or(host.value.strip_prefix("https://"));
    if rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())) {
        return Ok(());
    }
    Err(Diagnostic::new(Code::BadValue, "this is not the URL of a host")
        .at(host.span, "a URL begins with `http://` or `https://`")
        .help(match host.value.contains("://") {
            true => "such as `http://localhost:8000`".to_owned(),
            false => format!("such as `http://{}`", show(&host.value)),
        }))
}

fn variable_name(variable: &Spanned<String>) -> Result<(), Diagnostic> {
    let refused = |c: char| c == '=' || c.is_whitespace() || c.is_control();
    if !variable.value.is_empty() && !variable.value.contains(refused) {
        return Ok(());
    }
    Err(Diagnostic::new(Code::BadValue, "this is not the name of an environment variable")
        .at(variable.span, "it has no `=` and no spaces")
        .help("such as `USERS_TABLE`"))
}

pub(super) fn kms_key(key: &Spanned<String>) -> Result<(), Diagnostic> {
    if is_kms_key(&key.value) {
        return Ok(());
    }
    Err(Diagnostic::new(Code::BadValue, "this is not a key of KMS")
        .at(key.span, "a key is an id, an ARN, or `alias/` and a name")
        .help("such as `alias/shop`; `alias/aws/dynamodb` is the key that AWS manages for DynamoDB"))
}

/// The read and write units that every table paid per request takes at once ("Understanding DynamoDB warm throughput").
const WARM: Throughput = Throughput { read: 12_000, write: 4_000 };

/// The maximum of a table that is paid per request, and the units that a table takes at once.
fn check_units(declared: &TableDecl, throughput: Option<Throughput>, resolver: &mut Resolver<'_>) {
    let create = &declared.create;
    if let (Some(maximum), Some(_)) = (&create.on_demand_maximum, throughput) {
        resolver.report(
            Diagnostic::new(Code::TableConflict, "a provisioned table has no on-demand maximum")
                .at(maximum.span, "the maximum")
                .help("drop `on_demand_maximum`: the table's `throughput` is its maximum"),
        );
    }
    // No units at all are a mistake already.
    let Some(warm) = create.warm_throughput.as_ref().filter(|warm| warm.value.read.min(warm.value.write) > 0) else {
        return;
    };
    let least = resolver.tables.throughput(declared).unwrap_or(WARM);
    if warm.value.read < least.read || warm.value.write < least.write {
        resolver.report(
            Diagnostic::new(Code::BadValue, "the warm throughput is less than the table takes at once anyway")
                .at(warm.span, format!("at least {{ read: {}, write: {} }}", least.read, least.write))
                .help("write more, or drop `warm_throughput`"),
        );
    }
}

/// The units that the declaration states. Another model of the table may state them, or how it is paid.
fn throughput(declared: &TableDecl, resolver: &mut Resolver<'_>) -> Option<Throughput> {
    let whole = resolver.tables.all_of(declared);
    let create = &declared.create;
    let own = create.billing_mode.as_ref();
    let earlier =
        whole.iter().take_while(|of| !std::ptr::eq(**of, declared)).filter_map(|of| of.create.billing_mode.as_ref());
    if let Some(own) = own
        && let Some(other) = earlier.into_iter().find(|mode| mode.value != own.value)
    {
        resolver.report(
            Diagnostic::new(Code::TableConflict, "a table is paid in one way")
                .at(own.span, "another billing mode")
                .related(other.span, "the first one")
                .help("write the same `billing_mode` in both models, or in one of them"),
        );
        return create.throughput.as_ref().map(|throughput| throughput.value);
    }
    let of_table = || whole.iter().find_map(|of| of.create.billing_mode.as_ref());
    let mode = own.or_else(of_table).filter(|mode| mode.value == BillingMode::PayPerRequest);
    if let (Some(mode), Some(throughput)) = (mode, &create.throughput) {
        resolver.report(
            Diagnostic::new(Code::TableConflict, "a table that is paid per request has no throughput")
                .at(throughput.span, "throughput is given here")
                .related(mode.span, "the billing mode")
                .help("drop `throughput`, or write `billing_mode: provisioned`"),
        );
        return None;
    }
    if let Some(mode) = own.filter(|mode| mode.value == BillingMode::Provisioned)
        && whole.iter().all(|table| table.create.throughput.is_none())
    {
        resolver.report(
            Diagnostic::new(Code::TableConflict, "a provisioned table needs its throughput")
                .at(mode.span, "provisioned")
                .help("add `throughput: { read: 5, write: 5 }` beside it"),
        );
    }
    create.throughput.as_ref().map(|throughput| throughput.value)
}

/// "Tagging restrictions in DynamoDB".
fn tags(create: &CreateDecl, resolver: &mut Resolver<'_>) -> Vec<(String, String)> {
    if let Some((key, _)) = create.tags.get(50) {
        let diagnostic = Diagnostic::new(Code::BadValue, "a table has at most 50 tags").at(key.span, "the 51st");
        resolver.report(diagnostic.help("remove some of them"));
    }
    for (key, value) in &create.tags {
        if !(1..=128).contains(&key.value.chars().count()) {
            resolver.report(
                Diagnostic::new(Code::BadValue, "a tag's key has 1 to 128 characters")
                    .at(key.span, "this key")
                    .help("such as `team`"),
            );
        }
        if key.value.to_ascii_lowercase().starts_with("aws:") {
            let message = "a tag's key does not begin with `aws:`";
            let diagnostic = Diagnostic::new(Code::BadValue, message).at(key.span, "AWS keeps these for its own tags");
            resolver.report(diagnostic.help("give the tag another key"));
        }
        if value.value.chars().count() > 256 {
            resolver.report(
                Diagnostic::new(Code::BadValue, "a tag's value has at most 256 characters")
                    .at(value.span, "this value")
                    .help("shorten it"),
            );
        }
    }
    create.tags.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect()
}
