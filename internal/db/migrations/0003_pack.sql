-- Objects of rule packs, every version, and the files they name.
CREATE TABLE pack_object (
  district BIGINT NOT NULL,
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL,
  sum TEXT NOT NULL,
  pack TEXT NOT NULL,
  path TEXT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  applied_at BIGINT NOT NULL,
  PRIMARY KEY (district, type, key, version)
);
CREATE TABLE pack_file (
  district BIGINT NOT NULL,
  sum TEXT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (district, sum)
);
