//! The operator's commands, while the program serves the same database (OPS-1, SEC-1, SEC-7).

use crate::harness::{Database, Guest, Kind, Program};

const PASSWORD: &str = "correct horse battery";
const ADA: [(&str, &str); 2] = [("email", "ada@example.org"), ("password", PASSWORD)];

#[tokio::test]
async fn ops_1_an_operator_manages_accounts_while_they_are_served() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let said = async |words: &str, input: &str| Program::say(words, &database, input).await;

    assert_eq!(said("user list", "").await.unwrap(), "");
    let id = said("user create Ada@example.org", &format!("{PASSWORD}\n")).await.unwrap();
    let mut ada = Guest::visit(&program.url).await;
    ada.go_on("sign_in", &ADA).await;
    let list = said("user list", "").await.unwrap();
    assert_eq!(list, format!("active    {} ada@example.org\n", id.trim()));

    said("user disable ada@example.org", "").await.unwrap();
    assert!(said("user list", "").await.unwrap().starts_with("disabled "));
    let refused = ada.form("sign_in", &ADA).await;
    assert_eq!(refused.refusal(), (403, "account_disabled".into()));
    assert!(said("user reset-link ada@example.org", "").await.is_err());
    said("user enable ada@example.org", "").await.unwrap();

    let link = said("user reset-link ada@example.org", "").await.unwrap();
    let token = link.trim().split_once("/reset?token=").expect("a link").1.to_owned();
    let new = [("token", token.as_str()), ("password", "another long one")];
    ada.go_on("reset_password", &new).await;

    for (words, input, says) in [
        ("user create ada@example.org", "long enough\n", "already"),
        ("user create ben@example.org", "short\n", "8 to 256"),
        ("user create ben@example.org", "", "standard input"),
        ("user create ben", "long enough\n", "email"),
        ("user disable ben@example.org", "", "does not exist"),
        ("user reset-link ben@example.org", "", "no account"),
    ] {
        let told = said(words, input).await.unwrap_err();
        assert!(told.contains(says), "{words}: {told}");
    }
    database.remove().await;
}

#[tokio::test]
async fn sec_7_an_operator_proves_the_audit_log() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let said = async |words: &str| Program::say(words, &database, "").await;
    assert!(said("audit verify").await.unwrap().starts_with("The log holds: 0 entries."));
    let mut ada = Guest::visit(&program.url).await;
    ada.go_on("register", &ADA).await;
    let end = said("audit verify").await.unwrap();
    let end = end.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(end.starts_with("1:"), "{end}");
    ada.go_on("sign_out", &[]).await;
    let since = format!("audit verify --since {end}");
    assert!(said(&since).await.unwrap().starts_with("The log holds: 2 entries."));
    let other = format!("audit verify --since 1:{}", "0".repeat(64));
    assert!(said(&other).await.unwrap_err().contains("entry 1"), "another log");
    assert!(said("audit verify --since x").await.unwrap_err().contains("SEQ:HASH"));
    program.kill().await;

    let mut connection = database.connect().await;
    sqlx::raw_sql("UPDATE audit SET at = at + 1 WHERE seq = 2")
        .execute(&mut connection)
        .await
        .unwrap();
    drop(connection);
    assert!(said("audit verify").await.unwrap_err().contains("entry 2"), "a changed entry");
    database.remove().await;
}
