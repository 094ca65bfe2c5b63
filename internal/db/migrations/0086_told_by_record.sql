-- Without statistics SQLite takes the district alone for as telling as district and record, and reads every part of it for one
-- record. The index begins with what tells; the statements keep the district from being looked up with a plus before it.
DROP INDEX IF EXISTS figure_part_record;
CREATE INDEX figure_part_of ON figure_part (record);
-- What went to the enforcement office and came back, among all that happens to cases.
CREATE INDEX rcase_event_transfer ON rcase_event (district, rcase, seq) WHERE op IN ('transfer', 'result', 'back');
