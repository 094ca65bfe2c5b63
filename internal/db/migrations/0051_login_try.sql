-- Tries at signing in are counted before their password is looked at: per login and network, per login over all networks,
-- per network over all logins, and per open session.
CREATE TABLE login_try (
  district BIGINT NOT NULL,
  what TEXT NOT NULL,
  login_fold TEXT NOT NULL,
  network TEXT NOT NULL,
  tries BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (district, what, login_fold, network)
);
-- Where a login has signed in: there no stranger's tries keep its owner out.
CREATE TABLE login_known (
  district BIGINT NOT NULL,
  login_fold TEXT NOT NULL,
  network TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, login_fold, network)
);
DROP TABLE login_failure;
