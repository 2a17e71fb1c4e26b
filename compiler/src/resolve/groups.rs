//! Which lines of groups are fields: `x: tier` looks like an option until it is known that `tier` is a key.

use std::sync::Arc;

use crate::hash::{HashMap, HashSet};

use slo_grammar::{Entry, Expression, Field, Item, Name, NamedType, Opt, Placed, SyntaxTree, Text, Type};

use crate::options;
use crate::roots::Roots;

use super::TYPES;

/// Makes a field of each line of a group whose right side begins with a type. A word that is an option of entries is that; one
/// that is nothing is a type that is not there, unless the line's key is declared, to which an option was meant.
pub(crate) fn fields_of_groups(roots: &mut Roots) {
    let mut trees = std::mem::take(&mut roots.trees);
    turn(&mut trees, roots);
    roots.trees = trees;
}

fn turn(trees: &mut [Arc<SyntaxTree>], roots: &Roots) {
    let groups = trees.iter().flat_map(|tree| &tree.items).filter_map(|item| match item {
        Item::Group(group) => Some(group),
        _ => None,
    });
    let lines = groups.flat_map(|group| &group.entries).filter_map(|entry| match entry {
        Entry::Key { key, options, .. } => Some([key.value.clone(), type_of(options)?.value]),
        Entry::Field(_) | Entry::Spread(_) => None,
    });
    let asked: HashSet<Text> = lines.flatten().collect();
    if asked.is_empty() {
        return;
    }
    // The roots that declare it.
    let mut declared: HashMap<Text, HashSet<usize>> = HashMap::default();
    for (root, tree) in trees.iter().map(|tree| (roots.of_file(tree.file), tree)) {
        for item in &tree.items {
            if let Item::Attribute(_) | Item::Meaning(_) | Item::View(_) = item
                && let Some(name) = asked.get(&item.name().value)
            {
                declared.entry(name.clone()).or_default().insert(root);
            }
        }
    }
    let is_known = |root: usize, name: &str| {
        let in_text = || {
            declared.get(name).is_some_and(|others| others.iter().any(|other| roots.reaches(root, *other)))
        };
        in_text() || roots.tables(root).iter().any(|table| table.attribute(name).is_some())
    };
    let is_field = |root: usize, key: &str, word: &str| {
        let is_type = TYPES.contains(&word) || is_known(root, word);
        is_type || !key.contains('.') && !is_known(root, key) && !options::is_known(word)
    };
    let has_groups =
        |tree: &&mut Arc<SyntaxTree>| tree.items.iter().any(|item| matches!(item, Item::Group(_)));
    let items = trees.iter_mut().filter(has_groups).flat_map(|tree| {
        let root = roots.of_file(tree.file);
        // What is kept of the run before stays as it was read.
        Arc::make_mut(tree).items.iter_mut().map(move |item| (root, item))
    });
    for (root, item) in items {
        let Item::Group(group) = item else { continue };
        for entry in &mut group.entries {
            let Entry::Key { docs, key, options, tokens } = entry else { continue };
            let Some(word) = type_of(options).filter(|word| is_field(root, &key.value, &word.value)) else {
                continue;
            };
            let mut options = std::mem::take(options).into_iter();
            // A text that stands by itself is the word; no constant follows it.
            let value =
                options.next().filter(|first| !first.name.value.is_empty()).and_then(|first| first.value);
            let place = word.place;
            *entry = Entry::Field(Box::new(Field {
                docs: std::mem::take(docs),
                name: key.clone(),
                type_of: Placed::new(Type::Named(NamedType { name: word, array: false }), place),
                optional: None,
                value,
                via: None,
                options: options.collect(),
                tokens: *tokens,
            }));
        }
    }
}

/// The word with which a line's right side begins, where it is no option of entries: a bare one or one in quotes.
fn type_of(options: &[Opt]) -> Option<Name> {
    let first = options.first().filter(|first| !options::is_of_entry(first))?;
    match (first.name.value.as_str(), &first.value) {
        ("", Some(Placed { value: Expression::String(text), place })) => {
            Some(Placed::new(text.clone(), *place))
        }
        ("", _) => None,
        _ => Some(first.name.clone()),
    }
}
