//! The files of the page.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::harness::{Server, answer, by_hand};

/// The page's own words for its files.
async fn named(server: &Server, kind: &str) -> String {
    let html = server.get("/", &[("accept", "text/html")]).await.text();
    let mut names = html.split(['"', '\'']).filter(|part| part.starts_with("/pkg/"));
    names.find(|name| name.ends_with(kind)).expect(kind).to_owned()
}

#[tokio::test]
async fn ops_1_the_page_and_its_files_are_in_the_program() {
    let server = Server::start().await;
    let program = std::fs::read(env!("CARGO_BIN_EXE_holdfast")).unwrap();
    for (kind, content_type) in [
        (".css", "text/css; charset=utf-8"),
        (".js", "text/javascript; charset=utf-8"),
        (".wasm", "application/wasm"),
    ] {
        let path = named(&server, kind).await;
        let plain = server.get(&path, &[]).await;
        assert_eq!(plain.status, 200, "{path}");
        assert_eq!(plain.header("content-type"), content_type);
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(plain.header("content-encoding"), "");
        assert_eq!(plain.header("vary"), "accept-encoding");
        assert!(!plain.headers.contains_key("set-cookie"));
        // In the program's own bytes: it needs no folder beside it.
        for part in [path.trim_start_matches('/').as_bytes(), &plain.body] {
            assert!(memmem::find(&program, part).is_some(), "{path}: {} bytes", part.len());
        }

        let mut tags = BTreeSet::from([plain.header("etag").to_owned()]);
        for (accepted, encoding) in [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip")] {
            let packed = server.get(&path, &[("accept-encoding", accepted)]).await;
            assert_eq!(packed.header("content-encoding"), encoding, "{path}");
            assert_eq!(packed.header("content-type"), content_type);
            assert!(packed.body.len() < plain.body.len());
            let tag = packed.header("etag").to_owned();
            let headers = [("accept-encoding", accepted), ("if-none-match", tag.as_str())];
            let known = server.get(&path, &headers).await;
            assert_eq!((known.status, known.body.len()), (304, 0));
            tags.insert(tag);
        }
        assert_eq!(tags.len(), 3, "each form has its own tag");
        let refused = server.get(&path, &[("accept-encoding", "br;q=0, identity")]).await;
        assert_eq!(refused.body, plain.body);
    }
}

#[tokio::test]
async fn ops_1_what_is_no_file_of_the_page_is_not_there() {
    let server = Server::start().await;
    let script = named(&server, ".js").await;
    let compressed = format!("{script}.br");
    for path in [
        "/pkg/holdfast.js",
        "/pkg/",
        "/pkg/../../../Cargo.toml",
        "/pkg/..%2f..%2f..%2fCargo.toml",
        "/pkg/%2e%2e/%2e%2e/%2e%2e/Cargo.toml",
        "/pkg//etc/passwd",
        "/pkg/%00",
        &compressed,
    ] {
        // By hand: a client goes up the folders itself and asks for what is left.
        let line = format!("GET {path}");
        let answer = answer(by_hand(&server.url, &line, "connection: close").await).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        assert!(answer.contains("\"code\":\"not_found\""), "{path}: {answer}");
    }
}

#[tokio::test]
async fn ops_1_there_is_an_icon() {
    let server = Server::start().await;
    let icon = server.get("/favicon.svg", &[]).await;
    assert_eq!((icon.status, icon.header("content-type")), (200, "image/svg+xml"));
    let old = server.get("/favicon.ico", &[]).await;
    assert_eq!((old.status, old.header("location")), (308, "/favicon.svg"));
}
