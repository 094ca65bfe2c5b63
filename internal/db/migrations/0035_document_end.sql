-- An issued document can be revoked (void from the beginning) or repealed (void from that day). Its number stays used.
ALTER TABLE document ADD COLUMN ended TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN ended_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN ended_reason TEXT NOT NULL DEFAULT '';
