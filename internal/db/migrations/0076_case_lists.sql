-- A hundred thousand cases, nine in ten of them closed: what waits is found without reading those, what was closed last without
-- sorting them.
CREATE INDEX rcase_waiting ON rcase (district, wait_until) WHERE open = 1 OR waits <> 0;
CREATE INDEX rcase_state ON rcase (district, state, objected, closed_at, no, created_at);
