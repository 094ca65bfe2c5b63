-- Who wrote the latest revision of an entry stands with it: nobody is offered his own to verify.
ALTER TABLE entry ADD COLUMN reviser TEXT NOT NULL DEFAULT '';
UPDATE entry SET reviser = (SELECT v.account FROM entry_rev AS v WHERE v.district = entry.district AND v.entry = entry.id AND v.rev = entry.rev);
-- What waits for a unit: in the order it is worked off, and counted by kind, each from an index alone.
DROP INDEX entry_wait;
CREATE INDEX entry_queue ON entry (district, wait_unit, (CASE WHEN late_days > 0 THEN 0 ELSE 1 END), submitted_at, id, reviser) WHERE state = 'submitted';
CREATE INDEX entry_queue_kind ON entry (district, wait_unit, kind, reviser) WHERE state = 'submitted';
DROP INDEX entry_mine;
CREATE INDEX entry_mine ON entry (district, account, state, submitted_at, id);
