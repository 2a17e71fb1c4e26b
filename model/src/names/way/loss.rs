//! What is lost on a way.

/// What becomes of what a way can't hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrometheusLoss {
    /// The values are joined with `;`.
    Joined,
    /// Of two, the first one stays.
    FirstKept,
    /// Of two, the last one stays.
    LastKept,
    /// The attribute is lost.
    Lost,
    /// The attribute stands in the place of what the server or the exporter writes.
    Replaces,
    /// The attribute becomes a label with `exported_` before it.
    Renamed,
    /// The exporter leaves the metric out.
    MetricGone,
    /// The server refuses the whole request.
    RequestRefused,
    /// The server refuses all that the program's endpoint says, or the endpoint fails.
    TargetDown,
}

impl PrometheusLoss {
    /// Who does what, in words that stand behind a colon.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            PrometheusLoss::Joined => "their values are joined, `a;b`",
            PrometheusLoss::FirstKept => "the first one stays",
            PrometheusLoss::LastKept => "the last one stays",
            PrometheusLoss::Lost => "the attribute is lost",
            PrometheusLoss::Replaces => "the attribute takes the place of what stands there",
            PrometheusLoss::Renamed => "the server renames the attribute to `exported_…`",
            PrometheusLoss::MetricGone => "the exporter leaves the metric out",
            PrometheusLoss::RequestRefused => "the server refuses the request, with every metric in it",
            PrometheusLoss::TargetDown => "the target goes down, with every metric of it",
        }
    }
}
