//! The names of keys in KMS.

/// Whether a text names a key: "CreateTable", SSESpecification, KMSMasterKeyId, and "Key identifiers (KeyId)", AWS KMS.
pub(crate) fn is_kms_key(text: &str) -> bool {
    match text.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        ["arn", partition, "kms", region, account, key] => {
            let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
            let key = key.strip_prefix("key/").map_or_else(|| is_kms_alias(key), is_kms_id);
            is_word(partition) && is_word(region) && is_account && key
        }
        _ => is_kms_alias(text) || is_kms_id(text),
    }
}

/// The name of a partition or a region of AWS.
fn is_word(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(allowed)
}

fn is_kms_alias(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    text.strip_prefix("alias/").is_some_and(|name| !name.is_empty() && name.chars().all(allowed))
}

/// A UUID, or `mrk-` and the digits of one for a key of several regions.
fn is_kms_id(text: &str) -> bool {
    let is_hex = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.strip_prefix("mrk-") {
        Some(digits) => is_hex(digits, 32),
        None => {
            let parts: Vec<&str> = text.split('-').collect();
            parts.len() == 5 && parts.iter().zip([8, 4, 4, 4, 12]).all(|(part, length)| is_hex(part, length))
        }
    }
}
