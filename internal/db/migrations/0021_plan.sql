-- Yearly plans: targets bound to figures, tasks with deadline and proof, duties and who bears them.
CREATE TABLE plan_year (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  unit BIGINT NOT NULL,
  year BIGINT NOT NULL,
  title TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX plan_year_unit ON plan_year (district, unit, year);
CREATE TABLE plan_target (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  plan TEXT NOT NULL,
  unit BIGINT NOT NULL,
  figure TEXT NOT NULL,
  value BIGINT NOT NULL,
  at_most BIGINT NOT NULL,
  months TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX plan_target_figure ON plan_target (district, plan, unit, figure);
CREATE TABLE plan_task (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  plan TEXT NOT NULL,
  unit BIGINT NOT NULL,
  title TEXT NOT NULL,
  duty TEXT NOT NULL,
  person TEXT NOT NULL,
  deadline BIGINT NOT NULL,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  proof TEXT NOT NULL,
  entries TEXT NOT NULL,
  closed_day BIGINT NOT NULL,
  closed_by TEXT NOT NULL,
  late_from BIGINT NOT NULL,
  carried_from TEXT NOT NULL,
  carried_to TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX plan_task_plan ON plan_task (district, plan, deadline);
CREATE INDEX plan_task_unit ON plan_task (district, unit, state, deadline);
-- Who bears a duty: roles is a JSON object from party or unit to lead or join.
CREATE TABLE plan_duty (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  plan TEXT NOT NULL,
  title TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE INDEX plan_duty_plan ON plan_duty (district, plan, created_at);
-- What the conditions of a template compared when the document was issued: the job that renders it compares the same.
ALTER TABLE document ADD COLUMN tested TEXT NOT NULL DEFAULT '{}';
