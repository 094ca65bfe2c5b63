-- The register of official documents: of every kind, written here from a template, written elsewhere, or received.
ALTER TABLE document ADD COLUMN kind TEXT NOT NULL DEFAULT 'summary';
ALTER TABLE document ADD COLUMN origin TEXT NOT NULL DEFAULT 'template';
ALTER TABLE document ADD COLUMN mime TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN file_name TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN sent_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN sent_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN approved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN received_day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN own TEXT NOT NULL DEFAULT '{}';
CREATE INDEX document_register ON document (district, kind, created_at);
-- A unit to which a document goes. delivered_at is the issue, or the day it was added later.
CREATE TABLE document_delivery (
  district BIGINT NOT NULL,
  document TEXT NOT NULL,
  unit BIGINT NOT NULL,
  delivered_at BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  read_by TEXT NOT NULL,
  signed_at BIGINT NOT NULL,
  signed_by TEXT NOT NULL,
  reminded_at BIGINT NOT NULL,
  reminders BIGINT NOT NULL,
  PRIMARY KEY (district, document, unit)
);
CREATE INDEX document_delivery_unit ON document_delivery (district, unit, signed_at);
-- What happened to a document and what was said about it.
CREATE TABLE document_event (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  document TEXT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  op TEXT NOT NULL,
  body TEXT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX document_event_document ON document_event (district, document, at, id);
-- How a draft read at a revision, to show what changed since.
CREATE TABLE document_snapshot (
  district BIGINT NOT NULL,
  document TEXT NOT NULL,
  rev BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT NOT NULL,
  paragraphs TEXT NOT NULL,
  figures TEXT NOT NULL,
  PRIMARY KEY (district, document, rev)
);
