-- Full text of entries: tokens that the ledger makes itself, one per Chinese character, so that words of any length are
-- found as phrases. doc numbers an entry's text; 0 is not indexed yet.
ALTER TABLE entry ADD COLUMN doc BIGINT NOT NULL DEFAULT 0;
CREATE INDEX entry_doc ON entry (district, doc);
CREATE TABLE entry_text (
  district BIGINT NOT NULL,
  doc BIGINT NOT NULL,
  t TSVECTOR NOT NULL,
  PRIMARY KEY (district, doc)
);
CREATE INDEX entry_text_t ON entry_text USING GIN (t);
-- counts and pages of long lists read these alone
CREATE INDEX entry_state ON entry (district, kind, state, day_from, day_until, unit);
-- Lists that a person named: his own, or his unit's.
CREATE TABLE list_view (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  unit BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX list_view_kind ON list_view (district, kind, account);
-- Many decisions ordered at once; they begin after a moment in which they can be called off.
CREATE TABLE bulk_run (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  op TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE TABLE bulk_item (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  n BIGINT NOT NULL,
  entry TEXT NOT NULL,
  rev BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (district, run, n)
);
-- What people say about a record, and to whom.
CREATE TABLE entry_comment (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  entry TEXT NOT NULL,
  account TEXT NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  addressed TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX entry_comment_of ON entry_comment (district, entry, at, id);
