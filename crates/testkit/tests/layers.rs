//! The rules of the house (docs/ARCHITECTURE.md), checked: who may see whom, what stays out of the
//! pure crates, and what is written only in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use deedbox_testkit::repository;
use serde::Deserialize;

/// Each crate and the crates of ours that it may see, in the order of the house.
const MAY_SEE: &[(&str, &[&str])] = &[
    ("deedbox-core", &[]),
    ("deedbox-pades", &[]),
    ("deedbox-pdf", &[]),
    ("deedbox-ledger", &["core"]),
    ("deedbox-store", &["core"]),
    ("deedbox-app", &["core", "pades", "pdf", "ledger", "store"]),
    (
        "deedbox-doors",
        &["core", "pades", "pdf", "ledger", "store", "app"],
    ),
    (
        "deedbox-worker",
        &["core", "pades", "pdf", "ledger", "store", "app"],
    ),
    (
        "deedbox",
        &[
            "core", "pades", "pdf", "ledger", "store", "app", "doors", "worker",
        ],
    ),
    (
        "deedbox-testkit",
        &[
            "core", "pades", "pdf", "ledger", "store", "app", "doors", "worker",
        ],
    ),
];

/// Crates that compute and nothing else, and what may not be below them, at whatever distance.
const PURE: &[&str] = &[
    "deedbox-core",
    "deedbox-pades",
    "deedbox-pdf",
    "deedbox-ledger",
];
const NOT_BELOW_PURE: &[&str] = &[
    "tokio",
    "axum",
    "hyper",
    "reqwest",
    "rusqlite",
    "postgres",
    "object_store",
    "lettre",
];

/// A library that belongs to one layer, and the crates that may name it.
const ONE_PLACE: &[(&str, &[&str])] = &[
    ("rusqlite", &["deedbox-store"]),
    ("postgres", &["deedbox-store"]),
    ("object_store", &["deedbox-store"]),
    ("utoipa", &["deedbox-doors"]),
    ("axum", &["deedbox-doors", "deedbox", "deedbox-testkit"]),
    ("lettre", &["deedbox-worker"]),
    ("hayro", &["deedbox-pdf"]),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Metadata {
    fn read() -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(repository::root())
            .output()
            .expect("cargo starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
    }

    fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// Names of everything that ships below a package.
    fn below(&self, package: &Package) -> BTreeSet<&str> {
        let names: BTreeMap<&str, &str> = self
            .packages
            .iter()
            .map(|one| (one.id.as_str(), one.name.as_str()))
            .collect();
        let nodes: BTreeMap<&str, &Node> = self
            .resolve
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node))
            .collect();
        let mut seen = BTreeSet::new();
        let mut open = vec![package.id.as_str()];
        while let Some(id) = open.pop() {
            for edge in nodes[id].deps.iter().filter(|edge| edge.ships()) {
                if seen.insert(edge.pkg.as_str()) {
                    open.push(&edge.pkg);
                }
            }
        }
        seen.into_iter().map(|id| names[id]).collect()
    }
}

impl Edge {
    fn ships(&self) -> bool {
        self.dep_kinds.iter().any(|kind| kind.kind.is_none())
    }
}

impl Dependency {
    fn ships(&self) -> bool {
        self.kind.as_deref() != Some("dev")
    }
}

#[test]
fn every_crate_sees_only_what_stands_before_it() {
    let rules: BTreeMap<_, _> = MAY_SEE.iter().copied().collect();
    for package in Metadata::read().ours() {
        let allowed = rules.get(package.name.as_str()).unwrap_or_else(|| {
            panic!(
                "{} has no place in the house: add it to MAY_SEE and to docs/ARCHITECTURE.md",
                package.name
            )
        });
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| dependency.ships())
        {
            let Some(short) = dependency.name.strip_prefix("deedbox-") else {
                continue;
            };
            assert!(
                allowed.contains(&short),
                "{} may not see {}",
                package.name,
                dependency.name
            );
        }
    }
}

#[test]
fn only_tests_see_the_testkit() {
    for package in Metadata::read().ours() {
        let ships = package
            .dependencies
            .iter()
            .any(|one| one.ships() && one.name == "deedbox-testkit");
        assert!(!ships, "{} ships the testkit", package.name);
    }
}

#[test]
fn pure_crates_have_no_runtime_database_or_http_below_them() {
    let metadata = Metadata::read();
    for package in metadata
        .ours()
        .filter(|package| PURE.contains(&package.name.as_str()))
    {
        let below = metadata.below(package);
        for foreign in NOT_BELOW_PURE {
            assert!(
                !below.contains(foreign),
                "{} has {foreign} below it",
                package.name
            );
        }
    }
}

#[test]
fn a_library_of_one_layer_is_named_only_there() {
    for package in Metadata::read().ours() {
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| dependency.ships())
        {
            let place = ONE_PLACE
                .iter()
                .find(|(library, _)| *library == dependency.name);
            if let Some((library, homes)) = place {
                assert!(
                    homes.contains(&package.name.as_str()),
                    "{library} belongs to {homes:?}, not to {}",
                    package.name
                );
            }
        }
    }
}

#[test]
fn sql_is_written_only_in_the_store() {
    let statements = [
        "SELECT ",
        "INSERT INTO ",
        "DELETE FROM ",
        "CREATE TABLE ",
        "ALTER TABLE ",
        "CREATE INDEX ",
    ];
    each_line_of_code(|file, number, line| {
        let elsewhere = !is_in(file, "store") && !is_in(file, "testkit");
        let sql = statements.iter().any(|word| line.contains(word))
            || (line.contains("UPDATE ") && line.contains(" SET "));
        assert!(
            !(elsewhere && sql),
            "SQL outside the store: {}:{number}: {line}",
            file.display()
        );
    });
}

#[test]
fn nothing_is_left_undone_and_no_lint_is_silenced_without_a_reason() {
    let marks = ["todo!(", "unimplemented!(", "TODO", "FIXME"];
    each_line_of_code(|file, number, line| {
        let silenced = line.contains("[allow(") && !line.contains("reason =");
        let undone = marks.iter().any(|mark| line.contains(mark));
        assert!(!silenced && !undone, "{}:{number}: {line}", file.display());
    });
}

#[test]
fn every_crate_tells_what_it_is_in_a_readme() {
    for (name, _) in MAY_SEE {
        let short = name.strip_prefix("deedbox-").unwrap_or("deedbox");
        let folder = repository::root().join("crates").join(short);
        assert!(
            folder.join("README.md").is_file(),
            "crates/{short}/README.md is missing"
        );
    }
}

/// Calls `look` with every line of Rust in `crates/`, comments and this file left out.
fn each_line_of_code(look: impl Fn(&Path, usize, &str)) {
    let mut folders = vec![repository::root().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if is_rust(&path) && !path.ends_with("testkit/tests/layers.rs") {
                look_at(&path, &look);
            }
        }
    }
}

fn look_at(path: &PathBuf, look: &impl Fn(&Path, usize, &str)) {
    let text = fs::read_to_string(path).expect("a source file");
    let code = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.for_each(|(number, line)| look(path, number, line));
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn is_in(file: &Path, short: &str) -> bool {
    file.starts_with(repository::root().join("crates").join(short))
}
