-- What the loops of a document went through when it was issued: the job that renders it must not read it anew.
ALTER TABLE document ADD COLUMN turns TEXT NOT NULL DEFAULT '{}';
