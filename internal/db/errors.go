package db

import (
	"errors"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"sifen/internal/problem"
)

// ErrFull says that the disk or the database limit is reached. Nothing of the transaction was kept.
var ErrFull = problem.New(problem.Full, "db.full", nil)

// ErrUnique says that a row with the same key exists.
var ErrUnique = problem.New(problem.Conflict, "db.duplicate", nil)

const (
	sqliteFull    = 13
	sqliteNoIndex = 4874 // the index of the log cannot grow
	sqliteUnique  = 2067
	sqliteKey     = 1555
)

// Explain turns driver errors that people can act on into problems and leaves the others as they are.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	var p *problem.Error
	if errors.As(err, &p) {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) { // of a file that is kept beside the rows
		return ErrFull.Because(err)
	}
	var se *sqlite.Error
	if errors.As(err, &se) {
		switch {
		case se.Code()&0xff == sqliteFull || se.Code() == sqliteNoIndex:
			return ErrFull.Because(err)
		case se.Code() == sqliteUnique || se.Code() == sqliteKey:
			return ErrUnique.Because(err)
		}
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		switch pe.Code {
		case "53100":
			return ErrFull.Because(err)
		case "23505":
			return ErrUnique.Because(err)
		}
	}
	return err
}

// Full reports whether an error comes from a full disk, of the database or of the files beside it.
func Full(err error) bool { return err != nil && errors.Is(Explain(err), ErrFull) }

func retryable(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}
