-- The ends of numbers bear a mark in the text of an entry. Every text is made anew in the background, newest first; a number
-- below zero waits for it.
DELETE FROM entry_text;
UPDATE entry SET doc = -doc WHERE doc > 0;
