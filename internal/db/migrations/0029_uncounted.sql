-- What a figure does not count is told beside it: a handful of entries among all of a kind.
CREATE INDEX entry_uncounted ON entry (district, kind, day_until) WHERE counted_rev = 0;
