-- The district, its settings and counters.
CREATE TABLE district (
  district BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (district)
);
CREATE TABLE setting (
  district BIGINT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (district, key)
);
CREATE TABLE counter (
  district BIGINT NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (district, name)
);
-- Answers of commands by operation id: the same id again gets the same answer.
CREATE TABLE operation (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  hash TEXT NOT NULL,
  status BIGINT NOT NULL,
  header TEXT NOT NULL,
  body BYTEA NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
-- Who did what to which object; seq and chain are given by one job.
CREATE TABLE journal (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  op TEXT NOT NULL,
  object TEXT NOT NULL,
  rev BIGINT NOT NULL,
  digest TEXT NOT NULL,
  seq BIGINT,
  chain TEXT,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX journal_seq ON journal (district, seq) WHERE seq IS NOT NULL;
CREATE INDEX journal_waiting ON journal (district, at, id) WHERE seq IS NULL;
-- Facts for after the commit, and jobs.
CREATE TABLE fact (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE TABLE job (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  claimed_until BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  error TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX job_due ON job (run_at);
