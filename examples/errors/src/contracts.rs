//! What the contract in `slo/` makes.
slo::include_contracts!();
