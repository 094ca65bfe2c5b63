-- Units, their dated parents, lines and schemes. A unit's number is its key; its code is an attribute.
CREATE TABLE unit (
  district BIGINT NOT NULL,
  no BIGINT NOT NULL,
  code TEXT,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  PRIMARY KEY (district, no)
);
CREATE UNIQUE INDEX unit_code ON unit (district, code) WHERE code IS NOT NULL;
CREATE INDEX unit_type ON unit (district, type);
CREATE TABLE unit_edge (
  district BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  parent BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  PRIMARY KEY (district, unit, day_from)
);
CREATE TABLE unit_line (
  district BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  head BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  PRIMARY KEY (district, unit, head, day_from)
);
CREATE TABLE unit_scheme (
  district BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  scheme TEXT NOT NULL,
  day_from BIGINT NOT NULL,
  PRIMARY KEY (district, unit, day_from)
);
CREATE TABLE org_reach (
  district BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  target BIGINT NOT NULL,
  line BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  PRIMARY KEY (district, unit, target, day_from)
) {{clustered}};
CREATE INDEX org_reach_target ON org_reach (district, target, unit, day_from, day_until);
