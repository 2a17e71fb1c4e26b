//! What is told while a folder is read.

use std::fs;
use std::sync::Mutex;

use slo_readers::{Progress, read, read_with};

#[test]
fn each_file_is_told_of_when_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.yaml", "groups: []\n"), ("b.json", "{"), ("c.rules", ""), ("d.txt", "")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let told = Mutex::new(Vec::new());
    let readers = read_with(folder.path(), &|progress| told.lock().unwrap().push(progress)).unwrap();
    let expected = [1, 2, 3].map(|files| Progress { files, of: 3 });
    assert_eq!(told.into_inner().unwrap(), expected);
    assert_eq!(format!("{readers:?}"), format!("{:?}", read(folder.path()).unwrap()));
}
