//! slo-cli
