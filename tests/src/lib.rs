//! slo-tests
