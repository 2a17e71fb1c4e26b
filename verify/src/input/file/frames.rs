//! Messages with their lengths before them.

use std::io::{self, Read};

use crate::input::limits::LARGEST_REQUEST;
use crate::input::otlp::{self, Expected};
use crate::input::refusal::{Place, Problem, Source, Wrong};
use crate::input::{Receive, unpack};

/// What stands before each message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lengths {
    /// Four bytes, the highest first.
    Four,
    /// The tag and the length of a request's only field: the file is one request, or several behind each other, which is the same
    /// (protobuf, "Encoding", "Last One Wins"). Each resource is read by itself, so that the whole may be larger than memory.
    Field,
}

/// The tag of a request's only field, whatever the signal.
pub(super) const TAG: u8 = 0x0a;

pub(super) fn read(lengths: Lengths, reader: &mut dyn Read, source: &Source, to: &mut dyn Receive) {
    let mut at = 0_u64;
    let mut frame = Vec::new();
    // A file has one signal, unless somebody put several together.
    let mut expected = Expected::default();
    while to.goes_on() {
        let refuse = Problem::at(source, None, Some(at));
        frame.clear();
        let length = match lengths.next(reader, &mut frame) {
            Ok(Next::Message(length)) => length,
            Ok(Next::End) => return,
            Ok(Next::Other(tag)) => {
                let detail = format!("a request has no field with the tag {tag:#04x}");
                return to.refused(refuse(Problem::new(Wrong::Malformed, detail)));
            }
            Err(error) => return to.refused(refuse(unpack::failed(&error))),
        };
        let head = u64::try_from(if lengths == Lengths::Four { 4 } else { frame.len() }).unwrap_or(0);
        let most = u64::try_from(LARGEST_REQUEST).unwrap_or(u64::MAX);
        let is_read = if length > most {
            to.refused(refuse(Problem::new(Wrong::TooLarge, format!("a message of {length} bytes"))));
            io::copy(&mut reader.take(length), &mut io::sink())
        } else {
            reader.take(length).read_to_end(&mut frame).map(|read| u64::try_from(read).unwrap_or(0))
        };
        match is_read {
            Ok(read) if read == length => {}
            Ok(_) => {
                return to
                    .refused(refuse(Problem::new(Wrong::Truncated, format!("a message of {length} bytes"))));
            }
            Err(error) => return to.refused(refuse(unpack::failed(&error))),
        }
        if length <= most {
            message(&frame, &mut expected, source, at, to);
        }
        at = at.saturating_add(head).saturating_add(length);
    }
}

fn message(frame: &[u8], expected: &mut Expected, source: &Source, at: u64, to: &mut dyn Receive) {
    let refuse = Problem::at(source, None, Some(at));
    let mut refused = |problem| to.refused(refuse(problem));
    let read = unpack::by_content(frame, LARGEST_REQUEST).and_then(|bytes| {
        if bytes.first() == Some(&b'{') {
            return otlp::json(&bytes, &mut refused);
        }
        let Some(signal) = expected.signal(&bytes) else {
            return Err(Problem::new(Wrong::UnknownForm, "this is no request of OTLP"));
        };
        otlp::protobuf(signal, &bytes, &mut refused).map(|request| vec![request])
    });
    match read {
        Ok(requests) => {
            to.reading(source, &Place { byte: Some(at), ..Place::default() });
            requests.into_iter().for_each(|request| request.give(to));
        }
        Err(problem) => to.refused(refuse(problem)),
    }
}

enum Next {
    /// A message of so many bytes.
    Message(u64),
    /// A field that no request has.
    Other(u8),
    End,
}

impl Lengths {
    /// The next length. What belongs to the message of it is in the frame.
    fn next(self, reader: &mut dyn Read, frame: &mut Vec<u8>) -> io::Result<Next> {
        let mut first = [0];
        // The end is no error here; that of what is packed is.
        if io::copy(&mut reader.take(1), &mut first.as_mut_slice())? == 0 {
            return Ok(Next::End);
        }
        let [first] = first;
        let mut one = || {
            let mut byte = [0];
            reader.read_exact(&mut byte).map(|()| byte[0])
        };
        match self {
            Lengths::Four => {
                let length = [first, one()?, one()?, one()?];
                Ok(Next::Message(u32::from_be_bytes(length).into()))
            }
            Lengths::Field if first == TAG => {
                frame.push(first);
                let mut length = 0_u64;
                for at in 0..5 {
                    let byte = one()?;
                    frame.push(byte);
                    length |= u64::from(byte & 0x7f) << (7 * at);
                    if byte & 0x80 == 0 {
                        return Ok(Next::Message(length));
                    }
                }
                Err(io::Error::new(io::ErrorKind::InvalidData, "a length of more than five bytes"))
            }
            Lengths::Field => Ok(Next::Other(first)),
        }
    }
}
