-- Files that a record names before their bytes have come: the use is written when the same person has brought them.
CREATE TABLE evidence_owed (
  district BIGINT NOT NULL,
  sha TEXT NOT NULL,
  object TEXT NOT NULL,
  field TEXT NOT NULL,
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY (district, sha, object, field)
);
CREATE INDEX evidence_owed_object ON evidence_owed (district, object);
-- What phones have sent: each once, with its own time and that of the clock it was made by.
CREATE TABLE field_op (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  bearer TEXT NOT NULL,
  phone TEXT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  anchor_phone BIGINT NOT NULL,
  anchor_server BIGINT NOT NULL,
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  say TEXT NOT NULL,
  rev BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX field_op_state ON field_op (district, state, received_at);
CREATE INDEX field_op_account ON field_op (district, account, received_at);
-- Photos of which a part has come.
CREATE TABLE field_photo (
  district BIGINT NOT NULL,
  account TEXT NOT NULL,
  sha TEXT NOT NULL,
  size BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, account, sha)
);
CREATE INDEX field_photo_at ON field_photo (at);
-- The phones of persons, with the key by which what a phone exports is known to be its own.
CREATE TABLE field_phone (
  district BIGINT NOT NULL,
  account TEXT NOT NULL,
  phone TEXT NOT NULL,
  secret TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (district, account, phone)
);
