-- Points, stations and compost houses. A place that was once an entry of a ledger keeps that entry's id.
CREATE TABLE place (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  rev BIGINT NOT NULL,
  counted_rev BIGINT NOT NULL,
  lat BIGINT NOT NULL,
  lon BIGINT NOT NULL,
  located BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  body TEXT NOT NULL,
  search TEXT NOT NULL,
  origin TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX place_code ON place (district, code);
CREATE INDEX place_kind ON place (district, kind, id);
CREATE INDEX place_unit ON place (district, unit, type);
-- Every step of a place's life and every correction, with what stood then.
CREATE TABLE place_step (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  place TEXT NOT NULL,
  step TEXT NOT NULL,
  day BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  rev BIGINT NOT NULL,
  note TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX place_step_place ON place_step (district, place, at, id);
-- From this day no generic entry of the kinds that places keep feeds a figure.
CREATE TABLE place_takeover (
  district BIGINT NOT NULL,
  day BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  carried BIGINT NOT NULL,
  PRIMARY KEY (district)
);
-- The district's own outlines of units, for its map.
CREATE TABLE place_outline (
  district BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  rings TEXT NOT NULL,
  PRIMARY KEY (district, unit)
);
