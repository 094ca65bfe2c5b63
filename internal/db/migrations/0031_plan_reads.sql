-- The targets of a unit and its figure, and the tasks of a person: pages and benches ask for them by themselves.
CREATE INDEX plan_target_unit ON plan_target (district, unit, figure);
CREATE INDEX plan_task_person ON plan_task (district, person, state, deadline);
