-- A file whose columns are called otherwise waits with its head and some of its rows until a person says which is which.
ALTER TABLE import_run ADD COLUMN head_row BIGINT NOT NULL DEFAULT 1;
ALTER TABLE import_run ADD COLUMN assigned TEXT NOT NULL DEFAULT '';
ALTER TABLE import_run ADD COLUMN sample TEXT NOT NULL DEFAULT '';
-- What a person said of a head, for the next file that has the same.
CREATE TABLE import_layout (
  district BIGINT NOT NULL,
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  head TEXT NOT NULL,
  assigned TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, account, kind, head)
);
