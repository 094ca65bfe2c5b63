-- Why an entry stayed, in words of both languages, as JSON: the sentence names days, states and kinds that the code does not.
ALTER TABLE bulk_item ADD COLUMN said TEXT NOT NULL DEFAULT '';
