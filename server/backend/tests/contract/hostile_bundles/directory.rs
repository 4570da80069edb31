//! SESS-3: a zip file's directory that says what is not so.

use holdfast_domain::bundle::{CONTEXT, CONTEXT_JSON};

use super::{refused, small};
use crate::harness::{Bundle, World, contract};

contract!(sess_3_a_hostile_zip_directory_is_refused);

async fn sess_3_a_hostile_zip_directory_is_refused(world: World) {
    let device = small(&world).await;
    let good = Bundle::of(&world.backend, &device).await.pack();
    let end = good.len() - 22;
    let directory = u32::from_le_bytes(good[end + 16..end + 20].try_into().unwrap()) as usize;
    let changed = |at: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    // The second entry, to become the first one's double.
    let second = directory + 46 + CONTEXT_JSON.len();
    let mut double = good.clone();
    let first: Vec<u8> = good[directory..second].to_vec();
    double.splice(second..second + 46 + CONTEXT.len(), first);
    let size = u32::try_from(double.len() - 22 - directory).unwrap().to_le_bytes();
    let end_of_double = double.len() - 22;
    double[end_of_double + 12..end_of_double + 16].copy_from_slice(&size);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("the same file twice", double, "files"),
        ("65,535 entries", changed(end + 8, &[255; 4]), "limit_exceeded"),
        ("an entry more", changed(end + 8, &[6, 0, 6, 0]), "not_a_zip"),
        ("an entry less", changed(end + 8, &[4, 0, 4, 0]), "not_a_zip"),
        ("several disks", changed(end + 4, &[1]), "not_a_zip"),
        ("zip64 in the end", changed(end + 12, &[255; 8]), "not_a_zip"),
        ("a comment", changed(end + 20, &[1]), "not_a_zip"),
        ("zip64 sizes", changed(directory + 20, &[255; 8]), "not_a_zip"),
        ("a zip64 place", changed(directory + 42, &[255; 4]), "not_a_zip"),
        ("a place beyond", changed(directory + 42, &[0, 0, 0, 127]), "not_a_zip"),
        ("two at one place", changed(second + 42, &[0; 4]), "not_a_zip"),
        ("encrypted", changed(directory + 8, &[1]), "not_a_zip"),
        ("another packing", changed(directory + 10, &[12]), "not_a_zip"),
        ("huge", changed(directory + 24, &[0, 0, 0, 240]), "limit_exceeded"),
        (
            "a byte more than said",
            changed(directory + 24, &[good[directory + 24].wrapping_sub(1)]),
            "files",
        ),
        ("packed larger", changed(directory + 20, &[255, 255, 0, 0]), "not_a_zip"),
        ("more than said", manifest_size(&good, directory), "checksum"),
        ("a name that goes on", changed(directory + 28, &[255, 255]), "not_a_zip"),
    ];
    for (what, bytes, code) in cases {
        assert_eq!(refused(&world, &device, bytes, what).await, code, "{what}");
    }
}

/// The manifest said to be a byte shorter than it is.
fn manifest_size(good: &[u8], directory: usize) -> Vec<u8> {
    let name =
        directory + good[directory..].windows(13).position(|at| at == b"manifest.json").unwrap();
    let mut file = good.to_vec();
    let size = name - 46 + 24;
    file[size] = file[size].wrapping_sub(1);
    file
}
