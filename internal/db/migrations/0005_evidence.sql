CREATE TABLE evidence (
  district BIGINT NOT NULL,
  sha TEXT NOT NULL,
  size BIGINT NOT NULL,
  mime TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  taken_at TEXT NOT NULL,
  lat BIGINT,
  lon BIGINT,
  camera TEXT NOT NULL,
  name TEXT NOT NULL,
  account TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, sha)
);
CREATE TABLE evidence_use (
  district BIGINT NOT NULL,
  sha TEXT NOT NULL,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,
  field TEXT NOT NULL,
  unit BIGINT NOT NULL,
  PRIMARY KEY (district, sha, object, field)
);
CREATE INDEX evidence_use_object ON evidence_use (district, object);
CREATE TABLE period_lock (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  unit BIGINT NOT NULL,
  kind TEXT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  reason TEXT NOT NULL,
  account TEXT NOT NULL,
  at BIGINT NOT NULL,
  lifted_at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
