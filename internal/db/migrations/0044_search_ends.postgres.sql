-- The text of an entry holds the ends of its numbers. Every text is made anew in the background, newest first; a number below
-- zero waits for it.
DELETE FROM entry_text;
UPDATE entry SET doc = -doc WHERE doc > 0;
