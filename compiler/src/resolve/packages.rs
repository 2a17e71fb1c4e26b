//! Which packages there are, and which files they are made of.

use std::sync::Arc;

use crate::hash::HashMap;

use slo_grammar::{Docs, Item, Name, Place, SyntaxTree};

use crate::diagnostic::{Code, Diagnostic};
use crate::roots::Roots;

/// All packages of the contract and of the roots that it names.
pub(crate) struct Packages<'t> {
    /// The packages, in the order of the text.
    pub(crate) list: Vec<Package<'t>>,
    /// The number of the package of each tree; none where the tree says none.
    pub(crate) of_tree: Vec<Option<usize>>,
}

/// A package.
pub(crate) struct Package<'t> {
    pub(crate) name: &'t str,
    pub(crate) docs: String,
    /// The root that it belongs to.
    pub(crate) root: usize,
    /// Where a file first says its name.
    place: Place,
}

impl<'t> Packages<'t> {
    pub(crate) fn collect(
        trees: &'t [Arc<SyntaxTree>],
        folders: &dyn Fn(&SyntaxTree) -> (usize, String),
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Packages<'t> {
        let mut packages = Packages { list: Vec::new(), of_tree: Vec::new() };
        let mut by_name: HashMap<(usize, &str), usize> = HashMap::default();
        // A package is one folder, and a folder is one package.
        let mut folder_of: HashMap<(usize, &str), Place> = HashMap::default();
        let mut package_of: HashMap<(usize, String), &Name> = HashMap::default();
        for tree in trees {
            let Some((name, docs)) = package_of_tree(tree, diagnostics) else {
                packages.of_tree.push(None);
                continue;
            };
            let folder = folders(tree);
            let id = (folder.0, name.value.as_str());
            match package_of.get(&folder) {
                Some(other) if other.value != name.value => diagnostics.push(
                    Diagnostic::new(
                        Code::MixedPackages,
                        name.place,
                        format!("one folder holds the packages `{}` and `{}`", other.value, name.value),
                    )
                    .about(&name.value)
                    .about(&other.value)
                    .and(other.place, "the other one")
                    .help("a package is a folder: move one of the files"),
                ),
                Some(_) => {}
                None => {
                    if let Some(place) = folder_of.get(&id) {
                        let message = format!("the package `{}` is spread over two folders", name.value);
                        diagnostics.push(
                            Diagnostic::new(Code::MixedPackages, name.place, message)
                                .about(&name.value)
                                .and(*place, "in another folder")
                                .help("a package is a folder: move the file, or give it another package"),
                        );
                    }
                    package_of.insert(folder, name);
                    folder_of.entry(id).or_insert(name.place);
                }
            }
            let place = name.place;
            let index = *by_name.entry(id).or_insert_with(|| {
                let (root, name) = id;
                packages.list.push(Package { name, docs: String::new(), root, place });
                packages.list.len() - 1
            });
            packages.of_tree.push(Some(index));
            if let Some(package) = packages.list.get_mut(index)
                && !docs.is_empty()
            {
                if !package.docs.is_empty() {
                    package.docs.push_str("\n\n");
                }
                package.docs.push_str(&docs.text());
            }
        }
        packages
    }

    /// Packages of one name that come together in a root from several: each with the root in which they do. What comes
    /// together in a vocabulary already is that one's matter alone.
    pub(crate) fn in_two_roots(&self, roots: &Roots) -> Vec<(usize, Diagnostic)> {
        let mut by_name: HashMap<&str, Vec<&Package<'_>>> = HashMap::default();
        for package in &self.list {
            by_name.entry(package.name).or_default().push(package);
        }
        let mut found = Vec::new();
        for (name, packages) in by_name.into_iter().filter(|(_, packages)| packages.len() > 1) {
            let seen = |root: usize| packages.iter().filter(move |package| roots.reaches(root, package.root));
            let clashes: Vec<bool> = (0..roots.list.len()).map(|root| seen(root).nth(1).is_some()).collect();
            for root in (0..roots.list.len()).filter(|root| clashes[*root]) {
                let beneath = |other: usize| clashes[other] && !roots.reaches(other, root);
                if roots.reached(root).any(|(other, _)| beneath(other)) {
                    continue;
                }
                // The root's own comes first, if it is one of them.
                let mut places: Vec<Place> = seen(root).map(|package| package.place).collect();
                crate::sort::by_key(&mut places, |place| (roots.of_file(place.file) != root, *place));
                let Some((first, others)) = places.split_first() else { continue };
                let message = format!("`{name}` is a package of {} roots", places.len());
                let mut diagnostic = Diagnostic::new(Code::MixedPackages, *first, message).about(name);
                for other in others {
                    diagnostic = diagnostic.and(*other, "in another root");
                }
                found.push((
                    root,
                    diagnostic.help("a package stands in one root: give one of them another name"),
                ));
            }
        }
        found
    }
}

/// The package that a file says, which must be its first item and its only one.
fn package_of_tree<'t>(
    tree: &'t SyntaxTree,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(&'t Name, &'t Docs)> {
    let mut found: Option<(&Name, &Docs)> = None;
    for (index, item) in tree.items.iter().enumerate() {
        let Item::Package(package) = item else { continue };
        if let Some((first, _)) = found {
            diagnostics.push(
                Diagnostic::new(Code::PackageTwice, package.name.place, "a file says its package once")
                    .about(&package.name.value)
                    .and(first.place, "it was said here")
                    .help("take one of them out"),
            );
            continue;
        }
        if index > 0 {
            diagnostics.push(
                Diagnostic::new(Code::PackageTwice, package.name.place, "a file says its package first")
                    .about(&package.name.value)
                    .help("move it above the other declarations"),
            );
        }
        found = Some((&package.name, &package.docs));
    }
    // Where something could not be read, that may be the package.
    if found.is_none() && tree.errors.is_empty() {
        let end = tree.text.lines().next().map_or(0, str::len) as u32;
        let message = "the file does not say its package";
        diagnostics.push(
            Diagnostic::new(Code::NoPackage, Place::new(tree.file, 0, end), message)
                .help("begin it with `package NAME`, such as `package fin.pay`"),
        );
    }
    found
}
