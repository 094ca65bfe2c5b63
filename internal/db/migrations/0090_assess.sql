-- Runs of score sheets: one per sheet, period and revision. body is the sheet as it was, so that a run can be computed again
-- from itself alone; digest is taken over what was frozen of all units.
CREATE TABLE score_run (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  sheet TEXT NOT NULL,
  version BIGINT NOT NULL,
  period_from BIGINT NOT NULL,
  period_until BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  object_until BIGINT NOT NULL,
  digest TEXT NOT NULL,
  latest BIGINT NOT NULL,
  root BIGINT NOT NULL,
  body TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  checker TEXT NOT NULL,
  checked_at BIGINT NOT NULL,
  publisher TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  final_at BIGINT NOT NULL,
  PRIMARY KEY (district, run)
);
CREATE UNIQUE INDEX score_run_once ON score_run (district, sheet, period_from, rev);
-- What a unit scored, and what was frozen of it: sorted lines, deflated; sha over the lines.
CREATE TABLE score_unit (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  unit BIGINT NOT NULL,
  grp TEXT NOT NULL,
  scored BIGINT NOT NULL,
  points BIGINT NOT NULL,
  max BIGINT NOT NULL,
  place BIGINT NOT NULL,
  tied BIGINT NOT NULL,
  grade TEXT NOT NULL,
  lists TEXT NOT NULL,
  waiting BIGINT NOT NULL,
  why TEXT NOT NULL,
  inputs BYTEA NOT NULL,
  sha TEXT NOT NULL,
  PRIMARY KEY (district, run, unit)
);
CREATE INDEX score_unit_unit ON score_unit (district, unit);
CREATE TABLE score_item (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  item TEXT NOT NULL,
  unit BIGINT NOT NULL,
  points BIGINT NOT NULL,
  max BIGINT NOT NULL,
  PRIMARY KEY (district, run, item, unit)
) {{clustered}};
-- What people entered beside the records: judgements, values that no record holds, corrections of a revision.
CREATE TABLE score_fix (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  unit BIGINT NOT NULL,
  visit TEXT NOT NULL,
  name TEXT NOT NULL,
  num TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, run, unit, visit, name)
);
