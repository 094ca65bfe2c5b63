-- Look-backs: a share of what a month closed is seen again, chosen by a sealed list and a seed that nobody knew before.
CREATE TABLE rcase_lookmonth (
  district BIGINT NOT NULL,
  month BIGINT NOT NULL,
  no TEXT NOT NULL,
  quota BIGINT NOT NULL,
  base TEXT NOT NULL,
  digest TEXT NOT NULL,
  secret TEXT NOT NULL,
  seal TEXT NOT NULL,
  chain TEXT NOT NULL,
  seed TEXT NOT NULL,
  sealed_at BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  PRIMARY KEY (district, month)
);
-- Everything on a list; nth above 0 was drawn. A case that is closed again is on a list again, so the round is part of the key.
CREATE TABLE rcase_lookback (
  district BIGINT NOT NULL,
  rcase TEXT NOT NULL,
  round BIGINT NOT NULL,
  month BIGINT NOT NULL,
  nth BIGINT NOT NULL,
  hash TEXT NOT NULL,
  outcome TEXT NOT NULL,
  account TEXT NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (district, rcase, round)
);
CREATE INDEX rcase_lookback_month ON rcase_lookback (district, month, nth);
CREATE INDEX rcase_closed ON rcase (district, closed_at);
-- Rechecks counted so far were none: the share that passes at the first recheck leaves look-backs out.
UPDATE rcase_record SET fields = '{"look_back":false,' || substr(fields, 2) WHERE kind = 'recheck';
