//! Units by their codes (UCUM), as OpenTelemetry's conventions have them, and by the words that names end in.

/// What a unit is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    Time,
    Size,
    Temperature,
}

impl Quantity {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Quantity::Time => "time",
            Quantity::Size => "size",
            Quantity::Temperature => "temperature",
        }
    }
}

/// What a unit is of, where a number may well be in another one of the same.
pub(super) fn quantity(unit: &str) -> Option<Quantity> {
    Some(match unit {
        "s" | "ms" | "us" | "ns" | "min" | "h" | "d" | "wk" | "mo" | "a" => Quantity::Time,
        "By" | "kBy" | "KBy" | "MBy" | "GBy" | "TBy" | "KiBy" | "MiBy" | "GiBy" | "TiBy" | "bit" | "kbit"
        | "Mbit" | "Gbit" | "Kibit" | "Mibit" | "Gibit" => Quantity::Size,
        "Cel" | "K" | "[degF]" => Quantity::Temperature,
        _ => return None,
    })
}

/// The units that a name's last word stands for, where it can hardly be another word; the first is the one to write.
pub(super) fn of_word(word: &str) -> Option<&'static [&'static str]> {
    Some(match word {
        "second" | "seconds" | "sec" | "secs" => &["s"],
        "millisecond" | "milliseconds" | "millis" | "msec" | "ms" => &["ms"],
        "microsecond" | "microseconds" | "micros" => &["us"],
        "nanosecond" | "nanoseconds" | "nanos" => &["ns"],
        "minute" | "minutes" => &["min"],
        "hour" | "hours" => &["h"],
        "day" | "days" => &["d"],
        "byte" | "bytes" => &["By"],
        "kilobyte" | "kilobytes" => &["kBy", "KBy"],
        "megabyte" | "megabytes" => &["MBy"],
        "gigabyte" | "gigabytes" => &["GBy"],
        "kibibytes" | "kib" => &["KiBy"],
        "mebibytes" | "mib" => &["MiBy"],
        "gibibytes" | "gib" => &["GiBy"],
        "bits" => &["bit"],
        "percent" | "pct" => &["%"],
        // A number of one has no unit.
        "ratio" => &["1", ""],
        "celsius" => &["Cel"],
        "kelvin" => &["K"],
        "hertz" => &["Hz"],
        "volts" => &["V"],
        "amperes" => &["A"],
        "joules" => &["J"],
        "watts" => &["W"],
        "meters" => &["m"],
        "grams" => &["g"],
        _ => return None,
    })
}
