//! What the old contract says that goes by a day that is past: that it is gone breaks nobody.

use super::change::Verdict;
use crate::hash::HashSet;
use crate::ir::{Contract, Domain};

/// What was to go by now.
pub(super) struct Past<'c> {
    today: &'c str,
    keys: HashSet<&'c str>,
}

impl<'c> Past<'c> {
    pub(super) fn of(contract: &'c Contract, today: &'c str) -> Past<'c> {
        let is_past = |until: &Option<String>| until.as_deref().is_some_and(|day| day < today);
        let keys = contract.attributes.iter().filter(|one| is_past(&one.until));
        Past { today, keys: keys.map(|one| one.key.as_str()).collect() }
    }

    /// Whether a day is past.
    pub(super) fn is(&self, until: Option<&str>) -> bool {
        until.is_some_and(|day| day < self.today)
    }

    /// Whether a key was to go by now.
    pub(super) fn has_key(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Whether there is a key that was to go by now.
    pub(super) fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// What becomes of whom when something goes.
    pub(super) fn goes(&self, until: Option<&str>) -> Verdict {
        if self.is(until) { Verdict::Notice } else { Verdict::Broken }
    }

    /// What becomes of whom when a key goes, or what stands for it.
    pub(super) fn key_goes(&self, key: &str) -> Verdict {
        if self.has_key(key) { Verdict::Notice } else { Verdict::Broken }
    }

    /// A domain without the members that were to go by now; none where all of it stays.
    pub(super) fn staying(&self, domain: &Domain) -> Option<Domain> {
        let members = domain.members.as_ref()?;
        let goes = |member: &&crate::ir::Member| self.is(member.until.as_deref());
        members.iter().any(|member| goes(&member)).then(|| {
            let left = members.iter().filter(|member| !goes(member)).cloned().collect();
            Domain { members: Some(left), ..domain.clone() }
        })
    }
}
