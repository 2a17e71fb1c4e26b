//! slo-compiler
