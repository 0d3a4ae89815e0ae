//! Services and what each does.

/// A program with rights of its own.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) doc: Option<String>,
    pub(crate) uses: Vec<Use>,
    /// The names of the collections that it queries.
    pub(crate) collections: Vec<String>,
    /// The names of models whose tables' streams it reads.
    pub(crate) streams: Vec<String>,
    /// Whether its first writes create missing tables.
    pub(crate) auto_create: bool,
    /// Whether it makes all tables of the schema what it says.
    pub(crate) ensure_tables: bool,
}

/// A model that a service uses.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) model: String,
    pub(crate) operations: Vec<Operation>,
    /// The names of the only fields that it reads and changes, if not of all.
    pub(crate) fields: Option<Vec<String>>,
}

/// What a service does with the items of a model, or with its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operation {
    Get,
    BatchGet,
    Query,
    Scan,
    /// A query of the index at this position.
    QueryIndex(usize),
    ScanIndex(usize),
    /// A search of the vector index at this position.
    Search(usize),
    Save,
    Insert,
    Replace,
    Update,
    Delete,
    Check,
    Rekey,
    BatchWrite,
    DeletePartition,
    Migrate,
    CreateTable,
    DeleteTable,
}

impl Operation {
    pub(crate) fn is_read(&self) -> bool {
        matches!(
            self,
            Operation::Get
                | Operation::BatchGet
                | Operation::Query
                | Operation::Scan
                | Operation::QueryIndex(_)
                | Operation::ScanIndex(_)
                | Operation::Search(_)
        )
    }
}
