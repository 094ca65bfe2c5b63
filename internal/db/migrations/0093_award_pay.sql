-- Batches of payment. A line waits (ordered) until the bank has answered for it: paid, refused with its reason, or cancelled.
CREATE TABLE award_batch (
  district BIGINT NOT NULL,
  batch TEXT NOT NULL,
  run TEXT NOT NULL,
  num BIGINT NOT NULL,
  state TEXT NOT NULL,
  rev BIGINT NOT NULL,
  actor TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (district, batch)
);
CREATE UNIQUE INDEX award_batch_no ON award_batch (district, run, num);
CREATE TABLE award_line (
  district BIGINT NOT NULL,
  batch TEXT NOT NULL,
  unit BIGINT NOT NULL,
  fen BIGINT NOT NULL,
  owed BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (district, batch, unit)
);
-- What was paid, withheld, released, offset and recovered: append only. settles is "forfeit" where the claim falls with what came back.
CREATE TABLE award_pay (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  run TEXT NOT NULL,
  unit BIGINT NOT NULL,
  kind TEXT NOT NULL,
  fen BIGINT NOT NULL,
  batch TEXT NOT NULL,
  settles TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX award_pay_run ON award_pay (district, run, unit);
