-- Jobs that may have left parts of files where they wrote: 1 until that was looked after, when they have come to their end.

ALTER TABLE jobs ADD COLUMN untidy BIGINT NOT NULL DEFAULT 0;
CREATE INDEX jobs_untidy ON jobs (id) WHERE untidy = 1;
