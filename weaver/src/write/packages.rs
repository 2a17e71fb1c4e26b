//! Which package each declaration stands in. A package is a namespace; packages may not use each other in a circle, so that
//! signals of two namespaces that list each other's keys stand in a package of both.

use std::collections::{BTreeMap, BTreeSet};

use super::{Piece, Rank};

/// The text of each package's file.
pub(super) fn files(pieces: Vec<Piece>, prefix: &str, about: &str) -> BTreeMap<String, String> {
    let homes = homes(&pieces);
    let entities = entity_homes(&pieces, &homes);
    let key_homes = key_homes(&pieces, &homes);
    let mut packages: BTreeMap<&String, Vec<(&Piece, BTreeSet<String>)>> = BTreeMap::new();
    for (piece, home) in pieces.iter().zip(&homes) {
        packages.entry(home).or_default().push((piece, needs(piece, home, &key_homes, &entities)));
    }
    let mut files = BTreeMap::new();
    for (package, mut pieces) in packages {
        pieces.sort_by(|(one, _), (other, _)| one.rank.cmp(&other.rank));
        let mut text = format!("//! `{package}` of {about}.\npackage {prefix}.{package}\n");
        let uses: BTreeSet<&String> = pieces.iter().flat_map(|(_, needs)| needs).collect();
        if !uses.is_empty() {
            text.push('\n');
        }
        for used in uses {
            text.push_str(&format!("use {prefix}.{used}\n"));
        }
        for (piece, _) in pieces {
            text.push('\n');
            text.push_str(&piece.text);
        }
        files.insert(package.clone(), text);
    }
    files
}

/// The packages that a declaration in this package uses.
fn needs(
    piece: &Piece,
    home: &str,
    keys: &BTreeMap<&String, String>,
    entities: &BTreeMap<&String, String>,
) -> BTreeSet<String> {
    let keys = piece.keys.iter().filter_map(|namespace| keys.get(namespace));
    let entities = piece.entities.iter().filter_map(|entity| entities.get(entity));
    keys.chain(entities).filter(|other| **other != home).cloned().collect()
}

fn entity_homes<'a>(pieces: &'a [Piece], homes: &[String]) -> BTreeMap<&'a String, String> {
    let entities = pieces.iter().zip(homes).filter(|(piece, _)| piece.rank.0 == Rank::Entity);
    entities.map(|(piece, home)| (&piece.rank.1, home.clone())).collect()
}

fn key_homes<'a>(pieces: &'a [Piece], homes: &[String]) -> BTreeMap<&'a String, String> {
    let attributes = pieces.iter().zip(homes).filter(|(piece, _)| piece.rank.0 == Rank::Attribute);
    attributes.map(|(piece, home)| (&piece.namespace, home.clone())).collect()
}

/// The package of each declaration. First its namespace; what closes a circle moves into a package of all that are in the circle, and
/// where that doesn't open it, everything of these.
fn homes(pieces: &[Piece]) -> Vec<String> {
    let mut homes: Vec<String> = pieces.iter().map(|piece| piece.namespace.clone()).collect();
    let mut moved: BTreeSet<String> = BTreeSet::new();
    // What closes circles moves in the first round. Where that makes others, or opens none, these are joined in the second, and what is
    // left has none.
    for _ in 0..ROUNDS {
        let circles = circles(&graph(pieces, &homes));
        if circles.is_empty() {
            break;
        }
        for circle in circles {
            let joined = circle.iter().flat_map(|name| parts(name)).collect::<BTreeSet<_>>();
            let joined = joined.into_iter().collect::<Vec<_>>().join(JOINT);
            let whole = circle.iter().any(|name| moved.contains(name));
            let keys = key_homes(pieces, &homes);
            let entities = entity_homes(pieces, &homes);
            let closes: Vec<bool> = pieces
                .iter()
                .zip(&homes)
                .map(|(piece, home)| {
                    let in_circle = circle.contains(home);
                    in_circle
                        && (whole
                            || needs(piece, home, &keys, &entities)
                                .iter()
                                .any(|other| circle.contains(other)))
                })
                .collect();
            for (home, closes) in homes.iter_mut().zip(closes) {
                if closes {
                    home.clone_from(&joined);
                }
            }
            moved.insert(joined);
        }
    }
    homes
}

/// More than are needed.
const ROUNDS: usize = 8;

/// What stands between the namespaces of a package of several.
const JOINT: &str = "_and_";

fn parts(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(JOINT).map(str::to_owned)
}

fn graph(pieces: &[Piece], homes: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let keys = key_homes(pieces, homes);
    let entities = entity_homes(pieces, homes);
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (piece, home) in pieces.iter().zip(homes) {
        graph.entry(home.clone()).or_default().extend(needs(piece, home, &keys, &entities));
    }
    graph
}

/// The sets of packages that use each other in circles: of Kosaraju, in two walks, each linear.
fn circles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let mut order: Vec<&String> = Vec::with_capacity(graph.len());
    let mut seen: BTreeSet<&String> = BTreeSet::new();
    for start in graph.keys() {
        if !seen.insert(start) {
            continue;
        }
        let mut way = vec![(start, graph.get(start).into_iter().flatten())];
        while let Some((name, rest)) = way.last_mut() {
            match rest.next() {
                Some(next) if seen.insert(next) => way.push((next, graph.get(next).into_iter().flatten())),
                Some(_) => {}
                None => {
                    order.push(name);
                    way.pop();
                }
            }
        }
    }
    let mut back: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (name, uses) in graph {
        for used in uses {
            back.entry(used).or_default().push(name);
        }
    }
    let mut circles = Vec::new();
    let mut taken: BTreeSet<&String> = BTreeSet::new();
    for start in order.into_iter().rev() {
        if !taken.insert(start) {
            continue;
        }
        let mut circle = BTreeSet::from([start.clone()]);
        let mut next = vec![start];
        while let Some(name) = next.pop() {
            for other in back.get(name).into_iter().flatten() {
                if taken.insert(other) {
                    circle.insert((*other).clone());
                    next.push(other);
                }
            }
        }
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}
