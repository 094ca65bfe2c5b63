-- A workbook on its way: its rows wait here, checked and mended, until they are kept in one transaction.
ALTER TABLE import_run ADD COLUMN state TEXT NOT NULL DEFAULT 'kept';
ALTER TABLE import_run ADD COLUMN good BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN bad BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN head TEXT NOT NULL DEFAULT '[]';
ALTER TABLE import_run ADD COLUMN fault TEXT NOT NULL DEFAULT '';
ALTER TABLE import_run ADD COLUMN date1904 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN kind_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN checked_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX import_run_mine ON import_run (district, account, at);
CREATE TABLE import_file (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (district, run)
);
CREATE TABLE import_line (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  line BIGINT NOT NULL,
  state TEXT NOT NULL,
  cells TEXT NOT NULL,
  faults TEXT NOT NULL,
  raw TEXT NOT NULL,
  persons TEXT NOT NULL,
  number TEXT NOT NULL,
  rev BIGINT NOT NULL,
  hash TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  entry TEXT NOT NULL,
  unit BIGINT NOT NULL,
  year BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  due BIGINT NOT NULL,
  wait_unit BIGINT NOT NULL,
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  photos BIGINT NOT NULL,
  thumb TEXT NOT NULL,
  body TEXT NOT NULL,
  event_in TEXT NOT NULL,
  event_submit TEXT NOT NULL,
  doc BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (district, run, line)
);
CREATE INDEX import_line_state ON import_line (district, run, state, line);
CREATE INDEX import_row_entry ON import_row (district, entry);
