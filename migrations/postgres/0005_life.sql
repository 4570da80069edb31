-- When a session came into its state, and what a deleted one was before: NULL otherwise, and again once
-- it can no longer be brought back.

ALTER TABLE sessions ADD COLUMN state_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN state_before TEXT;
UPDATE sessions SET state_at = updated_at;
CREATE INDEX sessions_by_state ON sessions (state, state_at);

-- Sessions that are gone for good, by a keyed hash of their id, so that a device that still has one is told
-- rather than believed that the database lost it.
CREATE TABLE destroyed_sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    at BIGINT NOT NULL
);
