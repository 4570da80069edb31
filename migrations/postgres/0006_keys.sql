-- Every change of the master key. While one goes on, each row of `keys` says by `master` which of the two wraps it;
-- `wrapped` is what the new key wraps with, encrypted by the one before it, for servers that know only that one. It is
-- NULL again some time after the change is finished. A key that was left is never taken again.
CREATE TABLE rotations (
    master TEXT NOT NULL PRIMARY KEY,
    previous TEXT NOT NULL,
    format BIGINT NOT NULL,
    wrapped BYTEA,
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE UNIQUE INDEX rotations_by_previous ON rotations (previous);
