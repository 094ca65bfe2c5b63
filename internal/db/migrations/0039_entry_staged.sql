-- What an import's rows will be as entries, until they are kept: the ledger's half of a waiting row.
CREATE TABLE entry_staged (
  district BIGINT NOT NULL,
  import TEXT NOT NULL,
  line BIGINT NOT NULL,
  entry TEXT NOT NULL,
  number TEXT NOT NULL DEFAULT '',
  unit BIGINT NOT NULL,
  year BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  due BIGINT NOT NULL,
  wait_unit BIGINT NOT NULL,
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  photos BIGINT NOT NULL,
  thumb TEXT NOT NULL,
  body TEXT NOT NULL,
  event_in TEXT NOT NULL,
  event_submit TEXT NOT NULL,
  doc BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (district, import, line)
);
INSERT INTO entry_staged (district, import, line, entry, unit, year, day_from, day_until, due, wait_unit, title, search, photos, thumb, body, event_in, event_submit)
  SELECT district, run, line, entry, unit, year, day_from, day_until, due, wait_unit, title, search, photos, thumb, body, event_in, event_submit
  FROM import_line WHERE state = 'good' AND number = '' AND persons = '' AND body <> '';
-- A revision says which row of which import wrote it: an import is undone by that, not by the name of its file. Of what
-- was imported before, the latest import of the file's name that could have written the revision is taken.
ALTER TABLE entry_rev ADD COLUMN import TEXT NOT NULL DEFAULT '';
ALTER TABLE entry_rev ADD COLUMN line BIGINT NOT NULL DEFAULT 0;
UPDATE entry_rev SET import = o.run, line = o.line FROM (
  SELECT v.district, v.entry, v.rev, max(l.run) AS run, max(l.line) AS line
  FROM import_line AS l
  JOIN import_run AS r ON r.district = l.district AND r.id = l.run
  JOIN entry_rev AS v ON v.district = l.district AND v.entry = l.entry AND v.account = r.account AND v.at >= r.at
    AND v.source = r.name || ' 第' || CAST(l.line AS TEXT) || '行'
  WHERE l.state = 'kept' GROUP BY v.district, v.entry, v.rev
) AS o WHERE entry_rev.district = o.district AND entry_rev.entry = o.entry AND entry_rev.rev = o.rev;
CREATE INDEX entry_rev_import ON entry_rev (district, import, line) WHERE import <> '';
-- What is left of a waiting row: its cells, what is wrong with them, and what they say.
CREATE TABLE import_line_new (
  district BIGINT NOT NULL,
  run TEXT NOT NULL,
  line BIGINT NOT NULL,
  state TEXT NOT NULL,
  cells TEXT NOT NULL,
  faults TEXT NOT NULL,
  raw TEXT NOT NULL,
  persons TEXT NOT NULL,
  number TEXT NOT NULL,
  rev BIGINT NOT NULL,
  hash TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  unit BIGINT NOT NULL,
  PRIMARY KEY (district, run, line)
);
INSERT INTO import_line_new (district, run, line, state, cells, faults, raw, persons, number, rev, hash, ordinal, unit)
  SELECT district, run, line, state, cells, faults, raw, persons, number, rev, hash, ordinal, unit FROM import_line;
DROP TABLE import_line;
ALTER TABLE import_line_new RENAME TO import_line;
CREATE INDEX import_line_state ON import_line (district, run, state, line);
