//! The operations of tasks.

/// The method that puts an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// `save`
    Save,
    /// `insert`
    Insert,
    /// `replace`
    Replace,
}

/// The argument that an update or a delete takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// An item that was read.
    Instance,
    /// The key of an item that must exist.
    Key,
    /// The key of an item that may be missing.
    Upsert,
}

/// A change of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Sets another value of a unique field.
    Email(u8),
    /// Sets or removes the value of an optional unique field.
    Nick(Option<u8>),
    /// Sets a field that is a part of an index key, and of a unique combination.
    Tier(u8),
    /// Sets or removes the other field of the unique combination.
    Seat(Option<u8>),
    /// Adds one to a number.
    Visits,
}

/// A change of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Adds points.
    Points,
    /// Sets a part of an index key.
    Level(u8),
    /// Sets the other part of the index key.
    Rank(u8),
    /// Fulfils the condition of the index, or ends it.
    State(bool),
    /// Subtracts lives, down to a bound.
    Life,
}

/// A change of the mark of a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marking {
    /// Sets the required field, which also makes a mark.
    By(u8),
    /// Sets the required field and another one.
    ByWithNote(u8),
    /// Sets or removes the field that may be absent. A badge without a mark refuses it.
    Note(Option<u8>),
    /// Removes the mark.
    Remove,
}

/// A change of a sketch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// Sets or removes the vector.
    Shape(Option<u8>),
    /// Sets the attribute that divides the vector index.
    Album(u8),
    /// Adds to a number that the vector index holds.
    Count,
}

/// How a tally is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tallying {
    /// By its key. It must exist.
    Key,
    /// By its key. It may be missing.
    Upsert,
    /// In a transaction. It may be missing.
    Transaction,
}

/// The items that a migration writes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Migrated {
    /// Scores, some of them from before the index.
    Scores,
    /// Members, which have a version and unique fields.
    Members,
    /// Notes, whose progress is in a table of its own.
    Notes,
    /// Badges, which move to other keys.
    Badges,
    /// Passes, which get other unique values, and some of which have expired.
    Passes,
}

/// One operation of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are numbers of keys and values")]
pub enum Operation {
    /// Puts a new member.
    PutMember {
        id: u8,
        email: u8,
        nick: Option<u8>,
        seat: Option<u8>,
        how: How,
    },
    /// Reads a member, changes it, and saves it.
    ResaveMember {
        id: u8,
        email: u8,
        nick: Option<u8>,
        seat: Option<u8>,
    },
    UpdateMember {
        id: u8,
        change: Change,
        by: By,
    },
    DeleteMember {
        id: u8,
        by: By,
    },
    RekeyMember {
        from: u8,
        to: u8,
    },
    /// Swaps the emails of two members in one transaction.
    SwapEmails {
        one: u8,
        other: u8,
    },
    /// Moves an email from a member to a member of the club in one transaction.
    MoveToClub {
        id: u8,
        email: u8,
        club: u8,
    },
    PutClubMember {
        id: u8,
        email: u8,
        how: How,
    },
    DeleteClubMember {
        id: u8,
    },
    /// Sets the text of a member of the club.
    UpdateClubMember {
        id: u8,
        by: By,
    },
    /// Deletes a member of the club, which stays.
    LeaveClub {
        id: u8,
        in_transaction: bool,
    },
    /// Restores a member of the club.
    RejoinClub {
        id: u8,
        in_transaction: bool,
    },
    PutPass {
        id: u8,
        code: u8,
        is_expired: bool,
        how: How,
    },
    /// Sets the end of a pass, perhaps to the stored one, and perhaps another code.
    UpdatePass {
        id: u8,
        is_expired: bool,
        code: Option<u8>,
        by: By,
    },
    DeletePass {
        id: u8,
    },
    PutScore {
        id: u8,
        game: u8,
        how: How,
    },
    UpdateScore {
        id: u8,
        game: u8,
        turn: Turn,
        by: By,
    },
    PutBadge {
        code: u8,
        how: How,
    },
    /// Adds to a badge in one update.
    CountBadge {
        code: u8,
    },
    /// Changes the mark of a badge inside, in an update or a transaction.
    MarkBadge {
        code: u8,
        marking: Marking,
        by: By,
        in_transaction: bool,
    },
    /// Sets ends of the span of a badge, which must be in order, or removes it, in an update or a transaction.
    SpanBadge {
        code: u8,
        low: Option<u8>,
        high: Option<u8>,
        by: By,
        in_transaction: bool,
    },
    /// Adds to badges and may write a note, in one transaction.
    CountBadges {
        one: u8,
        other: u8,
        note: Option<(u8, u8)>,
    },
    PutDraft {
        id: u8,
        how: How,
    },
    /// Reads a draft, and saves it with a text; without a text, with one that no other operation writes.
    ResaveDraft {
        id: u8,
        text: Option<u8>,
    },
    UpdateDraft {
        id: u8,
        by: By,
    },
    DeleteDraft {
        id: u8,
        by: By,
    },
    /// Deletes the table of the drafts. The next write creates it again.
    DeleteDrafts,
    PutNote {
        book: u8,
        number: u8,
    },
    DeleteNote {
        book: u8,
        number: u8,
    },
    /// Deletes all notes of a book.
    DeleteBook {
        book: u8,
    },
    /// Deletes all scores of a member.
    DeleteScores {
        id: u8,
    },
    /// Writes and deletes notes and scores in a batch.
    Batch {
        puts: Vec<(u8, u8)>,
        deletes: Vec<(u8, u8)>,
        scores: Vec<(u8, u8)>,
    },
    BatchGet {
        notes: Vec<(u8, u8)>,
    },
    /// Writes notes of a new book through a batch writer. One note may be invalid, and an impatient caller drops puts.
    Writer {
        notes: u8,
        invalid: Option<u8>,
        is_stream: bool,
        impatient: bool,
    },
    /// Reads the pages of a book to the end, and back.
    Walk {
        book: u8,
        limit: u8,
    },
    /// Reads one member.
    ReadMember {
        id: u8,
    },
    ReadDraft {
        id: u8,
    },
    ReadScore {
        id: u8,
        game: u8,
    },
    /// Reads several items at once.
    TransactGet {
        id: u8,
        game: u8,
        code: u8,
    },
    /// Reads the scores of a game by an index.
    Index {
        game: u8,
    },
    PutSketch {
        id: u8,
        album: u8,
        shape: Option<u8>,
        how: How,
    },
    UpdateSketch {
        id: u8,
        stroke: Stroke,
        by: By,
    },
    DeleteSketch {
        id: u8,
    },
    /// Searches an album by a vector, and may fetch whole items.
    Search {
        album: u8,
        shape: u8,
        top: u8,
        is_whole: bool,
    },
    PutTally {
        id: u8,
        how: How,
    },
    /// Reads a tally, and writes it as a whole with another text.
    ResaveTally {
        id: u8,
        text: u8,
        in_transaction: bool,
    },
    CountTally {
        id: u8,
        by: u8,
        way: Tallying,
    },
    DeleteTally {
        id: u8,
    },
    /// Reads a tally, and writes it by the client of another shelf.
    MisplaceTally {
        id: u8,
    },
    /// Takes numbers of a sequence, by one of the handles of all tasks.
    TakeNumbers {
        handle: u8,
        count: u8,
    },
    /// Saves the item of a sequence, as it was read or a new one.
    SaveNumbers {
        id: u8,
        is_new: bool,
    },
    /// Moves all members of a tier to another one, and counts a visit.
    Promote {
        from: u8,
        to: u8,
    },
    /// Moves all scores of a rank to another one, and adds a point.
    Rerank {
        from: u8,
        to: u8,
    },
    /// Deletes all notes of a book, one by one. A first run is dropped after some time, and another one goes on.
    ClearBook {
        book: u8,
        patience: u8,
    },
    /// Is one of the workers of a migration.
    Migrate(Migrated),
}
