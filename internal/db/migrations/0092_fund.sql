-- Money for awards: what was planned by level and source for a purpose in a year, and what has come in. Append only; a line
-- that was wrong is set against by another.
CREATE TABLE fund_budget (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  year BIGINT NOT NULL,
  level TEXT NOT NULL,
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  fen BIGINT NOT NULL,
  note TEXT NOT NULL,
  actor TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX fund_budget_purpose ON fund_budget (district, purpose, year);
-- Runs of award rules: one per rule, period and revision. body is the rule as it was, budget the fen that bound it, so that a
-- run can be reckoned again from itself alone; digest is taken over what was frozen of all claimants.
CREATE TABLE award_run (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  rule TEXT NOT NULL,
  version BIGINT NOT NULL,
  period_from BIGINT NOT NULL,
  period_until BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  public_until BIGINT NOT NULL,
  digest TEXT NOT NULL,
  latest BIGINT NOT NULL,
  root BIGINT NOT NULL,
  body TEXT NOT NULL,
  bound BIGINT NOT NULL,
  budget BIGINT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  reviewer TEXT NOT NULL,
  reviewed_at BIGINT NOT NULL,
  publisher TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  approver TEXT NOT NULL,
  approved_at BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  PRIMARY KEY (district, run)
);
CREATE UNIQUE INDEX award_run_once ON award_run (district, rule, period_from, rev);
-- What a claimant is due, and what was frozen of it: sorted lines, deflated; sha over the lines. One row per claimant holds the
-- inputs, where the design had them in each part.
CREATE TABLE award_unit (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  unit BIGINT NOT NULL,
  claim BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  held BIGINT NOT NULL,
  owed BIGINT NOT NULL,
  earlier BIGINT NOT NULL,
  missing BIGINT NOT NULL,
  inputs BYTEA NOT NULL,
  sha TEXT NOT NULL,
  PRIMARY KEY (district, run, unit)
);
CREATE INDEX award_unit_unit ON award_unit (district, unit);
CREATE TABLE award_part (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  unit BIGINT NOT NULL,
  part TEXT NOT NULL,
  base BIGINT NOT NULL,
  claim BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (district, run, unit, part)
) {{clustered}};
-- What people entered beside the records, with the reason: values that no record holds, grades, things built, receivers.
CREATE TABLE award_input (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  unit BIGINT NOT NULL,
  name TEXT NOT NULL,
  ref TEXT NOT NULL,
  num TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, run, unit, name, ref)
);
