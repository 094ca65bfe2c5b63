package db

import (
	"context"
	"fmt"
	"regexp"
)

var (
	madeTable  = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)
	madeColumn = regexp.MustCompile(`(?m)^ALTER TABLE (\w+) ADD COLUMN (\w+)`)
	madeIndex  = regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX (\w+)`)
)

// TakeBack undoes the newest migration: the tables, columns and indexes that it made go, with what is in them. It makes an
// older database of a new one, so that upgrades can be tried; indexes that it dropped stay away, and one that made nothing cannot be undone.
func (d *DB) TakeBack(ctx context.Context) error {
	all, err := migrations(d.Postgres)
	if err != nil {
		return err
	}
	last := all[len(all)-1]
	var undo []string
	for _, m := range madeIndex.FindAllStringSubmatch(last.text, -1) {
		undo = append(undo, "DROP INDEX "+m[1])
	}
	for _, m := range madeTable.FindAllStringSubmatch(last.text, -1) {
		undo = append(undo, "DROP TABLE "+m[1])
	}
	for _, m := range madeColumn.FindAllStringSubmatch(last.text, -1) {
		undo = append(undo, "ALTER TABLE "+m[1]+" DROP COLUMN "+m[2])
	}
	if len(undo) == 0 {
		return fmt.Errorf("%s made no table, column or index that could be taken back", last.name)
	}
	for _, q := range append(undo, fmt.Sprintf(`DELETE FROM schema_version WHERE version = %d`, last.version)) {
		if err := d.Exec(ctx, q); err != nil {
			return fmt.Errorf("take %s back: %w", last.name, err)
		}
	}
	return nil
}
