-- Who brought a file. The same photo may come from several people; each may use what he brought.
CREATE TABLE evidence_bearer (
  district BIGINT NOT NULL,
  sha TEXT NOT NULL,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, sha, account)
);
CREATE INDEX evidence_bearer_name ON evidence_bearer (district, account, name);
INSERT INTO evidence_bearer (district, sha, account, name, at) SELECT district, sha, account, name, at FROM evidence;
