package field

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"sifen/internal/access"
	"sifen/internal/db"
	"sifen/internal/id"
	"sifen/internal/problem"
)

// phone is the key of a person's phone, made when the phone is met for the first time.
func (s *Service) phone(ctx context.Context, by access.Scope, phone string) (secret string, err error) {
	if !id.Valid(phone) {
		return "", problem.New(problem.Invalid, "http.input", nil).At(problem.Field{Pointer: "/phone", Code: "value.malformed"})
	}
	if secret, err = secretOf(ctx, s.DB.Read, by.District, by.Account, phone); err != nil || secret != "" {
		return secret, err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	return secret, s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO field_phone (district, account, phone, secret, seen_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (district, account, phone) DO NOTHING`, by.District, by.Account, phone, hex.EncodeToString(raw),
			s.Clock.Now().UnixMilli()); err != nil {
			return err
		}
		secret, err = secretOf(ctx, tx, by.District, by.Account, phone)
		return err
	})
}

func secretOf(ctx context.Context, q db.Querier, district int64, account, phone string) (secret string, err error) {
	err = q.QueryRowContext(ctx, `SELECT secret FROM field_phone WHERE district = $1 AND account = $2 AND phone = $3`, district, account,
		phone).Scan(&secret)
	_, err = db.One(err)
	return secret, err
}

// signed reports whether a line of an export was written by the phone that holds a key.
func signed(secret, text, signature string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	given, err := hex.DecodeString(signature)
	return err == nil && secret != "" && hmac.Equal(mac.Sum(nil), given)
}
