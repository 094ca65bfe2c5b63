-- Dispatch meetings: a meeting that was once an entry of a ledger keeps that entry's id.
CREATE TABLE meeting (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  no TEXT NOT NULL,
  unit BIGINT NOT NULL,
  type TEXT NOT NULL,
  day BIGINT NOT NULL,
  title TEXT NOT NULL,
  place TEXT NOT NULL,
  state TEXT NOT NULL,
  people BIGINT NOT NULL,
  pack TEXT NOT NULL,
  minutes TEXT NOT NULL,
  minutes_no TEXT NOT NULL,
  has_minutes BIGINT NOT NULL,
  behind BIGINT NOT NULL,
  origin TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX meeting_no ON meeting (district, no);
CREATE INDEX meeting_day ON meeting (district, day, id);
CREATE INDEX meeting_unit ON meeting (district, unit, day);
-- Who is asked to a meeting, and who came.
CREATE TABLE meeting_seat (
  district BIGINT NOT NULL,
  meeting TEXT NOT NULL,
  unit BIGINT NOT NULL,
  nth BIGINT NOT NULL,
  presence TEXT NOT NULL,
  who TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (district, meeting, unit)
);
CREATE INDEX meeting_seat_unit ON meeting_seat (district, unit);
-- What a meeting decided: a task of one unit with a deadline. office is the unit that held the meeting; behind 1 says that
-- a locked period kept its figures from following.
CREATE TABLE meeting_decision (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  meeting TEXT NOT NULL,
  nth BIGINT NOT NULL,
  office BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  person TEXT NOT NULL,
  words TEXT NOT NULL,
  proof_asked BIGINT NOT NULL,
  decided BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  state TEXT NOT NULL,
  done BIGINT NOT NULL,
  settled BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  proof TEXT NOT NULL,
  reporter TEXT NOT NULL,
  reason TEXT NOT NULL,
  carried_from TEXT NOT NULL,
  carried_to TEXT NOT NULL,
  behind BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX meeting_decision_meeting ON meeting_decision (district, meeting, nth);
CREATE INDEX meeting_decision_unit ON meeting_decision (district, unit, state, deadline);
CREATE INDEX meeting_decision_office ON meeting_decision (district, office, state, deadline);
-- What happened to a meeting or a decision, only ever added to.
CREATE TABLE meeting_event (
  district BIGINT NOT NULL,
  object TEXT NOT NULL,
  seq BIGINT NOT NULL,
  op TEXT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (district, object, seq)
);
-- What figures count of meetings and decisions, exactly as it was given to them.
CREATE TABLE meeting_record (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,
  rev BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX meeting_record_kind ON meeting_record (district, kind, id);
CREATE INDEX meeting_record_object ON meeting_record (district, object);
-- From this day no generic entry of a meeting feeds a figure.
CREATE TABLE meeting_takeover (
  district BIGINT NOT NULL,
  day BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  carried BIGINT NOT NULL,
  PRIMARY KEY (district)
);
-- The months whose bulletin was drafted without being asked for, once each.
CREATE TABLE meeting_month (
  district BIGINT NOT NULL,
  month BIGINT NOT NULL,
  at BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (district, month)
);
