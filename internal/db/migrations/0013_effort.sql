-- What forms cost those who fill them in, by role and week: never by person.
CREATE TABLE effort (
  district BIGINT NOT NULL,
  week BIGINT NOT NULL,
  role TEXT NOT NULL,
  kind TEXT NOT NULL,
  entries BIGINT NOT NULL,
  fields BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  imported BIGINT NOT NULL,
  PRIMARY KEY (district, week, role, kind)
);
