-- Which node holds a job: its claim is its own, and what another has taken over it cannot complete.
ALTER TABLE job ADD COLUMN node TEXT NOT NULL DEFAULT '';
-- Nodes look for each other's latest facts.
CREATE INDEX fact_at ON fact (at);
