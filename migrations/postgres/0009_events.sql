-- What happened in a session, in order, for whoever watches it. Of the session's events `event_seq` is the newest; of
-- those up to `events_gone` some were removed. That its context changed is no row here: it follows from `seq`.

ALTER TABLE sessions ADD COLUMN event_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN events_gone BIGINT NOT NULL DEFAULT 0;

CREATE TABLE session_events (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    job TEXT,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    PRIMARY KEY (session, seq)
);
CREATE INDEX session_events_by_age ON session_events (at);
CREATE INDEX session_events_by_job ON session_events (job, seq);
