//! slo-stdlib-mappings
