-- Whether a restore or the undo of one made a row of the log; not known of rows from before.

ALTER TABLE context_updates ADD COLUMN restored BIGINT NOT NULL DEFAULT 0;
