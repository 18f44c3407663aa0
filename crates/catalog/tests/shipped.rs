//! The catalogues that come with the project hold no error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[test]
fn shipped_catalogues_are_read_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for shelf in ["data", "scenarios"] {
        let Ok(folders) = fs::read_dir(root.join(shelf)) else { continue };
        for folder in folders {
            let folder = folder.unwrap().path().join("catalog");
            if !folder.is_dir() {
                continue;
            }
            let mut files = BTreeMap::new();
            for file in fs::read_dir(&folder).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|ending| ending == "toml") {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    files.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
            let (catalogue, findings) = catalog::read_files(&files);
            let errors: Vec<String> = findings.iter().map(ToString::to_string).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", folder.display());
            let written = catalog::write_files(&catalogue);
            assert_eq!(catalog::read_files(&written), (catalogue, Vec::new()));
        }
    }
}
