-- Attributes of units: what is known of a unit from a day on, such as its households. An empty value ends it. Which attributes
-- there are, and of what units, is said by rule packs.
CREATE TABLE unit_attribute (
  district BIGINT NOT NULL,
  name TEXT NOT NULL,
  unit BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  value TEXT NOT NULL,
  note TEXT NOT NULL,
  actor TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, name, unit, day_from)
) {{clustered}};
CREATE INDEX unit_attribute_unit ON unit_attribute (district, unit, name, day_from);
