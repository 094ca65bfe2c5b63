-- Places at which somebody does not see, on a day, what others open there: he is to look for himself.
CREATE TABLE rcase_blind (
  district BIGINT NOT NULL,
  account TEXT NOT NULL,
  day BIGINT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (district, account, day, place)
);
