CREATE TABLE document (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  template TEXT NOT NULL,
  template_version BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  period TEXT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  rev BIGINT NOT NULL,
  texts TEXT NOT NULL,
  number TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  issued_by TEXT NOT NULL,
  sha TEXT NOT NULL,
  html TEXT NOT NULL,
  outline TEXT NOT NULL,
  public_url TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  checked_at BIGINT NOT NULL,
  differences BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX document_period ON document (district, unit, day_from);
-- n is given once per (document, key, unit, period, tree) and never again.
CREATE TABLE document_figure (
  district BIGINT NOT NULL,
  document TEXT NOT NULL,
  n BIGINT NOT NULL,
  key TEXT NOT NULL,
  unit BIGINT NOT NULL,
  period TEXT NOT NULL,
  tree TEXT NOT NULL,
  frozen TEXT NOT NULL,
  PRIMARY KEY (district, document, n)
);
CREATE UNIQUE INDEX document_figure_key ON document_figure (district, document, key, unit, period, tree);
CREATE TABLE document_number (
  district BIGINT NOT NULL,
  series TEXT NOT NULL,
  year BIGINT NOT NULL,
  number BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (district, series, year, number)
);
