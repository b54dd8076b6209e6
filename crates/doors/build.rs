//! Makes sure that the folder of the built pages exists: a checkout without Node still builds, with a notice for pages.

use std::{fs, path::Path};

const PAGES: &str = "../../web/dist";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={PAGES}");
    if let Err(fault) = fs::create_dir_all(Path::new(PAGES)) {
        println!("cargo:warning=the folder {PAGES} cannot be made: {fault}");
    }
}
