package notify

import (
	"context"
	"fmt"

	"sifen/internal/db"
	"sifen/internal/org"
	"sifen/internal/seal"
)

// SealKey is the setting that names the key with which the district's channels are sealed.
const SealKey = "seal-key"

// place is what the sealed column of a channel cannot be carried away from.
func place(district int64, channel, column string) string {
	return fmt.Sprintf("channel %d %s %s", district, channel, column)
}

// seal closes the address and the secret of a channel: an address holds the key of its robot.
func (s *Service) seal(ctx context.Context, tx *db.Tx, district int64, c Channel) (target, secret string, err error) {
	want, err := org.Setting(ctx, tx, district, SealKey)
	if err != nil {
		return "", "", err
	}
	target, id, err := s.Seals.Seal(c.target, place(district, c.ID, "target"), want)
	if err != nil {
		return "", "", err
	}
	if c.secret != "" {
		if secret, _, err = s.Seals.Seal(c.secret, place(district, c.ID, "secret"), id); err != nil {
			return "", "", err
		}
	}
	if id != want {
		err = org.SetSetting(ctx, tx, district, SealKey, id)
	}
	return target, secret, err
}

func (s *Service) unseal(district int64, c *Channel) (err error) {
	if c.target, err = s.Seals.Open(c.target, place(district, c.ID, "target")); err != nil {
		return err
	}
	c.secret, err = s.Seals.Open(c.secret, place(district, c.ID, "secret"))
	return err
}

// SealAll closes what earlier versions kept open, and says when the key is lost.
func (s *Service) SealAll(ctx context.Context, district int64) error {
	want, err := org.Setting(ctx, s.DB.Read, district, SealKey)
	if err != nil {
		return err
	}
	if err := s.Seals.Check(want); err != nil {
		return err
	}
	list, err := db.All(ctx, s.DB.Read, scanChannel, `SELECT `+channelColumns+` FROM channel AS c WHERE c.district = $1`, district)
	if err != nil {
		return err
	}
	for _, c := range list {
		if seal.Sealed(c.target) {
			continue
		}
		if err := s.DB.Write(ctx, func(tx *db.Tx) error {
			target, secret, err := s.seal(ctx, tx, district, c)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `UPDATE channel SET target = $3, secret = $4 WHERE district = $1 AND id = $2`, district, c.ID, target, secret)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// RenewKey puts a new key in the place of one that is lost for good. What was sealed with that one stays closed: its
// channels are named again by hand.
func (s *Service) RenewKey(ctx context.Context, tx *db.Tx, district int64) error {
	id, err := s.Seals.Renew()
	if err != nil {
		return err
	}
	return org.SetSetting(ctx, tx, district, SealKey, id)
}
