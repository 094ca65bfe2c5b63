// Package account owns persons, their sign-in, roles, grants and sessions.
package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"sifen/internal/access"
	"sifen/internal/i18n"
	"sifen/internal/module"
	"sifen/internal/pack"
	"sifen/internal/problem"
)

// Role is a named set of verbs, as packs write it.
type Role struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
	Home  string     `yaml:"home" json:"home"` // summary or bench: the page a person of this role starts on
	Verbs []string   `yaml:"verbs" json:"verbs"`
}

// Type is the pack object type "roles", whose verbs are those of the modules.
func Type(list *module.List) pack.Type {
	return pack.Type{
		Dir:    "roles",
		Decode: pack.Decoded[Role],
		Check: func(_ *pack.Set, o *pack.Object) (faults []pack.Fault) {
			known := map[string]bool{}
			for _, v := range list.Verbs() {
				known[string(v.Verb)] = true
			}
			for _, v := range o.Value.(*Role).Verbs {
				if !known[v] {
					faults = append(faults, o.Fault("verbs", "没有权限 "+v, "there is no verb "+v))
				}
			}
			return faults
		},
		Schema: func() map[string]any {
			var verbs []string
			for _, v := range list.Verbs() {
				verbs = append(verbs, string(v.Verb))
			}
			return map[string]any{"type": "object", "required": []string{"key", "title", "verbs"}, "properties": map[string]any{
				"verbs": map[string]any{"type": "array", "items": map[string]any{"enum": verbs}}}}
		},
	}
}

// RoleOf finds a role in the effective set.
func RoleOf(set *pack.Set, key string) (*Role, bool) { return pack.Value[Role](set, "roles", key) }

// Problems of this package.
var (
	ErrSignIn   = problem.New(problem.Denied, "account.sign-in", nil)
	ErrWait     = problem.New(problem.Busy, "account.wait", nil)
	ErrCrowded  = problem.New(problem.Busy, "account.crowded", nil)
	ErrLogin    = problem.New(problem.Conflict, "account.login-taken", nil)
	ErrNone     = problem.New(problem.NotFound, "account.none", nil)
	ErrWeak     = problem.New(problem.Invalid, "account.weak-password", nil)
	ErrWrong    = problem.New(problem.Invalid, "account.wrong-password", nil)
	ErrRole     = problem.New(problem.Invalid, "account.no-role", nil)
	ErrBadLogin = problem.New(problem.Invalid, "account.bad-login", nil)
	ErrLastOne  = problem.New(problem.Conflict, "account.own-grant", nil)
)

// Fold is the form in which logins are compared: NFKC, case folded, without surrounding blanks.
func Fold(login string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.TrimSpace(login))))
}

// CheckLogin refuses logins that are empty or long, and those that another login could be taken for: beside plain Latin
// letters, digits and a few signs only Chinese characters stand in one. Full-width letters are folded to plain ones; Cyrillic
// letters, invisible and combining characters are refused.
func CheckLogin(login string) error {
	f := Fold(login)
	if f == "" || utf8.RuneCountInString(f) > 60 || strings.ContainsFunc(f, strange) {
		return ErrBadLogin
	}
	return nil
}

func strange(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9', strings.ContainsRune("._-@+", r), unicode.Is(unicode.Han, r):
		return false
	}
	return true
}

// Edit is the verb to manage people: who holds it at a unit administers it.
const Edit access.Verb = "account.edit"

// CheckPassword applies the profile asvs: at least 10 characters, no composition rules, not the login, not one
// of the passwords everybody tries first.
func CheckPassword(password, login string) error {
	n := utf8.RuneCountInString(password)
	f := Fold(password)
	switch {
	case n < 10, n > 200, Fold(login) != "" && strings.Contains(f, Fold(login)):
		return ErrWeak
	}
	for _, bad := range common {
		if strings.Trim(strings.TrimPrefix(f, bad), "0123456789!@#.") == "" && strings.HasPrefix(f, bad) {
			return ErrWeak
		}
	}
	distinct := map[rune]bool{}
	for _, r := range f {
		distinct[r] = true
	}
	if len(distinct) < 5 {
		return ErrWeak
	}
	return nil
}

var common = []string{"password", "passw0rd", "admin", "qwerty", "qwertyuiop", "1qaz2wsx", "letmein", "welcome", "sifen", "abc", "iloveyou", "woaini", "a",
	"1234567890", "0987654321", "1q2w3e4r5t", "zxcvbnm", "asdfghjkl"}

// Hash parameters: argon2id, t=2, 19 MiB (libraries: 62 ms here).
const (
	hashTime   = 2
	hashMemory = 19 * 1024
)

func key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, hashTime, hashMemory, 1, 32)
}

// Hash is the stored form of a password. It is made before the transaction that stores it: making it takes long.
type Hash string

// HashPassword makes the stored form of a password at once, on the command line.
func HashPassword(password string) Hash {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		panic(err) // crypto/rand does not fail on supported systems
	}
	return Hash(fmt.Sprintf("argon2id$2$19456$%s$%s", hex.EncodeToString(salt), hex.EncodeToString(key(password, salt))))
}

// HashInTurn is HashPassword in a server, where others hash too.
//
// Errors: ErrCrowded.
func HashInTurn(ctx context.Context, password string) (Hash, error) {
	leave, err := hashing.take(ctx, known)
	if err != nil {
		return "", err
	}
	defer leave()
	return HashPassword(password), nil
}

func matches(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 5 {
		key(password, []byte("0123456789abcdef")) // as slow as a real one
		return false
	}
	salt, err1 := hex.DecodeString(parts[3])
	want, err2 := hex.DecodeString(parts[4])
	return err1 == nil && err2 == nil && subtle.ConstantTimeCompare(key(password, salt), want) == 1
}

// OneTime makes a password to hand over: 16 characters without look-alikes.
func OneTime() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		panic(err)
	}
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(c)%len(letters)])
	}
	return b.String()
}

func newToken() string {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}
