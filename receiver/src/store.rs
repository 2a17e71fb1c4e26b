//! What was kept so far.

use hyper::HeaderMap;

use crate::everything::{Encoded, Received};
use crate::export::Export;
use crate::keep::{Keep, What};
use crate::{Digest, Error, Everything, Moment, Protocol};

/// What was kept so far, within a limit.
#[derive(Debug)]
pub(crate) struct Store {
    kept: Kept,
    /// About how many bytes it takes.
    bytes: usize,
    limit: usize,
    /// Whether something was not kept because of the limit.
    is_passed: bool,
}

#[derive(Debug)]
enum Kept {
    Everything(Encoded),
    Digest(Box<Digest>),
}

impl Store {
    pub(crate) fn new(keep: Keep, limit: usize) -> Store {
        let kept = match keep.0 {
            What::Everything => Kept::Everything(Encoded::default()),
            What::Digest { id, contexts } => Kept::Digest(Box::new(Digest::new(id, contexts))),
        };
        Store { kept, bytes: 0, limit, is_passed: false }
    }

    /// Keeps a request, unless the limit is reached: the last one that is kept may go beyond it.
    pub(crate) fn keep<M: Export>(
        &mut self,
        message: M,
        protocol: Protocol,
        headers: &HeaderMap,
    ) -> Result<(), Error> {
        if self.bytes >= self.limit {
            self.is_passed = true;
            return Err(Error::Full { limit: self.limit });
        }
        let moment = Moment::now();
        let bytes = match &mut self.kept {
            Kept::Everything(encoded) => {
                let message = message.encode_to_vec();
                let received = Received { message, moment, protocol, headers: headers.clone() };
                let bytes = received.weight();
                M::kept(encoded).push(received);
                bytes
            }
            Kept::Digest(digest) => message.digest(moment, digest),
        };
        self.bytes = self.bytes.saturating_add(bytes);
        Ok(())
    }

    pub(crate) fn everything(&self) -> Result<Everything, Error> {
        match &self.kept {
            _ if self.is_passed => Err(Error::Full { limit: self.limit }),
            Kept::Everything(encoded) => encoded.decoded(),
            Kept::Digest(_) => Err(Error::KeepsOther { asked: "Keep::everything" }),
        }
    }

    pub(crate) fn digest(&self) -> Result<Digest, Error> {
        match &self.kept {
            _ if self.is_passed => Err(Error::Full { limit: self.limit }),
            Kept::Digest(digest) => Ok(Digest::clone(digest)),
            Kept::Everything(_) => Err(Error::KeepsOther { asked: "Keep::digest" }),
        }
    }
}
