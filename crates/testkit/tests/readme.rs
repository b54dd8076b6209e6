//! The README's tour, run by a shell as it stands there, against the real binary.

use std::fs;
use std::path::Path;
use std::process::Command;

use deedbox_testkit::actors::Signer;
use deedbox_testkit::repository;
use deedbox_testkit::server::{Installation, Server};

/// The shell lines of the block that follows `<!-- tour: NAME -->`.
fn block(readme: &str, name: &str) -> String {
    let mark = format!("<!-- tour: {name} -->\n```sh\n");
    let (_, rest) = readme
        .split_once(&mark)
        .unwrap_or_else(|| panic!("no tour block {name}"));
    let (lines, _) = rest.split_once("\n```").expect("a block ends");
    lines.to_owned()
}

struct Tour<'a> {
    readme: String,
    installation: &'a Installation,
    server: &'a Server,
    binary: &'a Path,
    folder: &'a Path,
}

impl Tour<'_> {
    /// The tour's own lines with this test's binary, folder and address in place of the printed ones.
    fn lines(&self, name: &str) -> String {
        let contract = repository::sample_contract();
        block(&self.readme, name)
            .replace("target/release/deedbox", &self.binary.display().to_string())
            .replace(
                "./data",
                &self.installation.data_dir().display().to_string(),
            )
            .replace("http://127.0.0.1:8080", self.server.base_url())
            .replace(
                "crates/deedbox/assets/sample-contract.pdf",
                &contract.display().to_string(),
            )
    }

    /// Runs blocks one after the other in one shell that remembers the variables of earlier ones.
    fn run(&self, names: &[&str]) -> String {
        let lines: Vec<_> = names.iter().map(|name| self.lines(name)).collect();
        let script = format!(
            "set -euo pipefail\n[ ! -f state ] || source ./state\n{}\n\
             for name in deedbox org key api template envelope; do declare -p $name; done > state\n",
            lines.join("\n"),
        );
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(self.folder)
            .output();
        let output = output.expect("bash is installed");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "the tour stopped in {names:?}: {stderr}"
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

#[tokio::test]
async fn the_tour_of_the_readme_ends_with_a_genuine_contract() {
    let binary = Installation::built_binary();
    let installation = Installation::new(&binary);
    let server = installation.serve();
    let folder = tempfile::tempdir().expect("a folder");
    let tour = Tour {
        readme: fs::read_to_string(repository::root().join("README.md")).expect("the README"),
        installation: &installation,
        server: &server,
        binary: &binary,
        folder: folder.path(),
    };
    assert!(block(&tour.readme, "serve").ends_with("serve --listen 127.0.0.1:8080"));

    let links = tour.run(&["key", "template", "send"]);
    assert_eq!(links.lines().count(), 2, "a link for each signer: {links}");
    for link in links
        .split_whitespace()
        .filter(|word| word.starts_with("http"))
    {
        let _ = Signer::open(link).sign().await;
    }
    let checks = tour.run(&["vault"]);
    assert_eq!(
        checks.matches("verified\t").count(),
        8,
        "eight checks: {checks}"
    );
    let verdict = tour.run(&["verify"]);
    assert!(verdict.contains("genuine"), "{verdict}");
}
