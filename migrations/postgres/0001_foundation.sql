-- Accounts, sessions, the log of their contexts, snapshots and what an account shares.
-- Ids are UUIDs as lower-case text, times milliseconds since the Unix epoch, flags 0 or 1.
-- What is encrypted says by which key and in which format; each value begins with its nonce.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- One key per session and per account, wrapped by the master key that `master` names.
CREATE TABLE keys (
    id TEXT NOT NULL PRIMARY KEY,
    master TEXT NOT NULL,
    format BIGINT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL REFERENCES keys (id),
    shared_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A browser's token is known by its SHA-256 only.
CREATE TABLE sign_ins (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_by_account ON sign_ins (account);

-- `seq` is the newest row of the log, `log_bytes` the size of all of it. `shared_seq` says how far
-- the account's shared values were applied, `automatic_at` when the last automatic snapshot was due.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    log_bytes BIGINT NOT NULL,
    shared_seq BIGINT NOT NULL,
    automatic_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    key TEXT NOT NULL REFERENCES keys (id),
    format BIGINT NOT NULL,
    name BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account, active_at);

-- One row per save: the updates it brought, framed together.
CREATE TABLE context_updates (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    size BIGINT NOT NULL,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    checksum BIGINT NOT NULL,
    PRIMARY KEY (session, seq)
);

-- The context as it was after row `seq`, in one piece, and what of the log is in it.
CREATE TABLE context_bases (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    log_bytes BIGINT NOT NULL,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    checksum BIGINT NOT NULL,
    coverage BYTEA NOT NULL,
    PRIMARY KEY (session, seq)
);

-- Whose a CRDT client id is.
CREATE TABLE context_clients (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    client BIGINT NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (session, client)
);

-- A snapshot copies nothing: it names a row of the log.
CREATE TABLE snapshots (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    pinned BIGINT NOT NULL,
    author TEXT NOT NULL,
    size BIGINT NOT NULL,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    name BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (session, id)
);
CREATE INDEX snapshots_by_expiry ON snapshots (pinned, expires_at);

-- What a restore replaced, for its undo.
CREATE TABLE restores (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    before_snapshot TEXT,
    author TEXT NOT NULL,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    replaced BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    undone_at BIGINT,
    PRIMARY KEY (session, id)
);
CREATE INDEX restores_by_expiry ON restores (expires_at);

-- `id` is a keyed hash of the shared key; key and value stand encrypted in `value`.
CREATE TABLE shared_values (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    value BYTEA NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account, id)
);

CREATE TABLE preferences (
    account TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    value BYTEA NOT NULL,
    updated_at BIGINT NOT NULL
);
