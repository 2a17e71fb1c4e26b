//! slo-grammar
