//! Reads an event's table out of the text that the derive wrote.
//!
//! The form: a number is decimal digits behind an optional `-`, and ends with `;`; a text is the number of its bytes and the
//! bytes; a double is the number that has its bits; a truth is 0 or 1; an option is 0, or 1 and what it holds; a variant is
//! its number in the order of declaration, and what it holds; a list is the number of its elements, and the elements; a
//! struct is its fields in the order of declaration. Of a key stands what an event may say of it. Meanings, and literals that
//! are lists, stand beside the text and are named by their numbers.
//!
//! The compiler writes it (`compiler/src/target/rust/table/packed.rs`). A text that is not of this form does not compile.
#![allow(clippy::panic, clippy::indexing_slicing, reason = "it is read while the program is compiled")]

use super::derived::Derived;
use slo_model::event::{
    Bounded, Buckets, Elapsed, Event, Field, FieldKind, InstrumentKind, Log, Meaning, Metric, NumberType,
    Passes, Severity, Slot, Span, SpanKind, Test, TextPart, Writer, WriterValue,
};
use slo_model::{Container, Key, Literal, Member, Range, ValueType};

/// What a table is read from.
#[derive(Clone, Copy, Debug)]
pub struct Packed {
    /// The text.
    pub text: &'static str,
    /// The meanings and views that it names.
    pub meanings: &'static [&'static Meaning<'static>],
    /// The literals that are lists.
    pub lists: &'static [Literal<'static>],
    /// The scope.
    pub scope: &'static Container<'static>,
}

/// Something that has an event's table.
pub trait HasTable {
    /// The table.
    const TABLE: &'static Event<'static>;
}

/// The table of `T`, of whose lists those of one kind have so many elements together.
#[derive(Debug)]
pub struct Unpacked<
    T,
    const MEMBERS: usize,
    const NUMBERS: usize,
    const LITERALS: usize,
    const PARTS: usize,
    const TESTS: usize,
    const BOUNDS: usize,
    const WRITERS: usize,
    const FIELDS: usize,
    const METRICS: usize,
>(std::marker::PhantomData<T>);

impl<
    T: Derived,
    const MEMBERS: usize,
    const NUMBERS: usize,
    const LITERALS: usize,
    const PARTS: usize,
    const TESTS: usize,
    const BOUNDS: usize,
    const WRITERS: usize,
    const FIELDS: usize,
    const METRICS: usize,
> HasTable for Unpacked<T, MEMBERS, NUMBERS, LITERALS, PARTS, TESTS, BOUNDS, WRITERS, FIELDS, METRICS>
{
    const TABLE: &'static Event<'static> = &Self::read(Self::DEEPER).0;
}

/// A list can point into another one only when that one is there: the text is read once for each depth of lists in lists.
impl<
    T: Derived,
    const MEMBERS: usize,
    const NUMBERS: usize,
    const LITERALS: usize,
    const PARTS: usize,
    const TESTS: usize,
    const BOUNDS: usize,
    const WRITERS: usize,
    const FIELDS: usize,
    const METRICS: usize,
> Unpacked<T, MEMBERS, NUMBERS, LITERALS, PARTS, TESTS, BOUNDS, WRITERS, FIELDS, METRICS>
{
    const FIRST: Found<MEMBERS, NUMBERS, LITERALS, PARTS, TESTS, BOUNDS, WRITERS, FIELDS, METRICS> =
        Self::read(Lists::EMPTY).1;
    const FLAT: Lists = Lists {
        members: &{ Self::FIRST.members },
        numbers: &{ Self::FIRST.numbers },
        literals: &{ Self::FIRST.literals },
        parts: &{ Self::FIRST.parts },
        bounds: &{ Self::FIRST.bounds },
        writers: &{ Self::FIRST.writers },
        ..Lists::EMPTY
    };
    const SECOND: Found<MEMBERS, NUMBERS, LITERALS, PARTS, TESTS, BOUNDS, WRITERS, FIELDS, METRICS> =
        Self::read(Self::FLAT).1;
    const DEEP: Lists =
        Lists { tests: &{ Self::SECOND.tests }, fields: &{ Self::SECOND.fields }, ..Self::FLAT };
    const DEEPER: Lists = Lists { metrics: &{ Self::read(Self::DEEP).1.metrics }, ..Self::DEEP };

    const fn read(
        lists: Lists,
    ) -> (Event<'static>, Found<MEMBERS, NUMBERS, LITERALS, PARTS, TESTS, BOUNDS, WRITERS, FIELDS, METRICS>)
    {
        let mut reader = Reader {
            packed: T::PACKED,
            rest: T::PACKED.text.as_bytes(),
            lists,
            at: At::START,
            found: Found::BLANK,
        };
        let event = reader.event();
        assert!(reader.rest.is_empty(), "the table of an event has more than an event");
        (event, reader.found)
    }
}

/// The lists of a table: those of one kind behind each other.
#[derive(Clone, Copy)]
struct Lists {
    members: &'static [Member<'static>],
    numbers: &'static [u16],
    literals: &'static [Literal<'static>],
    parts: &'static [TextPart<'static>],
    tests: &'static [Test<'static>],
    bounds: &'static [f64],
    writers: &'static [Writer<'static>],
    fields: &'static [Field<'static>],
    metrics: &'static [Metric<'static>],
}

impl Lists {
    const EMPTY: Lists = Lists {
        members: &[],
        numbers: &[],
        literals: &[],
        parts: &[],
        tests: &[],
        bounds: &[],
        writers: &[],
        fields: &[],
        metrics: &[],
    };
}

/// Where in them the next list begins.
struct At {
    members: usize,
    numbers: usize,
    literals: usize,
    parts: usize,
    tests: usize,
    bounds: usize,
    writers: usize,
    fields: usize,
    metrics: usize,
}

impl At {
    const START: At = At {
        members: 0,
        numbers: 0,
        literals: 0,
        parts: 0,
        tests: 0,
        bounds: 0,
        writers: 0,
        fields: 0,
        metrics: 0,
    };
}

/// What one reading finds, to be the lists of the next.
#[derive(Clone, Copy)]
struct Found<
    const MEMBERS: usize,
    const NUMBERS: usize,
    const LITERALS: usize,
    const PARTS: usize,
    const TESTS: usize,
    const BOUNDS: usize,
    const WRITERS: usize,
    const FIELDS: usize,
    const METRICS: usize,
> {
    members: [Member<'static>; MEMBERS],
    numbers: [u16; NUMBERS],
    literals: [Literal<'static>; LITERALS],
    parts: [TextPart<'static>; PARTS],
    tests: [Test<'static>; TESTS],
    bounds: [f64; BOUNDS],
    writers: [Writer<'static>; WRITERS],
    fields: [Field<'static>; FIELDS],
    metrics: [Metric<'static>; METRICS],
}

impl<
    const MEMBERS: usize,
    const NUMBERS: usize,
    const LITERALS: usize,
    const PARTS: usize,
    const TESTS: usize,
    const BOUNDS: usize,
    const WRITERS: usize,
    const FIELDS: usize,
    const METRICS: usize,
> Found<MEMBERS, NUMBERS, LITERALS, PARTS, TESTS, BOUNDS, WRITERS, FIELDS, METRICS>
{
    const BLANK: Self = Found {
        members: [Member { name: "", wire: Literal::Int(0) }; MEMBERS],
        numbers: [0; NUMBERS],
        literals: [Literal::Int(0); LITERALS],
        parts: [TextPart::Field(0); PARTS],
        tests: [Test { field: 0, passes: Passes::Present }; TESTS],
        bounds: [0.0; BOUNDS],
        writers: [Writer { key: "", value: WriterValue::Field(0) }; WRITERS],
        fields: [Field { name: "", kind: FieldKind::Contexts, at: 0, at_begin: false }; FIELDS],
        metrics: [Metric {
            name: "",
            description: "",
            unit: "",
            kind: InstrumentKind::Counter,
            number: NumberType::Int,
            value: None,
            buckets: Buckets::None,
            points: 0,
            limit: None,
            until: None,
            when: &[],
            labels: &[],
        }; METRICS],
    };
}

struct Reader<
    const MEMBERS: usize,
    const NUMBERS: usize,
    const LITERALS: usize,
    const PARTS: usize,
    const TESTS: usize,
    const BOUNDS: usize,
    const WRITERS: usize,
    const FIELDS: usize,
    const METRICS: usize,
> {
    packed: Packed,
    rest: &'static [u8],
    /// The lists that an earlier reading found.
    lists: Lists,
    at: At,
    found: Found<MEMBERS, NUMBERS, LITERALS, PARTS, TESTS, BOUNDS, WRITERS, FIELDS, METRICS>,
}

/// Reads a list: its elements go to what is found, and it is the part of the list of an earlier reading that has them.
macro_rules! lists {
    ($($list:ident: $of:ty = $read:ident;)*) => {$(
        const fn $list(&mut self) -> &'static [$of] {
            let (count, at) = (self.size(), self.at.$list);
            self.at.$list += count;
            let mut index = 0;
            while index < count {
                self.found.$list[at + index] = self.$read();
                index += 1;
            }
            part(self.lists.$list, at, count)
        }
    )*};
}

/// A part of a list; nothing where that is not there yet.
const fn part<T>(list: &'static [T], at: usize, count: usize) -> &'static [T] {
    if at + count > list.len() {
        return &[];
    }
    list.split_at(at).1.split_at(count).0
}

impl<
    const MEMBERS: usize,
    const NUMBERS: usize,
    const LITERALS: usize,
    const PARTS: usize,
    const TESTS: usize,
    const BOUNDS: usize,
    const WRITERS: usize,
    const FIELDS: usize,
    const METRICS: usize,
> Reader<MEMBERS, NUMBERS, LITERALS, PARTS, TESTS, BOUNDS, WRITERS, FIELDS, METRICS>
{
    const fn number(&mut self) -> i64 {
        let negative = matches!(self.rest, [b'-', ..]);
        let mut index = negative as usize;
        // Below zero there is one more than above.
        let mut number: i64 = 0;
        while self.rest[index] != b';' {
            number = number * 10 - (self.rest[index] - b'0') as i64;
            index += 1;
        }
        self.rest = self.rest.split_at(index + 1).1;
        if negative { number } else { -number }
    }

    /// The number of a field, a variant or a member.
    const fn index(&mut self) -> u16 {
        self.number() as u16
    }

    const fn size(&mut self) -> usize {
        self.number() as usize
    }

    const fn truth(&mut self) -> bool {
        self.number() != 0
    }

    const fn double(&mut self) -> f64 {
        f64::from_bits(self.number() as u64)
    }

    const fn text(&mut self) -> &'static str {
        let length = self.size();
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        match str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => panic!("a text ends within a character"),
        }
    }

    const fn option_of_text(&mut self) -> Option<&'static str> {
        if self.truth() { Some(self.text()) } else { None }
    }

    const fn option_of_number(&mut self) -> Option<u16> {
        if self.truth() { Some(self.index()) } else { None }
    }

    const fn option_of_literal(&mut self) -> Option<Literal<'static>> {
        if self.truth() { Some(self.literal()) } else { None }
    }

    const fn meaning(&mut self) -> &'static Meaning<'static> {
        self.packed.meanings[self.size()]
    }

    const fn literal(&mut self) -> Literal<'static> {
        match self.number() {
            0 => Literal::String(self.text()),
            1 => Literal::Int(self.number()),
            2 => Literal::Double(self.double()),
            3 => Literal::Bool(self.truth()),
            _ => self.packed.lists[self.size()],
        }
    }

    const fn member(&mut self) -> Member<'static> {
        Member { name: self.text(), wire: self.literal() }
    }

    const fn text_part(&mut self) -> TextPart<'static> {
        match self.number() {
            0 => TextPart::Text(self.text()),
            _ => TextPart::Field(self.index()),
        }
    }

    const fn value_type(&mut self) -> ValueType {
        match self.number() {
            0 => ValueType::String,
            1 => ValueType::Int,
            2 => ValueType::Double,
            3 => ValueType::Bool,
            4 => ValueType::StringArray,
            5 => ValueType::IntArray,
            6 => ValueType::DoubleArray,
            7 => ValueType::BoolArray,
            _ => ValueType::Any,
        }
    }

    const fn key(&mut self) -> Key<'static> {
        let (name, value_type, place) = (self.text(), self.value_type(), self.text());
        let mut key = Key::new(name, value_type, place);
        key.open = self.truth();
        if self.truth() {
            key.range = Some(match self.number() {
                0 => Range::Int(self.number(), self.number()),
                _ => Range::Double(self.double(), self.double()),
            });
        }
        key.except = self.literals();
        if self.truth() {
            key.max_length = Some(self.number() as u32);
        }
        if self.truth() {
            key.members = Some(self.members());
        }
        key
    }

    const fn slot(&mut self) -> Slot<'static> {
        Slot {
            key: self.key(),
            only: if self.truth() { Some(self.numbers()) } else { None },
            bounded: if self.truth() {
                Some(Bounded { values: self.number() as u32, other: self.literal() })
            } else {
                None
            },
            other: self.option_of_literal(),
        }
    }

    const fn field(&mut self) -> Field<'static> {
        Field {
            name: self.text(),
            kind: match self.number() {
                0 => FieldKind::Plain { slot: self.slot(), unset: self.option_of_literal() },
                1 => FieldKind::Meaning { meaning: self.meaning(), unset: self.option_of_number() },
                _ => FieldKind::Contexts,
            },
            at: self.index(),
            at_begin: self.truth(),
        }
    }

    const fn writer(&mut self) -> Writer<'static> {
        Writer {
            key: self.text(),
            value: match self.number() {
                0 => WriterValue::Field(self.index()),
                1 => WriterValue::Meaning(self.index(), self.meaning()),
                _ => WriterValue::Constant(self.literal()),
            },
        }
    }

    const fn test(&mut self) -> Test<'static> {
        Test {
            field: self.index(),
            passes: match self.number() {
                0 => Passes::In(self.numbers(), self.literals()),
                1 => Passes::NotIn(self.numbers(), self.literals()),
                _ => Passes::Present,
            },
        }
    }

    const fn metric(&mut self) -> Metric<'static> {
        Metric {
            name: self.text(),
            description: self.text(),
            unit: self.text(),
            kind: match self.number() {
                0 => InstrumentKind::Counter,
                1 => InstrumentKind::UpDownCounter,
                2 => InstrumentKind::Gauge,
                _ => InstrumentKind::Histogram,
            },
            number: match self.number() {
                0 => NumberType::Int,
                _ => NumberType::Double,
            },
            value: self.option_of_number(),
            buckets: match self.number() {
                0 => Buckets::None,
                1 => Buckets::Explicit(self.bounds()),
                _ => Buckets::Exponential,
            },
            points: self.number() as u32,
            limit: if self.truth() { Some(self.number() as u32) } else { None },
            until: self.option_of_text(),
            when: self.tests(),
            labels: self.writers(),
        }
    }

    const fn severity(&mut self) -> Severity {
        match self.number() {
            0 => Severity::Trace,
            1 => Severity::Debug,
            2 => Severity::Info,
            3 => Severity::Warn,
            4 => Severity::Error,
            _ => Severity::Fatal,
        }
    }

    const fn log(&mut self) -> Log<'static> {
        Log {
            name: self.text(),
            severity: if self.truth() { Some(self.severity()) } else { None },
            body: self.parts(),
            until: self.option_of_text(),
            when: self.tests(),
            attributes: self.writers(),
        }
    }

    const fn span(&mut self) -> Span<'static> {
        Span {
            name: if self.truth() { Some(self.parts()) } else { None },
            kind: match self.number() {
                0 => SpanKind::Internal,
                1 => SpanKind::Server,
                2 => SpanKind::Client,
                3 => SpanKind::Producer,
                _ => SpanKind::Consumer,
            },
            links: self.option_of_number(),
            when: self.tests(),
            attributes: self.writers(),
        }
    }

    const fn event(&mut self) -> Event<'static> {
        Event {
            name: self.text(),
            place: self.text(),
            scope: self.packed.scope,
            fields: self.fields(),
            values: self.size(),
            elapsed: if self.truth() {
                Some(Elapsed { field: self.index(), nanoseconds: self.double() })
            } else {
                None
            },
            drop_invalid: self.truth(),
            metrics: self.metrics(),
            running: self.metrics(),
            log: if self.truth() { Some(self.log()) } else { None },
            span: if self.truth() { Some(self.span()) } else { None },
        }
    }

    lists! {
        members: Member<'static> = member;
        numbers: u16 = index;
        literals: Literal<'static> = literal;
        parts: TextPart<'static> = text_part;
        tests: Test<'static> = test;
        bounds: f64 = double;
        writers: Writer<'static> = writer;
        fields: Field<'static> = field;
        metrics: Metric<'static> = metric;
    }
}
