-- Which node committed a fact: it has told its own listeners, and hears it from nobody again.
ALTER TABLE fact ADD COLUMN node TEXT NOT NULL DEFAULT '';
-- Facts of figures once bore no time: they lie in the year 1, where nobody heard them, and nobody will ask for them.
DELETE FROM fact WHERE at < 0;
