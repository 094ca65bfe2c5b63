CREATE TABLE entry (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  unit BIGINT NOT NULL,
  state TEXT NOT NULL,
  rev BIGINT NOT NULL,
  counted_rev BIGINT NOT NULL,
  level BIGINT NOT NULL,
  wait_unit BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  subject TEXT NOT NULL,
  photos BIGINT NOT NULL,
  thumb TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  submitted_at BIGINT NOT NULL,
  late_days BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX entry_number ON entry (district, number);
CREATE INDEX entry_kind ON entry (district, kind, day_from, id);
CREATE INDEX entry_unit ON entry (district, unit, kind, day_from);
CREATE INDEX entry_wait ON entry (district, wait_unit, submitted_at) WHERE state = 'submitted';
CREATE INDEX entry_mine ON entry (district, account, state);
CREATE INDEX entry_subject ON entry (district, kind, subject) WHERE subject <> '';
CREATE TABLE entry_rev (
  district BIGINT NOT NULL,
  entry TEXT NOT NULL,
  rev BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  body TEXT NOT NULL,
  kind_version BIGINT NOT NULL,
  account TEXT NOT NULL,
  at BIGINT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (district, entry, rev)
);
CREATE TABLE entry_event (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  entry TEXT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  op TEXT NOT NULL,
  rev BIGINT NOT NULL,
  level TEXT NOT NULL,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL,
  day BIGINT NOT NULL,
  late_days BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX entry_event_entry ON entry_event (district, entry, at, id);
CREATE INDEX entry_event_op ON entry_event (district, account, op, day);
-- One row per (file content, parameters) of an import that was kept.
CREATE TABLE import_run (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  sha TEXT NOT NULL,
  account TEXT NOT NULL,
  at BIGINT NOT NULL,
  rows_read BIGINT NOT NULL,
  accepted BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
-- Identity of imported rows: unit + values + ordinal among equal rows.
CREATE TABLE import_row (
  district BIGINT NOT NULL,
  kind TEXT NOT NULL,
  hash TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (district, kind, hash, ordinal)
);
