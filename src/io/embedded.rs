//! The files under `frameworks/` as they were when the program was built. A test keeps this list complete.

macro_rules! embedded {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../frameworks/", $path)))),*]
    };
}

/// Path under `frameworks/`, and text.
pub const EMBEDDED: &[(&str, &str)] = embedded! {
    "area-coefficient/2026.1/CHANGES.md"
    "area-coefficient/2026.1/cases/attacks-on-civilians.toml"
    "area-coefficient/2026.1/cases/children-women-property.toml"
    "area-coefficient/2026.1/cases/explosive-ordnance.toml"
    "area-coefficient/2026.1/cases/freedom-of-movement.toml"
    "area-coefficient/2026.1/cases/people.toml"
    "area-coefficient/2026.1/cases/services-and-information.toml"
    "area-coefficient/2026.1/coefficients.toml"
    "area-coefficient/2026.1/framework.toml"
    "area-coefficient/2026.1/indicators.toml"
    "expert-convergence/2026.1/CHANGES.md"
    "expert-convergence/2026.1/cases/given-figures.toml"
    "expert-convergence/2026.1/cases/judgements.toml"
    "expert-convergence/2026.1/coefficients.toml"
    "expert-convergence/2026.1/framework.toml"
    "household-20pct/2026.1/CHANGES.md"
    "household-20pct/2026.1/cases/answers.toml"
    "household-20pct/2026.1/cases/shares.toml"
    "household-20pct/2026.1/framework.toml"
    "household-20pct/2026.1/indicators.toml"
    "layout/a2sit.toml"
    "layout/cod-ps.toml"
    "layout/hapi-needs.toml"
    "layout/hno-sectors.toml"
    "layout/hpc-needs.toml"
    "layout/jiaf-tool3.toml"
    "layout/msna.toml"
    "layout/workbook.toml"
    "library/indicators/2026.1/indicators.toml"
    "paf.toml"
    "risks.toml"
};

/// The text of the file of this path; `None` if there is none.
pub fn embedded(path: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_frameworks_is_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("frameworks");
        let mut folders = vec![root.clone()];
        let mut found = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "toml") || name.ends_with("/CHANGES.md") {
                    found.insert(name);
                }
            }
        }
        let known: BTreeSet<String> = EMBEDDED.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(found, known, "the list in `src/io/embedded.rs` and the folder `frameworks/` differ");
    }

    #[test]
    fn the_shared_files_are_there() {
        for path in ["risks.toml", "paf.toml", "layout/workbook.toml"] {
            assert!(embedded(path).is_some(), "{path}");
        }
    }
}
