//! Which of many belong together, where some pairs of them do: whichever pair is found first, the groups are the same.

/// Things by their numbers, in groups.
pub(super) struct Groups(Vec<usize>);

impl Groups {
    /// So many, each by itself.
    pub(super) fn of(count: usize) -> Groups {
        Groups((0..count).collect())
    }

    /// The least number of a thing's group.
    pub(super) fn first(&self, mut number: usize) -> usize {
        while let Some(up) = self.0.get(number).filter(|up| **up != number) {
            number = *up;
        }
        number
    }

    /// Whether two are in one group.
    pub(super) fn are_one(&self, one: usize, other: usize) -> bool {
        self.first(one) == self.first(other)
    }

    /// Puts the groups of two together; whether they were two.
    pub(super) fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.first(one), self.first(other));
        if let Some(up) = self.0.get_mut(one.max(other)) {
            *up = one.min(other);
        }
        one != other
    }

    /// The members of a thing's group, in the order of their numbers.
    pub(super) fn members(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        let first = self.first(number);
        (0..self.0.len()).filter(move |other| self.first(*other) == first)
    }
}
