//! SEC-5: what is stored does not say what it is.

use holdfast_backend::{MasterKey, OpenError};
use holdfast_domain::session::SessionMeta;
use holdfast_domain::shared::{Preferences, Theme};
use serde_json::json;

use crate::harness::{Device, World, contract, eventually, snapshot_request};

contract!(
    sec_5_nothing_planted_is_found_in_what_is_stored,
    sec_5_another_master_key_is_refused,
    sec_5_a_lost_master_key_is_told,
);

async fn sec_5_nothing_planted_is_found_in_what_is_stored(mut world: World) {
    world.settings.base_every_updates = 3;
    world.restart().await;
    let (backend, visitor) = (world.backend.clone(), world.guest().await);
    let mut device = Device::new(&visitor);
    let mut create = device.request();
    create.create = Some(SessionMeta { name: "PLANTED-NAME".into(), created_at_ms: 1 });
    backend.save(&visitor, create).await.unwrap();
    device.edit(json!({"PLANTED-KEY": "PLANTED-VALUE", "list": ["PLANTED-ITEM"]}));
    device.write("/notes", "PLANTED-TEXT in a longer text");
    let snapshot = device.snapshot("PLANTED-SNAPSHOT");
    device.sync(&backend).await;
    for number in 0..5 {
        device.edit(json!({"n": number, "PLANTED-KEY": format!("PLANTED-CHANGE {number}")}));
        device.sync(&backend).await;
    }
    eventually("a base", async || world.bases().await > 0).await;
    let request = snapshot_request("PLANTED-SECOND");
    backend.create_snapshot(&visitor, device.session, request).await.unwrap();
    backend.restore_snapshot(&visitor, device.session, snapshot).await.unwrap();
    backend.share(&visitor, "PLANTED-SHARED", json!("PLANTED-SHARED-VALUE")).await.unwrap();
    backend.rename_session(&visitor, device.session, "PLANTED-RENAMED").await.unwrap();
    backend.set_preferences(&visitor, &Preferences { theme: Theme::Dark }).await.unwrap();

    // Postgres dumps bytes as hexadecimal digits.
    let stored = world.database.stored_bytes();
    let hexadecimal: String = b"PLANTED".iter().map(|byte| format!("{byte:02x}")).collect();
    let found = |needle: &[u8]| stored.windows(needle.len()).any(|window| window == needle);
    assert!(found(b"context_updates") && found(device.session.to_string().as_bytes()));
    for needle in [&b"PLANTED"[..], hexadecimal.as_bytes(), b"/notes", b"\"dark\""] {
        assert!(!found(needle), "{}", String::from_utf8_lossy(needle));
    }
    let master: Vec<u8> = (0..32).collect();
    assert!(!found(&master) && !found(&b"000102030405060708090a0b"[..]));
    // It is there all the same.
    let json = backend.context_json(&visitor, device.session).await.unwrap();
    assert_eq!(json["PLANTED-SHARED"], "PLANTED-SHARED-VALUE");
}

async fn sec_5_another_master_key_is_refused(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.sync(&world.backend).await;
    let opened = world.open_with_key(&"ab".repeat(32)).await;
    let Err(error) = opened else { panic!("it opened with another key") };
    assert!(matches!(error, OpenError::WrongMasterKey { .. }), "{error}");
    assert!(error.to_string().contains("bring back"), "{error}");
    // Nothing was changed by trying.
    world.another_server().await.healthy().await.unwrap();
    assert!(MasterKey::from_hex("abc").is_err());
    assert!(MasterKey::from_hex(&"zz".repeat(32)).is_err());
}

async fn sec_5_a_lost_master_key_is_told(world: World) {
    let path = world.database.folder.path().join("key");
    let (made, created) = MasterKey::load_or_create(&path).unwrap();
    let (read, created_again) = MasterKey::load_or_create(&path).unwrap();
    assert!(created && !created_again);
    assert_eq!(format!("{made:?}"), format!("{read:?}"));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!format!("{made:?}").contains(&text[..16]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
    // A key made anew does not open what the lost one closed.
    assert!(matches!(
        world.open_with_key(text.trim()).await,
        Err(OpenError::WrongMasterKey { .. })
    ));
    std::fs::write(&path, "not a key").unwrap();
    assert!(matches!(MasterKey::load_or_create(&path), Err(OpenError::MasterKeyForm)));
}
