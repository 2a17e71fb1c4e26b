//! What Prometheus's server calls the upper bound of a bucket, in the label `le`.

/// The bound as a label has it that came by OTLP, and as one has it that was scraped.
///
/// Source: seen on Prometheus 3.16. What comes by OTLP is written in decimal digits alone; what is scraped is written as Go's
/// shortest form with an exponent below -4 and from 6 up, and with `.0` where it is whole and has no exponent.
#[must_use]
pub fn prometheus_bound(bound: f64) -> (String, String) {
    let by_otlp = bound.to_string();
    let shortest = format!("{bound:e}");
    let scraped = match shortest.split_once('e').map(|(digits, exponent)| (digits, exponent.parse::<i32>())) {
        Some((digits, Ok(exponent))) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ if by_otlp.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) => format!("{by_otlp}.0"),
        _ => by_otlp.clone(),
    };
    (by_otlp, scraped)
}

#[cfg(test)]
mod tests {
    use super::prometheus_bound;

    #[test]
    fn a_bound_has_two_forms() {
        for (bound, by_otlp, scraped) in [
            (0.1, "0.1", "0.1"),
            (5.0, "5", "5.0"),
            (-5.0, "-5", "-5.0"),
            (0.0, "0", "0.0"),
            (2_500.0, "2500", "2500.0"),
            (100_000.0, "100000", "100000.0"),
            (123_456.5, "123456.5", "123456.5"),
            (1_000_000.0, "1000000", "1e+06"),
            (2_500_000.0, "2500000", "2.5e+06"),
            (10_000_000_000.0, "10000000000", "1e+10"),
            (0.000_1, "0.0001", "0.0001"),
            (0.000_05, "0.00005", "5e-05"),
        ] {
            assert_eq!(prometheus_bound(bound), (by_otlp.to_owned(), scraped.to_owned()));
        }
    }
}
