-- Accounts with an address and a password, their signed-in browsers, links to set a new password, and what
-- happened to them.

-- `email_hash` is a keyed hash of the address, which stands encrypted in `email`; both are NULL for a guest.
-- `password` is a PHC string (argon2id). An account that a guest's work was brought to is named in `merged_into`.
ALTER TABLE accounts ADD COLUMN email_hash TEXT;
ALTER TABLE accounts ADD COLUMN format BIGINT NOT NULL DEFAULT 1;
ALTER TABLE accounts ADD COLUMN email BLOB;
ALTER TABLE accounts ADD COLUMN password TEXT;
ALTER TABLE accounts ADD COLUMN registered_at BIGINT;
ALTER TABLE accounts ADD COLUMN disabled_at BIGINT;
ALTER TABLE accounts ADD COLUMN delete_at BIGINT;
ALTER TABLE accounts ADD COLUMN merged_into TEXT REFERENCES accounts (id) ON DELETE CASCADE;
CREATE UNIQUE INDEX accounts_by_email ON accounts (email_hash);
CREATE INDEX accounts_by_deletion ON accounts (delete_at);
CREATE INDEX accounts_by_merging ON accounts (merged_into);

-- One that has ended stays: its token would be a new guest's otherwise. `device` is encrypted with the
-- account's key, and NULL where nothing is known.
ALTER TABLE sign_ins ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_ins ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sign_ins ADD COLUMN ended_at BIGINT;
ALTER TABLE sign_ins ADD COLUMN format BIGINT NOT NULL DEFAULT 1;
ALTER TABLE sign_ins ADD COLUMN device BLOB;
UPDATE sign_ins SET used_at = created_at, id =
    lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2)
    || '-8' || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)));
CREATE UNIQUE INDEX sign_ins_by_id ON sign_ins (id);

-- Wrong passwords in a row, by address, whether it is somebody's or not.
CREATE TABLE sign_in_failures (
    email_hash TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- A link is known by its SHA-256 only.
CREATE TABLE password_resets (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX password_resets_by_account ON password_resets (account);
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);

-- Append-only. `hash` is a keyed hash of the entry and of the hash before it. No entry goes with its account:
-- what is encrypted in `detail` can no longer be read then, and the chain holds.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    session TEXT,
    kind TEXT NOT NULL,
    key TEXT,
    format BIGINT NOT NULL,
    detail BLOB,
    hash BLOB NOT NULL
);
CREATE INDEX audit_by_account ON audit (account, seq);
