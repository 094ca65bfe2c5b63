-- What each unit owes of a kind for a period, and what became of it.
CREATE TABLE due_item (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  unit BIGINT NOT NULL,
  day_from BIGINT NOT NULL,
  day_until BIGINT NOT NULL,
  due BIGINT NOT NULL,
  state TEXT NOT NULL,
  rev BIGINT NOT NULL,
  day BIGINT NOT NULL,
  reason TEXT NOT NULL,
  account TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX due_item_of ON due_item (district, kind, day_from, unit);
CREATE INDEX due_item_unit ON due_item (district, unit, state);
-- News for persons. One thing reaches a person once: its key is unique.
CREATE TABLE notice (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  link TEXT NOT NULL,
  sender TEXT NOT NULL,
  at BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX notice_once ON notice (district, account, key);
CREATE INDEX notice_open ON notice (district, account, read_at, at);
-- Where news go besides the workbench: a robot of a group chat, another system, a mailbox.
CREATE TABLE channel (
  district BIGINT NOT NULL,
  id TEXT NOT NULL,
  unit BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  target TEXT NOT NULL,
  secret TEXT NOT NULL,
  account TEXT NOT NULL,
  at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  PRIMARY KEY (district, id)
);
CREATE TABLE channel_sent (
  district BIGINT NOT NULL,
  channel TEXT NOT NULL,
  key TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (district, channel, key)
);
