//! The choice of operations by the seed.

use crate::names::EACH;
use crate::operation::{By, Change, How, Marking, Migrated, Operation, Stroke, Tallying, Turn};
use crate::random::{Pick, Random};

/// The number of kinds of operations, apart from those on counters.
const KINDS: u64 = 43;
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
/// Groups of the runs that are about the insides of items: badges with marks and spans, and sketches.
const INSIDES: [&[u64]; 3] = [&[17, 37, 37, 37, 38], &[37, 38, 38, 38], &[39, 40, 40, 41, 41, 42, 42, 42]];

/// Whether the run of a seed is about the insides of items: the structs that patches change, and the vectors that
/// searches compare.
pub fn is_about_insides(seed: u64) -> bool {
    Random::at(seed, &[12]).chance(200)
}

/// The kinds of the runs that are about counters, and about sequences.
const COUNTERS: [&[u64]; 2] = [&[43, 43, 44, 44, 45, 45, 46, 55, 55], &[47, 47, 47, 48]];

/// The kinds of the runs that are about bulk writes: of members, of scores, and of notes.
const BULK: [&[u64]; 3] = [&[0, 3, 3, 5, 49, 49], &[14, 15, 16, 51, 51], &[24, 24, 26, 50, 50]];

/// Whether the run of a seed is about bulk writes.
fn is_about_bulk(seed: u64) -> bool {
    Random::at(seed, &[15]).chance(120)
}

/// Whether the run of a seed is about counters or sequences.
fn is_about_counters(seed: u64) -> bool {
    Random::at(seed, &[14]).chance(100)
}

/// The kinds of the runs that are about items that are deleted and stay.
const CLUBS: [u64; 10] = [10, 10, 10, 52, 52, 53, 53, 53, 54, 54];

/// Whether the run of a seed is about items that are deleted and stay.
fn is_about_clubs(seed: u64) -> bool {
    Random::at(seed, &[16]).chance(110)
}

impl Operation {
    /// The tasks of a seed. A run has few kinds of operations, mostly of one group, so that it exercises each of them
    /// more.
    pub fn tasks(seed: u64) -> Vec<Vec<Operation>> {
        let mut random = Random::at(seed, &[11]);
        let count = 2 + random.below(4);
        let theme: Vec<u64> = match random.chance(750) {
            _ if is_about_bulk(seed) => random.pick(&BULK).to_vec(),
            _ if is_about_counters(seed) => random.pick(&COUNTERS).to_vec(),
            _ if is_about_clubs(seed) => CLUBS.to_vec(),
            _ if is_about_insides(seed) => random.pick(&INSIDES).to_vec(),
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
        let rarely = |random: &mut Random| u8::from(random.chance(200));
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
            38 => {
                let (low, high) = *random.pick(&[
                    (true, false),
                    (true, false),
                    (false, true),
                    (false, true),
                    (true, true),
                    (false, false),
                ]);
                let end = |is_set: bool, random: &mut Random| is_set.then(|| one(random));
                let (low, high) = (end(low, random), end(high, random));
                Self::SpanBadge { code: rarely(random), low, high, by: by(random), in_transaction: random.chance(300) }
            }
            39 => Self::PutSketch {
                id,
                album: rarely(random),
                shape: random.chance(800).then_some(email),
                how: how(random),
            },
            40 => {
                let stroke = match random.below(4) {
                    0 | 1 => Stroke::Shape(random.chance(800).then(|| one(random))),
                    2 => Stroke::Album(rarely(random)),
                    _ => Stroke::Count,
                };
                Self::UpdateSketch { id, stroke, by: by(random) }
            }
            41 => Self::DeleteSketch { id },
            42 => {
                let top = *random.pick(&[2, 10, 10]);
                Self::Search { album: rarely(random), shape: email, top, is_whole: random.chance(700) }
            }
            43 => Self::PutTally { id: rarely(random), how: how(random) },
            44 => Self::ResaveTally { id: rarely(random), text: email, in_transaction: random.chance(300) },
            45 => {
                let way = *random.pick(&[Tallying::Key, Tallying::Upsert, Tallying::Upsert, Tallying::Transaction]);
                Self::CountTally { id: rarely(random), by: 1 + email, way }
            }
            46 => Self::DeleteTally { id: rarely(random) },
            55 => Self::MisplaceTally { id: rarely(random) },
            47 => Self::TakeNumbers { handle: id, count: 1 + email },
            52 => Self::UpdateClubMember { id, by: by(random) },
            53 => Self::LeaveClub { id, in_transaction: random.chance(300) },
            54 => Self::RejoinClub { id, in_transaction: random.chance(300) },
            48 => Self::SaveNumbers { id: rarely(random), is_new: random.chance(300) },
            // Members of the tier `basic` may not store it, and filters see what is stored.
            49 => Self::Promote { from: 1 + id % 2, to: (id % 2 + 2 + email % 2) % 3 },
            50 => Self::ClearBook { book: id % 2, patience: u8::try_from(random.below(30)).unwrap_or_default() },
            51 => Self::Rerank { from: id, to: (id + 1 + email % 2) % 3 },
            _ => match random.chance(500) {
                true => Self::TransactGet { id, game: email, code: one(random) },
                false => Self::Index { game: id },
            },
        }
    }
}
