CREATE TABLE person (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  unit BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX person_unit ON person (district, unit, name);
CREATE TABLE account (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  login TEXT NOT NULL,
  login_fold TEXT NOT NULL,
  hash TEXT NOT NULL,
  must_change BIGINT NOT NULL,
  closed BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX account_login ON account (district, login_fold);
CREATE TABLE role_grant (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  role TEXT NOT NULL,
  unit BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  given_by TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX role_grant_account ON role_grant (district, account);
CREATE TABLE session (
  district BIGINT NOT NULL,
  token TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (district, token)
);
CREATE INDEX session_account ON session (district, account);
-- Failed sign-ins are counted per (login, network): a stranger elsewhere cannot lock a person out.
CREATE TABLE login_failure (
  district BIGINT NOT NULL,
  login_fold TEXT NOT NULL,
  network TEXT NOT NULL,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (district, login_fold, network)
);
