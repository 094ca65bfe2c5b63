-- Special inspections: each campaign that is over, what offices enter without one, and what came over from the ledger.
CREATE TABLE special_inspection (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  no TEXT NOT NULL,
  campaign TEXT NOT NULL,
  unit BIGINT NOT NULL,
  day BIGINT NOT NULL,
  topic TEXT NOT NULL,
  sites BIGINT NOT NULL,
  problems BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  outcome_no TEXT NOT NULL,
  state TEXT NOT NULL,
  behind BIGINT NOT NULL,
  origin TEXT NOT NULL,
  reason TEXT NOT NULL,
  fields TEXT NOT NULL,
  photos TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_op TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX special_inspection_day ON special_inspection (district, day, id);
CREATE INDEX special_inspection_campaign ON special_inspection (district, campaign);
CREATE TABLE special_record (
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
CREATE INDEX special_record_kind ON special_record (district, kind, id);
CREATE INDEX special_record_object ON special_record (district, object);
CREATE TABLE special_takeover (
  district BIGINT NOT NULL,
  day BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  carried BIGINT NOT NULL,
  PRIMARY KEY (district)
);
