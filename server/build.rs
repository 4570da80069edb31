//! The program carries the page: see `src/http/assets.rs`.

use std::path::Path;

fn main() {
    // The folder has to be there for the program to compile; the page may be built later.
    let site = Path::new("../target/site");
    if let Err(cause) = std::fs::create_dir_all(site) {
        println!("cargo::error=target/site cannot be made: {cause}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    // Only a debug build without the feature `embed` reads the files when they are asked for.
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if release || std::env::var_os("CARGO_FEATURE_EMBED").is_some() {
        println!("cargo::rerun-if-changed={}", site.display());
    }
}
