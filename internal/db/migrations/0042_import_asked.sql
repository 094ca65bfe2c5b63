-- What a person said of a waiting file and of its rows, what the file says beside them, and what is told of it.
ALTER TABLE import_run ADD COLUMN facts TEXT NOT NULL DEFAULT '';
ALTER TABLE import_run ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE import_run ADD COLUMN aside BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_line ADD COLUMN said TEXT NOT NULL DEFAULT '';
