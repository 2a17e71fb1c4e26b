#!/usr/bin/env bash
# pest_derive 2.9.6, asked for without default features, still builds pest with all of its default features, and needs a C compiler.
#
# pest_derive's generator depends on pest_meta, and that on pest with default features. Since 2.9 these have a stack guard, whose
# crate `psm` assembles a file by `cc`. In a procedural macro's tree features are united, so that a crate that asks for pest
# and pest_derive without default features gets them all there: pest_stack_guard, psm, stacker, cc and object. With 2.8.6 the
# same crate builds without a C compiler.
#
# Seen: `cargo tree` names psm under pest_derive 2.9.6 and not under 2.8.6; the build of 2.9.6 ends with cc's "failed to find
# tool", that of 2.8.6 succeeds, where CC names no program.
#
# For slo: its derive would have needed a C compiler on every machine that builds it. The parser is made beforehand instead
# (grammar/generator), and pest alone asks for nothing of it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

crate() {
    mkdir -p "$work/$1/src"
    echo 'fn main() {}' >"$work/$1/src/main.rs"
    cat >"$work/$1/Cargo.toml" <<MANIFEST
[package]
name = "without-default-features"
version = "0.0.0"
edition = "2021"

[dependencies]
pest = { version = "=$1", default-features = false }
pest_derive = { version = "=$1", default-features = false }

[workspace]
MANIFEST
}

# Whether `psm` is in the tree, and whether the crate builds without a C compiler.
seen() {
    crate "$1"
    cd "$work/$1"
    local psm=no builds=no
    if cargo tree --quiet -e normal,build --prefix none | grep -q '^psm '; then psm=yes; fi
    if CC=/nonexistent/cc cargo build --quiet 2>"$work/errors"; then
        builds=yes
    else
        grep -q 'failed to find tool' "$work/errors" || { cat "$work/errors"; exit 1; }
    fi
    echo "pest_derive $1: psm $psm, builds without a C compiler: $builds"
}

seen 2.8.6 | tee "$work/seen"
seen 2.9.6 | tee -a "$work/seen"
diff "$work/seen" - <<'EXPECTED'
pest_derive 2.8.6: psm no, builds without a C compiler: yes
pest_derive 2.9.6: psm yes, builds without a C compiler: no
EXPECTED
