//! slo-benches
