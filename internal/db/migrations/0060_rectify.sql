-- Cases of rectification: one problem at one place until it is closed. "case" is a word of SQL.
CREATE TABLE rcase (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  no TEXT NOT NULL,
  place TEXT NOT NULL,
  place_name TEXT NOT NULL,
  unit BIGINT NOT NULL,
  subject TEXT NOT NULL,
  item TEXT NOT NULL,
  nth BIGINT NOT NULL,
  source TEXT NOT NULL,
  party BIGINT NOT NULL,
  office BIGINT NOT NULL,
  issuer TEXT NOT NULL,
  finder TEXT NOT NULL,
  instrument TEXT NOT NULL,
  rank BIGINT NOT NULL,
  state TEXT NOT NULL,
  severity TEXT NOT NULL,
  round BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  asked_until BIGINT NOT NULL,
  objected BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  promise_at BIGINT NOT NULL,
  replied_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  open BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  waits BIGINT NOT NULL,
  wait_until BIGINT NOT NULL,
  body TEXT NOT NULL,
  search TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX rcase_no ON rcase (district, no);
-- A problem has one open case: the second finding of it joins.
CREATE UNIQUE INDEX rcase_problem ON rcase (district, place, subject, item, nth) WHERE open = 1;
CREATE INDEX rcase_place ON rcase (district, place, created_at);
CREATE INDEX rcase_open ON rcase (district, open, state, wait_until);
CREATE INDEX rcase_party ON rcase (district, party, open, wait_until);
CREATE INDEX rcase_unit ON rcase (district, unit, open);
-- What happened to a case, in the order in which it came; only ever added to.
CREATE TABLE rcase_event (
  district BIGINT NOT NULL,
  rcase TEXT NOT NULL,
  seq BIGINT NOT NULL,
  op TEXT NOT NULL,
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  account TEXT NOT NULL,
  look BIGINT NOT NULL,
  state TEXT NOT NULL,
  round BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  calendar BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (district, rcase, seq)
);
-- What somebody owes of a case: a signature, a recheck, an answer. due_at 0 is a year whose holidays are not published yet.
CREATE TABLE rcase_duty (
  district BIGINT NOT NULL,
  rcase TEXT NOT NULL,
  what TEXT NOT NULL,
  nth BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  days BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (district, rcase, what, nth)
);
CREATE INDEX rcase_duty_open ON rcase_duty (district, done_at, due_at);
-- What figures count of cases, exactly as it was given to them.
CREATE TABLE rcase_record (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  rcase TEXT NOT NULL,
  rev BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX rcase_record_kind ON rcase_record (district, kind, id);
CREATE INDEX rcase_record_case ON rcase_record (district, rcase);
