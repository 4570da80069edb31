-- Long work: what it is and how far it is. Whoever works on a job holds its lease until `lease_until`, and writes only as
-- long as `lease` is the number it was given. `wanted` is what somebody asked of a running one, `not_before` when a pending
-- one may begin, `failures` how often in a row it was to be tried again.

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    wanted TEXT,
    wanted_at BIGINT,
    attempts BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    node TEXT,
    lease BIGINT NOT NULL,
    lease_until BIGINT,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    params BYTEA NOT NULL,
    progress BYTEA,
    cursor BYTEA,
    result BYTEA,
    fault BYTEA,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX jobs_by_account ON jobs (account, created_at);
CREATE INDEX jobs_by_session ON jobs (session, created_at);
CREATE INDEX jobs_by_state ON jobs (state, not_before);

-- What a job found, in portions.
CREATE TABLE job_parts (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    part BIGINT NOT NULL,
    key TEXT NOT NULL,
    format BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    PRIMARY KEY (job, name, part)
);
CREATE INDEX job_parts_by_session ON job_parts (session);
