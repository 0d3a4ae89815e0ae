//! How many random cases a test tries.

use proptest::prelude::ProptestConfig;

/// `DYNTASTIC_TEST_TIMES` times as many cases as the test tries by itself.
pub(crate) fn config(own: u32) -> ProptestConfig {
    let times = std::env::var("DYNTASTIC_TEST_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    ProptestConfig::with_cases(own * times)
}
