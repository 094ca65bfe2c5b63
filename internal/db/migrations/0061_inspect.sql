-- Visits of inspectors to places, by a checklist of a version, with every answer.
CREATE TABLE visit (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  no TEXT NOT NULL,
  place TEXT NOT NULL,
  place_name TEXT NOT NULL,
  unit BIGINT NOT NULL,
  checklist TEXT NOT NULL,
  version BIGINT NOT NULL,
  form TEXT NOT NULL,
  kind TEXT NOT NULL,
  account TEXT NOT NULL,
  day BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  counted BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  body TEXT NOT NULL,
  search TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX visit_no ON visit (district, no);
CREATE INDEX visit_place ON visit (district, place, day);
CREATE INDEX visit_day ON visit (district, day, id);
CREATE INDEX visit_unit ON visit (district, unit, day);
CREATE TABLE visit_answer (
  district BIGINT NOT NULL,
  visit TEXT NOT NULL,
  subject TEXT NOT NULL,
  item TEXT NOT NULL,
  value TEXT NOT NULL,
  part BIGINT NOT NULL,
  of_all BIGINT NOT NULL,
  fails BIGINT NOT NULL,
  PRIMARY KEY (district, visit, subject, item)
);
-- What was wrong.
CREATE TABLE finding (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  visit TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_name TEXT NOT NULL,
  item TEXT NOT NULL,
  nth BIGINT NOT NULL,
  severity TEXT NOT NULL,
  rcase TEXT NOT NULL,
  joined BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX finding_visit ON finding (district, visit);
-- What is inspected and is neither a unit nor a point: a small caterer, a shop, a road.
CREATE TABLE inspect_object (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  unit BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX inspect_object_unit ON inspect_object (district, unit, kind);
-- Checklists as they were when visits were made by them: a visit is judged and shown by its own.
CREATE TABLE visit_form (
  district BIGINT NOT NULL,
  form TEXT NOT NULL,
  checklist TEXT NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (district, form)
);
