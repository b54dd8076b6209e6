//! A PostgreSQL database of one's own for a whole-server test.
//!
//! The cluster is the one of `DEEDBOX_TEST_DATABASE_URL`, else the private one that `scripts/pg`
//! starts. Each [`Database`] is a schema in it, dropped at the end.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::repository;

/// An empty database. It is dropped with the value.
#[derive(Debug)]
pub struct Database {
    schema: String,
}

impl Database {
    /// Makes one.
    ///
    /// # Panics
    /// When there is no PostgreSQL: the test cannot go on.
    #[must_use]
    pub fn fresh() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("s_{}_{count}", std::process::id());
        psql(&format!("CREATE SCHEMA {schema}"));
        Self { schema }
    }

    /// The address for `DEEDBOX_DATABASE_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        let cluster = cluster_url();
        let separator = if cluster.contains('?') { '&' } else { '?' };
        format!(
            "{cluster}{separator}options=-c%20search_path%3D{}",
            self.schema
        )
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            psql(&format!("DROP SCHEMA {} CASCADE", self.schema));
        }
    }
}

fn cluster_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| std::env::var("DEEDBOX_TEST_DATABASE_URL").unwrap_or_else(|_| start()))
}

fn start() -> String {
    let script = repository::root().join("scripts/pg");
    let output = Command::new(script)
        .arg("url")
        .output()
        .expect("scripts/pg can be run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "PostgreSQL is needed for this test: {stderr}"
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn psql(statement: &str) {
    let output = Command::new(psql_binary())
        .args([
            "--no-psqlrc",
            "--quiet",
            "--set",
            "ON_ERROR_STOP=1",
            "--command",
            statement,
        ])
        .arg(cluster_url())
        .output()
        .expect("psql is installed (`scripts/setup test`)");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// On the path, or where Debian puts the programs of the server's version.
fn psql_binary() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let debian = versions.map(|version| version.path().join("bin/psql"));
    debian
        .into_iter()
        .find(|path| path.is_file())
        .unwrap_or_else(|| PathBuf::from("psql"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_database_answers_under_its_own_address() {
        let database = Database::fresh();
        let output = Command::new(psql_binary())
            .args(["-Atqc", "CREATE TABLE a (n int); SELECT current_schema()"])
            .arg(database.url())
            .output()
            .expect("psql starts");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).trim(),
            database.schema
        );
    }
}
