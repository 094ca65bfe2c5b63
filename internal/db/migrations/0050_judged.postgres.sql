-- A kept answer says what it was judged by: whoever asks for it again is judged anew. Answers that held a one-time password
-- are forgotten; what holds one is not kept any more.
ALTER TABLE operation ADD COLUMN judged TEXT NOT NULL DEFAULT '';
DELETE FROM operation WHERE convert_from(body, 'UTF8') LIKE '%"password":%';
