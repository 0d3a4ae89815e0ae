//! Old defects of the runtime, which tests put back one at a time to show that the simulator finds each of them. They
//! exist only with the feature `defects`, which is for the project's own tests.

/// An old defect of the runtime.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// A new plan of a transaction leaves the guards of values that its items no longer have.
    GuardsStay,
    /// Each attempt of a transaction has a token of its own.
    TokenPerAttempt,
    /// A batch writer loses its pending writes after an error.
    WriterForgets,
    /// A transaction mistakes guards of two tables for one guard.
    GuardsWithoutTables,
    /// A move to another key ignores the version.
    MoveWithoutVersion,
    /// An update mistakes the default of a field for its stored value.
    DefaultsAreStored,
    /// An upsert writes no defaults.
    UpsertWithoutDefaults,
    /// A page whose items were all deleted has no next page.
    EmptiedPageIsTheEnd,
    /// An update does not check the numbers that it calculates against their bounds.
    CalculatedWithoutBounds,
    /// An update changes an item of an earlier schema version as if it had the current form.
    UpdatesOfAnyForm,
    /// A migration writes an item although another writer has changed it.
    MigrationWithoutCondition,
    /// A patch creates a struct as a whole although another writer has created it.
    StructsOverwritten,
    /// A patch checks the rule of a struct as it was read, although another writer has changed it.
    RulesOfReadStructs,
    /// A search of whole items gives them scores by their place, although some were deleted since.
    ScoresByPlace,
    /// A request that is dropped while it waits for a rate limit keeps the units that it took.
    PermitsStay,
    /// An update stores the values of encrypted fields as they are.
    UpdatesInPlain,
    /// A write of a whole item ignores that its counters were changed since it was read.
    SavesUndoIncrements,
    /// A block of a sequence has one number too many.
    BlocksOverlap,
    /// An update sets a searchable field without its hash.
    UpdatesWithoutHashes,
    /// An update of an item that has a computed field leaves the field as it is.
    ComputedFieldsStay,
    /// A write stores an item as it is, without the model's `before_write`.
    WritesWithoutHook,
    /// A write changes an item that is deleted by `soft_delete`.
    WritesOfDeleted,
    /// A deleted item keeps the guards of its unique values.
    GuardsOfDeletedStay,
    /// A migration moves its cursor before the items of the page are written.
    CursorBeforeItems,
    /// A bulk write changes an item although it no longer fulfils the condition.
    BulkWithoutConditions,
    /// A client of a context writes the items of another.
    OtherContexts,
    /// The state of a bulk write says that a page is done before its items are written.
    StateBeforeItems,
}

#[cfg(feature = "defects")]
std::thread_local! {
    static PUT_BACK: std::cell::Cell<Option<Defect>> = const { std::cell::Cell::new(None) };
}

/// Puts back a defect in this thread from now on; `None` ends it.
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

/// Always false: builds without the feature have no defects to put back.
#[cfg(not(feature = "defects"))]
pub(crate) const fn has(_: Defect) -> bool {
    false
}
