//! SEC-2: the tokens of API clients.

use std::sync::Arc;

use futures::future::join_all;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::{Error, account::Tokens};

use crate::harness::{DEVICE, EMAIL, HOUR_MS, PASSWORD, World, contract};

contract!(
    sec_2_an_access_token_works_for_a_quarter_of_an_hour,
    sec_2_a_token_of_another_server_or_changed_is_none,
    sec_2_ending_a_sign_in_counts_at_once_for_its_tokens,
    sec_2_a_hundred_parallel_refreshes_sign_nobody_out,
    sec_2_a_used_token_that_comes_again_later_ends_its_sign_in,
    sec_2_a_program_that_does_not_come_back_is_signed_out,
    sec_2_a_program_registers,
    sec_2_no_token_is_in_the_database,
);

const MINUTE_MS: i64 = 60_000;

async fn client(world: &World) -> Tokens {
    world.person(EMAIL).await;
    world.backend.sign_in_client(EMAIL, PASSWORD, DEVICE).await.unwrap()
}

/// Who somebody with this access token is.
async fn email(world: &World, tokens: &Tokens) -> Result<String, Error> {
    let visitor = world.backend.client(&tokens.access_token)?;
    Ok(world.backend.who(&visitor).await?.unwrap().email)
}

async fn sec_2_an_access_token_works_for_a_quarter_of_an_hour(world: World) {
    let tokens = client(&world).await;
    assert_eq!((tokens.token_type.as_str(), tokens.expires_in), ("Bearer", 900));
    world.clock.advance(15 * MINUTE_MS - 1000);
    assert_eq!(email(&world, &tokens).await.unwrap(), EMAIL);
    world.clock.advance(1000);
    assert_eq!(email(&world, &tokens).await, Err(Error::NotSignedIn));
    let next = world.backend.refresh_client(&tokens.refresh_token).await.unwrap();
    assert_eq!(email(&world, &next).await.unwrap(), EMAIL);
    // A clock that goes back makes nothing of tomorrow's valid for ever.
    world.clock.advance(-HOUR_MS);
    assert_eq!(email(&world, &next).await, Err(Error::NotSignedIn));
}

async fn sec_2_a_token_of_another_server_or_changed_is_none(world: World) {
    let tokens = client(&world).await;
    let (head, rest) = tokens.access_token.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let mut wrong = vec![
        String::new(),
        "x".repeat(100_000),
        format!("{head}.{claims}."),
        // {"alg":"none"}
        format!("eyJhbGciOiJub25lIn0.{claims}."),
        format!("{head}.{}.{signature}", claims.to_lowercase()),
        tokens.refresh_token.clone(),
    ];
    wrong.extend((0..signature.len() - 1).step_by(7).map(|at| {
        let mut changed = signature.as_bytes().to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        format!("{head}.{claims}.{}", String::from_utf8(changed).unwrap())
    }));
    for token in wrong {
        assert_eq!(world.backend.client(&token), Err(Error::NotSignedIn), "{token}");
    }
    let cookie = world.backend.issue_token();
    assert_eq!(world.backend.client(cookie.as_str()), Err(Error::NotSignedIn));
    for token in ["", "hfr_", &tokens.access_token, cookie.as_str()] {
        assert_eq!(world.backend.refresh_client(token).await, Err(Error::NotSignedIn));
    }
}

async fn sec_2_ending_a_sign_in_counts_at_once_for_its_tokens(world: World) {
    let tokens = client(&world).await;
    let browser = world.sign_in(EMAIL, PASSWORD).await.unwrap();
    let visitor = world.backend.client(&tokens.access_token).unwrap();
    let listed = world.backend.sign_ins(&visitor).await.unwrap();
    let own = listed.iter().find(|one| one.current).unwrap();
    assert_eq!(own.device, DEVICE);
    world.backend.end_sign_in(&browser, own.id).await.unwrap();
    assert_eq!(email(&world, &tokens).await, Err(Error::NotSignedIn));
    assert_eq!(world.backend.list_sessions(&visitor).await, Err(Error::NotSignedIn));
    let refreshed = world.backend.refresh_client(&tokens.refresh_token).await;
    assert_eq!(refreshed, Err(Error::NotSignedIn));

    // By itself, and with its account.
    let tokens = world.backend.sign_in_client(EMAIL, PASSWORD, DEVICE).await.unwrap();
    let visitor = world.backend.client(&tokens.access_token).unwrap();
    world.backend.sign_out(&visitor).await.unwrap();
    assert_eq!(email(&world, &tokens).await, Err(Error::NotSignedIn));
    let tokens = world.backend.sign_in_client(EMAIL, PASSWORD, DEVICE).await.unwrap();
    world.backend.disable_user(EMAIL, true).await.unwrap();
    assert_eq!(email(&world, &tokens).await, Err(Error::AccountDisabled));
    let refreshed = world.backend.refresh_client(&tokens.refresh_token).await;
    assert_eq!(refreshed, Err(Error::AccountDisabled));
    world.backend.disable_user(EMAIL, false).await.unwrap();
    // Neither try has cost the token.
    world.backend.refresh_client(&tokens.refresh_token).await.unwrap();
}

async fn sec_2_a_hundred_parallel_refreshes_sign_nobody_out(world: World) {
    let world = Arc::new(world);
    let other_node = world.another_server().await;
    let begun = client(&world).await;
    // Two clients with one sign-in, each fifty times, on two nodes.
    let clients = [world.backend.clone(), other_node].map(|node| {
        let first = begun.clone();
        async move {
            let mut tokens = first;
            for _ in 0..5 {
                let at_once = (0..10).map(|_| node.refresh_client(&tokens.refresh_token));
                let mut all = join_all(at_once).await.into_iter().map(Result::unwrap);
                tokens = all.next_back().unwrap();
            }
            tokens
        }
    });
    for tokens in join_all(clients).await {
        assert_eq!(email(&world, &tokens).await.unwrap(), EMAIL);
        world.backend.refresh_client(&tokens.refresh_token).await.unwrap();
    }
}

async fn sec_2_a_used_token_that_comes_again_later_ends_its_sign_in(world: World) {
    let stolen = client(&world).await;
    let owners = world.backend.refresh_client(&stolen.refresh_token).await.unwrap();
    // The answer was lost, perhaps: for a moment it is given again.
    world.clock.advance(MINUTE_MS / 2);
    let again = world.backend.refresh_client(&stolen.refresh_token).await.unwrap();
    world.clock.advance(1);
    let late = world.backend.refresh_client(&stolen.refresh_token).await;
    assert_eq!(late, Err(Error::NotSignedIn));
    for tokens in [&owners, &again] {
        assert_eq!(email(&world, tokens).await, Err(Error::NotSignedIn));
        let refreshed = world.backend.refresh_client(&tokens.refresh_token).await;
        assert_eq!(refreshed, Err(Error::NotSignedIn));
    }
    let browser = world.sign_in(EMAIL, PASSWORD).await.unwrap();
    let log = world.backend.audit(&browser, &Default::default()).await.unwrap();
    assert!(log.iter().any(|entry| entry.kind.known() == Some(AuditKind::TokenReused)));
}

async fn sec_2_a_program_that_does_not_come_back_is_signed_out(world: World) {
    let tokens = client(&world).await;
    world.clock.advance(30 * 24 * HOUR_MS);
    let refreshed = world.backend.refresh_client(&tokens.refresh_token).await;
    assert_eq!(refreshed, Err(Error::NotSignedIn));
    world.backend.sweep_sign_ins().await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM refresh_tokens").await, 0);
    let browser = world.sign_in(EMAIL, PASSWORD).await.unwrap();
    // This browser, and the one that registered.
    assert_eq!(world.backend.sign_ins(&browser).await.unwrap().len(), 2);
}

async fn sec_2_a_program_registers(world: World) {
    let tokens = world.backend.register_client(EMAIL, PASSWORD, DEVICE).await.unwrap();
    assert_eq!(email(&world, &tokens).await.unwrap(), EMAIL);
    world.sign_in(EMAIL, PASSWORD).await.unwrap();
    let taken = world.backend.register_client(EMAIL, PASSWORD, DEVICE).await;
    assert!(matches!(taken, Err(Error::InvalidValue { field, .. }) if field == "email"));
    let short = world.backend.register_client("ben@example.org", "short", DEVICE).await;
    assert!(matches!(short, Err(Error::InvalidValue { field, .. }) if field == "password"));
    // What was refused left nothing.
    assert_eq!(world.number("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn sec_2_no_token_is_in_the_database(world: World) {
    let tokens = client(&world).await;
    let secret = tokens.refresh_token.trim_start_matches("hfr_").to_owned();
    for column in ["hash", "sign_in"] {
        let sql = format!("SELECT COUNT(*) FROM refresh_tokens WHERE {column} LIKE '%{secret}%'");
        assert_eq!(world.number(&sql).await, 0);
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM refresh_tokens").await, 1);
}
