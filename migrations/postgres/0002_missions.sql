-- The mission that is linked to a session: its id, NULL where there is none.

ALTER TABLE sessions ADD COLUMN mission TEXT;
