package assess

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"sifen/internal/access"
	"sifen/internal/assess/score"
	"sifen/internal/db"
	"sifen/internal/evidence"
	"sifen/internal/i18n"
	"sifen/internal/id"
	"sifen/internal/org"
	"sifen/internal/problem"
)

// The states of an objection. Rejected leaves the points; upheld and partly correct them by the next revision.
const (
	Open     = "open"
	Upheld   = "upheld"
	Partly   = "partly"
	Rejected = "rejected"
)

// KindObjection is what files are used by that come with an objection.
const KindObjection = "objection"

// mostPhotos is how many files come with an objection at most.
const mostPhotos = 9

// Objection is what a unit has against an item of its score, or against the score as a whole, and what was decided.
type Objection struct {
	ID        string
	Run       string
	RunRev    int64 // of the run that it is against
	Unit      org.No
	Item      string // "" is the score as a whole
	Words     string
	Photos    []string
	Actor     string
	At        int64
	State     string
	Reason    string
	Decider   string
	DecidedAt int64
	Revision  string // the run that corrects it
	Rev       int64
}

// Objecting is what a person of a unit has against its score.
type Objecting struct {
	Unit   org.No
	Item   string
	Words  string
	Photos []string
}

// Object keeps an objection of a unit to an item of its score while the run is public and its time for objections lasts: to the
// end of the minute that the sheet names. One per item and run.
//
// Errors: ErrRun, ErrUnit outside the reach, ErrForbidden, ErrState, ErrOver, ErrRevised, ErrItem, ErrReason, ErrTwice.
func (s *Service) Object(ctx context.Context, tx *db.Tx, by access.Scope, run string, in Objecting) (Objection, error) {
	w, r, v, err := s.opened(ctx, tx, by, run)
	if err != nil {
		return Objection{}, err
	}
	list, err := unitScores(ctx, tx, by, r.ID, " AND s.unit = $3", int64(in.Unit))
	if err != nil {
		return Objection{}, err
	}
	in.Words = strings.TrimSpace(in.Words)
	_, it := v.Item(in.Item)
	now := w.Now.UnixMilli()
	switch {
	case len(list) == 0:
		return Objection{}, ErrUnit
	case !by.Can(Object, w.Org.Targets(in.Unit, w.Day), false):
		return Objection{}, ErrForbidden
	case r.State != Public:
		return Objection{}, ErrState.With("state", stateTitle(r.State))
	case !r.Latest:
		return Objection{}, ErrRevised.With("rev", r.Rev+1)
	case now >= r.ObjectUntil:
		return Objection{}, ErrOver
	case it == nil && in.Item != "":
		return Objection{}, ErrItem.At(problem.Field{Pointer: "/item", Code: "assess.no-item"})
	case utf8.RuneCountInString(in.Words) < 2:
		return Objection{}, ErrReason.At(problem.Field{Pointer: "/words", Code: "rectify.reason"})
	}
	if err := attached(ctx, tx, by, in.Photos); err != nil {
		return Objection{}, err
	}
	o := Objection{ID: id.New(w.Now), Run: r.ID, RunRev: r.Rev, Unit: in.Unit, Item: in.Item, Words: in.Words, Photos: in.Photos, Actor: by.Account,
		At: now, State: Open, Rev: 1}
	if err := insertObjection(ctx, tx, by.District, o); err != nil {
		return Objection{}, err
	}
	if err := evidence.SetUses(ctx, tx, by.District, KindObjection, o.ID, o.Unit, map[string][]string{"photos": o.Photos}); err != nil {
		return Objection{}, err
	}
	return o, s.tell(ctx, tx, by, w, r, "object")
}

// attached checks that a person may name the files that he attaches.
func attached(ctx context.Context, tx *db.Tx, by access.Scope, photos []string) error {
	if len(photos) > mostPhotos {
		return ErrInvalid.At(problem.Field{Pointer: "/photos", Code: "value.too-many", Args: map[string]any{"max": mostPhotos, "have": len(photos)}})
	}
	for i, sha := range photos {
		ok, err := evidence.MayName(ctx, tx, by, sha)
		if err != nil {
			return err
		}
		if !ok || slices.Contains(photos[:i], sha) {
			return ErrInvalid.At(problem.Field{Pointer: "/photos", Code: "value.file-missing"})
		}
	}
	return nil
}

// Correction is a number put in the place of one that a run was computed from: of a finding of a visit, an input or a judgement.
type Correction struct {
	Visit string
	Name  string
	Value string
}

// Decision answers an objection.
type Decision struct {
	Outcome string // Upheld, Partly, Rejected
	Reason  string
	Fixes   []Correction
}

// Decide answers an objection with a reason. What is upheld, wholly or partly, is corrected in the draft of the next revision, which
// is the inputs of this one and the fixes: nothing is read from the records, and the groups are ranked again. Neither who objected nor
// who computed or entered something of the run decides; whoever decides has entered, so somebody else checks the revision.
//
// Errors: ErrObjection outside the reach, ErrForbidden, ErrParty, ErrStale, ErrDecided, ErrInvalid, ErrReason, ErrName, ErrNumber.
func (s *Service) Decide(ctx context.Context, tx *db.Tx, by access.Scope, objection string, seen int64, d Decision) (Objection, error) {
	o, err := objectionByID(ctx, tx, by, objection)
	if err != nil {
		return o, err
	}
	w, r, v, err := s.opened(ctx, tx, by, o.Run)
	if err != nil {
		return o, err
	}
	if !may(w, by, Enter, r.Root) {
		return o, ErrForbidden
	}
	who, err := s.entrants(ctx, tx, by.District, r)
	switch {
	case err != nil:
		return o, err
	case who[by.Account] || o.Actor == by.Account:
		return o, ErrParty
	case o.State != Open:
		return o, ErrDecided.With("state", outcomeTitle(o.State))
	case o.Rev != seen:
		return o, ErrStale
	case d.Outcome != Upheld && d.Outcome != Partly && d.Outcome != Rejected:
		return o, ErrInvalid.At(problem.Field{Pointer: "/outcome", Code: "value.choice"})
	case d.Outcome == Rejected && len(d.Fixes) > 0:
		return o, ErrInvalid.At(problem.Field{Pointer: "/fixes", Code: "assess.rejected-fixes"})
	case d.Outcome != Rejected && len(d.Fixes) == 0:
		return o, ErrInvalid.At(problem.Field{Pointer: "/fixes", Code: "assess.no-fixes"})
	}
	if d.Reason, err = reasoned(d.Reason); err != nil {
		return o, err
	}
	if len(d.Fixes) > 0 {
		if o.Revision, err = s.correct(ctx, tx, by, r, v, o, d); err != nil {
			return o, err
		}
	}
	was := o.Rev
	o.State, o.Reason, o.Decider, o.DecidedAt, o.Rev = d.Outcome, d.Reason, by.Account, w.Now.UnixMilli(), o.Rev+1
	if err := saveDecision(ctx, tx, by.District, o, was); err != nil {
		return o, err
	}
	return o, s.tell(ctx, tx, by, w, r, "decide")
}

// correct puts the fixes of an objection into the draft of the next revision, which it begins where there is none yet.
func (s *Service) correct(ctx context.Context, tx *db.Tx, by access.Scope, r Run, v *score.Version, o Objection, d Decision) (string, error) {
	w, err := s.Moment(ctx, tx, by.District)
	if err != nil {
		return "", err
	}
	next, err := later(ctx, tx, by.District, r)
	if err != nil {
		return "", err
	}
	switch {
	case next == nil:
		n, err := s.successor(ctx, tx, by, w, r, d.Reason)
		if err != nil {
			return "", err
		}
		next = &n
	case next.State != Draft:
		return "", ErrRevised.With("rev", next.Rev)
	}
	facts, scores, err := frozen(ctx, tx, by.District, next.ID)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(scores, func(u UnitScore) bool { return u.Unit == o.Unit })
	if at < 0 {
		return "", ErrUnit
	}
	names := namesOf(v, o.Item)
	var fixes []Fix
	for _, c := range d.Fixes {
		e := Entered{Unit: o.Unit, Visit: c.Visit, Name: c.Name, Value: c.Value, Reason: d.Reason}
		if o.Item != "" && !slices.Contains(names, c.Name) {
			return "", ErrName.At(problem.Field{Pointer: "/fixes", Code: "assess.no-name"})
		}
		if err := enterable(v, facts[at], next.Rev, &e); err != nil {
			return "", err
		}
		fix := Fix{Unit: e.Unit, Visit: e.Visit, Name: e.Name, Num: e.Value, Reason: e.Reason, Actor: by.Account, At: w.Now.UnixMilli(), Objection: o.ID}
		if err := putFix(ctx, tx, by.District, next.ID, fix); err != nil {
			return "", err
		}
		fixes = append(fixes, fix)
	}
	if err := apply(v, facts, fixes); err != nil {
		return "", err
	}
	was := next.Attempt
	next.Attempt++
	if next.Digest, err = replace(ctx, tx, by.District, next.ID, unitsOf(scores), facts, score.Run(v, facts)); err != nil {
		return "", err
	}
	return next.ID, saveRun(ctx, tx, by.District, *next, was)
}

// namesOf are the names whose numbers an item of a sheet comes from.
func namesOf(v *score.Version, item string) []string {
	if _, it := v.Item(item); it != nil {
		return append(v.Names(it), item)
	}
	return nil
}

// settled refuses to go on while an objection to any revision of a run's period is open, and says which.
func settled(ctx context.Context, q db.Querier, by access.Scope, o *org.Org, v *score.Version, r Run) error {
	list, err := objections(ctx, q, by.District, `r.sheet = $2 AND r.period_from = $3 AND o.state = 'open'`, r.Sheet, int64(r.Period.From))
	if err != nil || len(list) == 0 {
		return err
	}
	return ErrObjected.With("n", len(list), "unit", o.UnitName(list[0].Unit), "item", itemTitle(v, list[0].Item))
}

// itemTitle names an item; none is the score as a whole.
func itemTitle(v *score.Version, item string) i18n.Label {
	if _, it := v.Item(item); it != nil {
		return both(it.Title)
	}
	return i18n.Label{Zh: "总分", En: "the score as a whole"}
}

// outcomeTitle names the state of an objection.
func outcomeTitle(state string) i18n.Label {
	return map[string]i18n.Label{Open: {Zh: "待答复", En: "waiting"}, Upheld: {Zh: "成立", En: "upheld"}, Partly: {Zh: "部分成立", En: "partly upheld"},
		Rejected: {Zh: "不成立", En: "rejected"}}[state]
}
