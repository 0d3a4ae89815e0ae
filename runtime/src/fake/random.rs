//! Random numbers of a seed.

/// The random numbers of a seed: the same seed gives the same numbers, on every machine and with every release of
/// other libraries. They are splitmix64's, and no secrets.
///
/// ```
/// use dyntastic::fake::Random;
///
/// let mut random = Random::new(7);
/// assert!(random.below(6) < 6);
/// assert_eq!(Random::new(7).next(), Random::new(7).next());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random {
    state: u64,
    /// The number of the last item that was made.
    item: Option<u64>,
}

impl Random {
    /// The numbers of a seed. All seeds are equally good.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, item: None }
    }

    /// The numbers of a place in the run of a seed. They do not depend on other places.
    pub fn at(seed: u64, place: &[u64]) -> Self {
        place.iter().fold(Self::new(seed), |mut random, part| {
            Self::new(random.next() ^ part.wrapping_mul(0x9E6C_63D0_876A_68E5))
        })
    }

    /// The next number.
    #[expect(
        clippy::should_implement_trait,
        reason = "the numbers have no end, and an iterator's option is in the way"
    )]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; 0 if the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// The seed of the next item, and its number. The numbers of the items of one `Random` are consecutive, so that those with
    /// the same rest are as far apart as the divisor.
    pub(super) fn item(&mut self) -> (u64, u64) {
        let seed = self.next();
        let number = self.item.map_or(first_number(seed), |last| last.wrapping_add(1));
        self.item = Some(number);
        (seed, number)
    }

    /// True with a probability of `of_thousand` / 1000.
    pub fn chance(&mut self, of_thousand: u64) -> bool {
        self.below(1000) < of_thousand
    }

    /// One of some values; `None` if there are none.
    pub fn choose<'v, T>(&mut self, values: &'v [T]) -> Option<&'v T> {
        let index = self.below(values.len() as u64);
        values.get(usize::try_from(index).unwrap_or_default())
    }
}

/// The number of the first item of a seed: others have others, and it does not overflow.
pub(super) fn first_number(seed: u64) -> u64 {
    Random::at(seed, &[u64::MAX]).next() >> 1
}
