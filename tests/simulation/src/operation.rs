//! The operations of tasks. The seed chooses them.

use crate::names::EACH;
use crate::random::Random;

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
    /// Is one of the workers of a migration.
    Migrate(Migrated),
}

/// The number of kinds of operations.
const KINDS: u64 = 38;
/// Groups of kinds that meet on the same items: members, members with the club, passes, scores and badges, drafts,
/// notes, badges with marks.
const THEMES: [&[u64]; 7] = [
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 30, 36],
    &[0, 3, 5, 7, 9, 9, 10, 11],
    &[12, 12, 13, 32, 32],
    &[14, 15, 16, 17, 18, 19, 26, 30, 31, 34, 36],
    &[20, 21, 21, 22, 23, 30, 33],
    &[19, 24, 25, 26, 27, 28, 29, 35, 36],
    &[17, 18, 19, 37, 37, 37],
];

impl Operation {
    /// The tasks of a seed. A run has few kinds of operations, mostly of one group, so that it exercises each of them
    /// more.
    pub fn tasks(seed: u64) -> Vec<Vec<Operation>> {
        let mut random = Random::at(seed, &[11]);
        let count = 2 + random.below(4);
        let theme: Vec<u64> = match random.chance(750) {
            true => random.pick(&THEMES).to_vec(),
            false => (0..KINDS).collect(),
        };
        let kinds: Vec<u64> = (0..2 + random.below(6)).map(|_| *random.pick(&theme)).collect();
        let each = 3 + random.below(5);
        (0..count).map(|_| (0..each).map(|_| Self::choose(*random.pick(&kinds), &mut random)).collect()).collect()
    }

    fn choose(kind: u64, random: &mut Random) -> Self {
        let one = |random: &mut Random| u8::try_from(random.below(EACH)).unwrap_or_default();
        let how = |random: &mut Random| *random.pick(&[How::Save, How::Save, How::Insert, How::Replace]);
        let by = |random: &mut Random| *random.pick(&[By::Instance, By::Key, By::Upsert]);
        let maybe = |random: &mut Random| random.chance(500).then(|| one(random));
        let note = |random: &mut Random| (one(random) % 2, u8::try_from(random.below(8)).unwrap_or_default());
        let notes = |random: &mut Random, most: u64| (0..random.below(most)).map(|_| note(random)).collect();
        let (id, email) = (one(random), one(random));
        match kind {
            0 | 1 => Self::PutMember { id, email, nick: maybe(random), seat: maybe(random), how: how(random) },
            2 => Self::ResaveMember { id, email, nick: maybe(random), seat: maybe(random) },
            3 | 4 => {
                let change = match random.below(5) {
                    0 => Change::Email(email),
                    1 => Change::Nick(maybe(random)),
                    2 => Change::Tier(one(random)),
                    3 => Change::Seat(maybe(random)),
                    _ => Change::Visits,
                };
                Self::UpdateMember { id, change, by: by(random) }
            }
            5 => Self::DeleteMember { id, by: by(random) },
            6 => Self::RekeyMember { from: id, to: email },
            7 | 8 => Self::SwapEmails { one: id, other: (id + 1 + email % 2) % 3 },
            9 => Self::MoveToClub { id, email, club: one(random) },
            10 => Self::PutClubMember { id, email, how: how(random) },
            11 => Self::DeleteClubMember { id },
            12 => Self::PutPass { id, code: email, is_expired: random.chance(500), how: how(random) },
            13 => Self::DeletePass { id },
            14 => Self::PutScore { id, game: one(random), how: how(random) },
            15 | 16 => {
                let turn = match random.below(6) {
                    0 => Turn::Points,
                    1 => Turn::Level(one(random)),
                    2 => Turn::Rank(one(random)),
                    3 | 4 => Turn::State(random.chance(500)),
                    _ => Turn::Life,
                };
                Self::UpdateScore { id, game: one(random), turn, by: by(random) }
            }
            17 => Self::PutBadge { code: id, how: how(random) },
            18 => Self::CountBadge { code: id },
            19 => Self::CountBadges { one: id, other: email, note: random.chance(300).then(|| note(random)) },
            20 => Self::PutDraft { id, how: how(random) },
            21 => Self::ResaveDraft { id, text: random.chance(600).then(|| one(random) % 2) },
            22 => Self::UpdateDraft { id, by: by(random) },
            23 => Self::DeleteDraft { id, by: by(random) },
            24 => Self::PutNote { book: id % 2, number: note(random).1 },
            25 => Self::DeleteNote { book: id % 2, number: note(random).1 },
            26 => Self::Batch {
                puts: notes(random, 9),
                deletes: notes(random, 4),
                scores: (0..random.below(3)).map(|_| (one(random), one(random))).collect(),
            },
            27 => Self::BatchGet { notes: notes(random, 9) },
            28 if random.chance(300) => {
                let notes = *random.pick(&[10, 60, 110, 130]);
                let invalid = random.chance(400).then(|| u8::try_from(random.below(notes)).unwrap_or_default());
                let notes = u8::try_from(notes).unwrap_or_default();
                Self::Writer { notes, invalid, is_stream: random.chance(400), impatient: random.chance(400) }
            }
            28 | 29 => Self::Walk { book: id % 2, limit: 1 + email },
            30 => match random.below(3) {
                0 => Self::ReadMember { id },
                1 => Self::ReadDraft { id },
                _ => Self::ReadScore { id, game: email },
            },
            32 => {
                let code = random.chance(200).then_some(email);
                Self::UpdatePass { id, is_expired: random.chance(400), code, by: by(random) }
            }
            33 => Self::DeleteDrafts,
            34 => Self::DeleteScores { id },
            35 => Self::DeleteBook { book: id % 2 },
            36 => Self::Migrate(*random.pick(&[
                Migrated::Scores,
                Migrated::Members,
                Migrated::Notes,
                Migrated::Badges,
                Migrated::Passes,
            ])),
            37 => {
                let marking = match random.below(5) {
                    0 => Marking::By(one(random)),
                    1 | 2 => Marking::ByWithNote(one(random)),
                    3 => Marking::Note(maybe(random)),
                    _ => Marking::Remove,
                };
                Self::MarkBadge { code: id % 2, marking, by: by(random), in_transaction: random.chance(300) }
            }
            _ => match random.chance(500) {
                true => Self::TransactGet { id, game: email, code: one(random) },
                false => Self::Index { game: id },
            },
        }
    }
}
