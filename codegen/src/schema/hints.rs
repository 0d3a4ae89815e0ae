//! What a schema says about the use of its tables: estimates, for which no code is emitted.

use super::Spanned;

/// The requests of a model per second, under its `rate:`.
#[derive(Debug, Default)]
pub(crate) struct RatesDecl {
    pub(crate) get: Option<Spanned<f64>>,
    pub(crate) insert: Option<Spanned<f64>>,
    pub(crate) save: Option<Spanned<f64>>,
    pub(crate) update: Option<Spanned<f64>>,
    pub(crate) delete: Option<Spanned<f64>>,
}
