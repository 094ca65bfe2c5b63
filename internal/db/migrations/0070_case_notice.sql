-- The official notice by which cases are put to a party: a document of the register. When it is issued, they are.
CREATE TABLE rcase_notice (
  district BIGINT NOT NULL,
  document TEXT NOT NULL,
  rcase TEXT NOT NULL,
  PRIMARY KEY (district, document, rcase)
);
CREATE INDEX rcase_notice_case ON rcase_notice (district, rcase);
