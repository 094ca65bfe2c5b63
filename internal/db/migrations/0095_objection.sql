-- What units object to of a public run: one per unit and item of a run; item is empty where it is the score as a whole. An upheld
-- one is corrected in the next revision, by fixes that name it.
CREATE TABLE objection (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  run TEXT NOT NULL,
  unit BIGINT NOT NULL,
  item TEXT NOT NULL,
  words TEXT NOT NULL,
  photos TEXT NOT NULL,
  actor TEXT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  decider TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  revision TEXT NOT NULL,
  rev BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX objection_once ON objection (district, run, unit, item);
CREATE INDEX objection_open ON objection (district, state, unit);
ALTER TABLE score_fix ADD COLUMN objection TEXT NOT NULL DEFAULT '';
