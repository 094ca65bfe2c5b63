-- How a photo looks, in 64 bits, four bands of 16: photos that differ in at most three bits share a band.
CREATE TABLE evidence_look (
  district BIGINT NOT NULL,
  sha TEXT NOT NULL,
  look TEXT NOT NULL,
  b0 BIGINT NOT NULL,
  b1 BIGINT NOT NULL,
  b2 BIGINT NOT NULL,
  b3 BIGINT NOT NULL,
  PRIMARY KEY (district, sha)
);
CREATE INDEX evidence_look0 ON evidence_look (district, b0);
CREATE INDEX evidence_look1 ON evidence_look (district, b1);
CREATE INDEX evidence_look2 ON evidence_look (district, b2);
CREATE INDEX evidence_look3 ON evidence_look (district, b3);
