//! Folders, each with a feature or a mistake.

use std::fs;
use std::path::Path;

use crate::support::{CONTRACT, found, series_of};

#[test]
fn each_folder_is_found_to_be_what_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let written = series_of(CONTRACT);
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 20);
    for case in cases {
        let text = found(&case, &written, None);
        insta::with_settings!({
            snapshot_path => &case,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("found", text);
        });
    }
}
