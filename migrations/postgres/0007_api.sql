-- What API clients exchange for their next tokens, by its SHA-256. One that was exchanged stays until it is over, so
-- that it is known when it comes again.
CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    sign_in TEXT NOT NULL REFERENCES sign_ins (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_by_sign_in ON refresh_tokens (sign_in);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- What was answered to a request with an Idempotency-Key: `request` is a hash of all of it, `answer` is encrypted with
-- the account's key, and NULL while the request is worked on.
CREATE TABLE replies (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    request TEXT NOT NULL,
    format BIGINT NOT NULL,
    answer BYTEA,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);
CREATE INDEX replies_by_time ON replies (at);
