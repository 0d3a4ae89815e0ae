//! The kinds of scalars without quotes, as YAML 1.2 has them.

/// The kind of a scalar without quotes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum PlainKind {
    Null,
    Boolean(bool),
    /// A whole number. One that `i128` cannot hold, which is too large for every type, has the nearest value of `i128`.
    Whole(i128),
    /// A number with a fraction or an exponent. One that `f64` cannot hold is infinite.
    Fraction(f64),
    Text,
}

impl PlainKind {
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Self::Null,
            "true" | "True" | "TRUE" => return Self::Boolean(true),
            "false" | "False" | "FALSE" => return Self::Boolean(false),
            ".nan" | ".NaN" | ".NAN" => return Self::Fraction(f64::NAN),
            _ => {}
        }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] {
            let Some(digits) = text.strip_prefix(prefix) else { continue };
            let is_whole = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
            let number = || Self::Whole(i128::from_str_radix(digits, radix).unwrap_or(i128::MAX));
            return if is_whole { number() } else { Self::Text };
        }
        let (is_negative, number) = match text.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if matches!(number, ".inf" | ".Inf" | ".INF") {
            return Self::Fraction(if is_negative { f64::NEG_INFINITY } else { f64::INFINITY });
        }
        if !number.starts_with(|first: char| first == '.' || first.is_ascii_digit()) {
            return Self::Text;
        }
        if number.bytes().all(|byte| byte.is_ascii_digit()) {
            let limit = if is_negative { i128::MIN } else { i128::MAX };
            return Self::Whole(text.parse().unwrap_or(limit));
        }
        text.parse().map_or(Self::Text, Self::Fraction)
    }
}

/// A number as all parsers of YAML read it without quotes; `None` for what is no number.
pub(crate) fn plain_number(text: &str) -> Option<String> {
    match PlainKind::of(text) {
        PlainKind::Whole(i128::MIN | i128::MAX) => Some(text.to_owned()),
        PlainKind::Whole(number) => Some(number.to_string()),
        PlainKind::Fraction(number) if number.is_finite() => Some(fraction(text)),
        PlainKind::Fraction(_) => Some(text.to_owned()),
        _ => None,
    }
}

/// A number with digits on both sides of a point, and with the exponent's sign.
fn fraction(text: &str) -> String {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) if exponent.starts_with(['-', '+']) => (number, format!("e{exponent}")),
        Some((number, exponent)) => (number, format!("e+{exponent}")),
        None => (text, String::new()),
    };
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let or_zero = |digits: &str| if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    format!("{sign}{}.{}{exponent}", or_zero(whole), or_zero(fraction))
}

#[cfg(test)]
mod tests {
    use super::PlainKind;
    use serde_yaml::Value;

    fn of_serde_yaml(text: &str) -> PlainKind {
        match serde_yaml::from_str(text) {
            Ok(Value::Null) => PlainKind::Null,
            Ok(Value::Bool(value)) => PlainKind::Boolean(value),
            Ok(Value::Number(number)) => {
                let whole = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
                whole.map_or_else(|| PlainKind::Fraction(number.as_f64().unwrap()), PlainKind::Whole)
            }
            _ => PlainKind::Text,
        }
    }

    #[test]
    fn every_short_text_has_the_kind_that_serde_yaml_gives_it() {
        let alphabet = ["0", "1", "7", "a", "e", "x", "n", "E", ".", "-", "+", "_", "true", "Null", "inf", "NaN"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer: Vec<String> =
                texts.iter().flat_map(|text| alphabet.map(|next| format!("{text}{next}"))).collect();
            texts.extend(longer);
        }
        for text in texts {
            // Numbers that begin with 0 and a sign before 0x: the reader refuses all that parsers read differently.
            let digits = text.trim_start_matches(['-', '+']);
            let is_other_form = digits.len() > 1 && digits.starts_with('0') && !text.starts_with("0x");
            // `- ` and `-` are lists.
            if is_other_form || text == "-" || text.starts_with("---") {
                continue;
            }
            let (own, theirs) = (PlainKind::of(&text), of_serde_yaml(&text));
            assert_eq!(format!("{own:?}"), format!("{theirs:?}"), "{text}");
        }
    }

    #[test]
    fn a_number_beyond_64_bits_is_a_number() {
        assert_eq!(PlainKind::of("100000000000000000000"), PlainKind::Whole(100_000_000_000_000_000_000));
        assert_eq!(PlainKind::of("0xFFFFFFFFFFFFFFFFFF"), PlainKind::Whole(0xFF_FFFF_FFFF_FFFF_FFFF));
        assert_eq!(PlainKind::of(&"9".repeat(40)), PlainKind::Whole(i128::MAX));
        assert_eq!(PlainKind::of(&format!("-{}", "9".repeat(40))), PlainKind::Whole(i128::MIN));
        assert_eq!(PlainKind::of("1e400"), PlainKind::Fraction(f64::INFINITY));
        assert_eq!(PlainKind::of("-1.5e400"), PlainKind::Fraction(f64::NEG_INFINITY));
    }
}
