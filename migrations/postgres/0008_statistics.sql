-- When a person used a session and how much they changed, by quarter hours since the Unix epoch: no two time zones
-- differ by less, so that days can be counted in each (SESS-6).
CREATE TABLE activity (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    account TEXT NOT NULL,
    quarter BIGINT NOT NULL,
    edits BIGINT NOT NULL,
    active_ms BIGINT NOT NULL,
    PRIMARY KEY (session, account, quarter)
);
CREATE INDEX activity_by_account ON activity (account, quarter);
