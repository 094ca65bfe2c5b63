-- The records of a figure at issue, until the job has put them among the files.
ALTER TABLE document_figure ADD COLUMN records BYTEA;
CREATE INDEX document_figure_cites ON document_figure (district, key);
