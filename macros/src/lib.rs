//! slo-macros
