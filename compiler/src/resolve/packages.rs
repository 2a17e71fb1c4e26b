//! Which packages there are, and which files they are made of.

use std::collections::HashMap;

use slo_grammar::{Item, Name, Place, SyntaxTree};

use crate::diagnostic::{Code, Diagnostic};

/// All packages of the contract and of the roots that it names.
pub(crate) struct Packages<'t> {
    /// The packages, in the order of the text.
    pub(crate) list: Vec<Package<'t>>,
    /// The number of the package of each tree; none where the tree says none.
    pub(crate) of_tree: Vec<Option<usize>>,
    by_name: HashMap<&'t str, usize>,
}

/// A package.
pub(crate) struct Package<'t> {
    pub(crate) name: &'t str,
    pub(crate) docs: String,
    /// Whether it belongs to the contract itself.
    pub(crate) own: bool,
}

impl<'t> Packages<'t> {
    pub(crate) fn collect(
        trees: &'t [SyntaxTree],
        own: usize,
        folders: &dyn Fn(&SyntaxTree) -> (usize, String),
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Packages<'t> {
        let mut packages = Packages { list: Vec::new(), of_tree: Vec::new(), by_name: HashMap::new() };
        // A package is one folder, and a folder is one package.
        let mut folder_of: HashMap<&str, ((usize, String), Place)> = HashMap::new();
        let mut package_of: HashMap<(usize, String), &Name> = HashMap::new();
        for (number, tree) in trees.iter().enumerate() {
            let Some((name, docs)) = package_of_tree(tree, diagnostics) else {
                packages.of_tree.push(None);
                continue;
            };
            let folder = folders(tree);
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
                    if let Some((_, place)) = folder_of.get(name.value.as_str()) {
                        diagnostics.push(
                            Diagnostic::new(
                                Code::MixedPackages,
                                name.place,
                                format!("the package `{}` is spread over two folders", name.value),
                            )
                            .about(&name.value)
                            .and(*place, "in another folder")
                            .help("a package is a folder: move the file, or give it another package"),
                        );
                    }
                    package_of.insert(folder.clone(), name);
                    folder_of.entry(&name.value).or_insert((folder, name.place));
                }
            }
            let index = *packages.by_name.entry(&name.value).or_insert_with(|| {
                packages.list.push(Package { name: &name.value, docs: String::new(), own: number < own });
                packages.list.len() - 1
            });
            packages.of_tree.push(Some(index));
            if let Some(package) = packages.list.get_mut(index)
                && !docs.is_empty()
            {
                if !package.docs.is_empty() {
                    package.docs.push_str("\n\n");
                }
                package.docs.push_str(docs);
            }
        }
        packages
    }
}

/// The package that a file says, which must be its first item and its only one.
fn package_of_tree<'t>(
    tree: &'t SyntaxTree,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(&'t Name, &'t str)> {
    let mut found: Option<(&Name, &str)> = None;
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
        diagnostics.push(
            Diagnostic::new(
                Code::NoPackage,
                Place::new(tree.file, 0, end),
                "the file does not say its package",
            )
            .help("begin it with `package NAME`, such as `package fin.pay`"),
        );
    }
    found
}
