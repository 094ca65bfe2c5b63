-- What the other side of a channel once answered is told no more.
UPDATE channel SET last_error = 'unreachable' WHERE last_error <> '' AND last_error <> 'slow' AND kind <> 'email';
