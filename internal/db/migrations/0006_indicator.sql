CREATE TABLE figure_def (
  district BIGINT NOT NULL,
  def BIGINT NOT NULL,
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL,
  kind TEXT NOT NULL,
  in_force_from BIGINT NOT NULL,
  state TEXT NOT NULL,
  watermark TEXT NOT NULL,
  PRIMARY KEY (district, def)
);
CREATE UNIQUE INDEX figure_def_key ON figure_def (district, key, version);
CREATE TABLE figure_part (
  district BIGINT NOT NULL,
  def BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  day BIGINT NOT NULL,
  record TEXT NOT NULL,
  item BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  span_from BIGINT NOT NULL,
  span_until BIGINT NOT NULL,
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  est BIGINT NOT NULL,
  keyno BIGINT,
  PRIMARY KEY (district, def, unit, day, record, item)
) {{clustered}};
CREATE INDEX figure_part_record ON figure_part (district, record);
CREATE INDEX figure_part_key ON figure_part (district, def, keyno, day) WHERE keyno IS NOT NULL;
CREATE TABLE figure_cell (
  district BIGINT NOT NULL,
  def BIGINT NOT NULL,
  target BIGINT NOT NULL,
  grain BIGINT NOT NULL,
  bucket BIGINT NOT NULL,
  n BIGINT NOT NULL,
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  est BIGINT NOT NULL,
  PRIMARY KEY (district, def, target, grain, bucket)
) {{clustered}};
CREATE TABLE figure_keys (
  district BIGINT NOT NULL,
  def BIGINT NOT NULL,
  target BIGINT NOT NULL,
  day BIGINT NOT NULL,
  keys BYTEA NOT NULL,
  PRIMARY KEY (district, def, target, day)
);
CREATE TABLE figure_keyno (
  district BIGINT NOT NULL,
  def BIGINT NOT NULL,
  value TEXT NOT NULL,
  keyno BIGINT NOT NULL,
  PRIMARY KEY (district, def, value)
);
CREATE UNIQUE INDEX figure_keyno_no ON figure_keyno (district, def, keyno);
