//! How much is read of anything. What is beyond is refused, counted, and the rest is read.

use std::time::Duration;

/// The largest request, packed or unpacked, in bytes. Collectors take 4 MiB by gRPC and 20 MiB by HTTP unless they are told otherwise.
pub const LARGEST_REQUEST: usize = 64 << 20;

/// The memory that the messages of one request may take. A message without fields takes two bytes on the wire and up to some
/// hundreds in memory, so that the size on the wire alone bounds nothing.
pub const LARGEST_DECODED: usize = 512 << 20;

/// How much larger than its packed form a request or a file may be, from [`SMALL`] on. What repeats the same spans has a tenth of that.
pub const LARGEST_RATIO: u64 = 400;

/// What is unpacked without a look at the ratio, in bytes.
pub const SMALL: u64 = 1 << 20;

/// The longest line of a file, in bytes.
pub const LONGEST_LINE: usize = 16 << 20;

/// How many bytes of keys may be repeated where objects in each other become keys with dots.
pub const MOST_REPEATED: usize = 16 << 20;

/// How deep values may lie in each other: prost goes no deeper than 100 messages, `serde_json` no deeper than 128 brackets.
pub const DEEPEST: usize = 90;

/// The window that a packed stream may ask for, as a power of two: 32 MiB. `zstd --ultra -20` asks for so much.
pub const WINDOW_LOG: u32 = 25;

/// How many characters of something foreign a refusal quotes.
pub const QUOTED: usize = 120;

/// How many characters of the name of a file, or of a way inside a request, are shown of what somebody else wrote.
pub const LONGEST_NAME: usize = 4_096;

/// The largest answer to a scrape, unpacked, in bytes.
pub const LARGEST_SCRAPE: usize = 64 << 20;

/// How many connections there may be at once.
pub const MOST_CONNECTIONS: usize = 256;

/// How many streams a connection of HTTP/2 may have at once.
pub const MOST_STREAMS: u32 = 64;

/// How many bytes of requests may be in memory at once, as they come and as they wait to be judged.
pub const MOST_BYTES: usize = 256 << 20;

/// How many requests may wait to be judged.
pub const MOST_WAITING: usize = 64;

/// How long a connection may take to begin, and a request's head to come. It is the time for which a connection may be idle, too: longer
/// than the minute that SDKs wait between two exports of metrics.
pub const HEAD_TIME: Duration = Duration::from_secs(75);

/// How long a request's body may take to come.
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// How long a scrape may take.
pub const SCRAPE_TIME: Duration = Duration::from_secs(10);

/// How long a request that is sent on may take.
pub const FORWARD_TIME: Duration = Duration::from_secs(10);

/// How many bytes may wait to be sent on.
pub const MOST_FORWARDED: usize = 64 << 20;
