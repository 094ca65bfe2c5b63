-- Campaigns of inspections: a list that is sealed, days whose places are drawn on the morning, and what was drawn.
CREATE TABLE campaign (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  no TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  unit BIGINT NOT NULL,
  checklist TEXT NOT NULL,
  plan_task TEXT NOT NULL,
  surprise BIGINT NOT NULL,
  second BIGINT NOT NULL,
  state TEXT NOT NULL,
  first_day BIGINT NOT NULL,
  last_day BIGINT NOT NULL,
  words TEXT NOT NULL,
  base TEXT NOT NULL,
  digest TEXT NOT NULL,
  sealed_at BIGINT NOT NULL,
  account TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX campaign_no ON campaign (district, no);
CREATE INDEX campaign_last ON campaign (district, last_day, id);
-- secret is closed with the key file until its day; seal is its digest, which is published when the list is sealed.
CREATE TABLE campaign_day (
  district BIGINT NOT NULL,
  campaign TEXT NOT NULL,
  day BIGINT NOT NULL,
  quota BIGINT NOT NULL,
  secret TEXT NOT NULL,
  seal TEXT NOT NULL,
  chain TEXT NOT NULL,
  seed TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  lapsed BIGINT NOT NULL,
  PRIMARY KEY (district, campaign, day)
);
CREATE INDEX campaign_day_due ON campaign_day (district, opened_at, lapsed, day);
CREATE TABLE draw (
  district BIGINT NOT NULL,
  campaign TEXT NOT NULL,
  place TEXT NOT NULL,
  role TEXT NOT NULL,
  day BIGINT NOT NULL,
  nth BIGINT NOT NULL,
  place_name TEXT NOT NULL,
  stratum TEXT NOT NULL,
  hash TEXT NOT NULL,
  level BIGINT NOT NULL,
  why TEXT NOT NULL,
  counts BIGINT NOT NULL,
  account TEXT NOT NULL,
  given TEXT NOT NULL,
  visit TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (district, campaign, place, role)
);
CREATE INDEX draw_account ON draw (district, account, day);
CREATE INDEX draw_visit ON draw (district, visit);
CREATE INDEX draw_open ON draw (district, outcome, day);
ALTER TABLE visit ADD COLUMN campaign TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN role TEXT NOT NULL DEFAULT '';
CREATE INDEX visit_campaign ON visit (district, campaign);
