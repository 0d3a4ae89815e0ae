//! Defects that the runtime once had, put back one at a time: so the simulator shows that it would find them. They are in
//! builds with the feature `defects` alone, which is for the project's own tests.

/// A defect that can be put back.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// A new plan of a transaction leaves the guards of values that it gives up.
    GuardsStay,
    /// Each attempt of a transaction has a token of its own.
    TokenPerAttempt,
    /// An error of a batch writer takes the pending writes away.
    WriterForgets,
    /// Guards of two tables are taken for one.
    GuardsWithoutTables,
    /// A move to another key does not look at the version.
    MoveWithoutVersion,
    /// An update takes the default of a field for what is stored.
    DefaultsAreStored,
    /// An upsert writes no defaults.
    UpsertWithoutDefaults,
    /// A page whose items were deleted leads nowhere.
    EmptiedPageIsTheEnd,
    /// What an update calculates has no bounds.
    CalculatedWithoutBounds,
}

#[cfg(feature = "defects")]
std::thread_local! {
    static PUT_BACK: std::cell::Cell<Option<Defect>> = const { std::cell::Cell::new(None) };
}

/// Puts a defect back for what runs in this thread from now on, or none.
#[cfg(feature = "defects")]
#[doc(hidden)]
pub fn put_back(defect: Option<Defect>) {
    PUT_BACK.set(defect);
}

/// Whether the defect is put back.
#[cfg(feature = "defects")]
pub(crate) fn has(defect: Defect) -> bool {
    PUT_BACK.get() == Some(defect)
}

/// Whether the defect is put back, which it never is.
#[cfg(not(feature = "defects"))]
pub(crate) const fn has(_: Defect) -> bool {
    false
}
