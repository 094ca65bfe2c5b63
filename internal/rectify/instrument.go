package rectify

import (
	"fmt"
	"strconv"
	"strings"

	"sifen/internal/i18n"
	"sifen/internal/pack"
)

// Instrument is a paper by which a case is put to the party that answers for it, from light to heavy. Days are working days.
type Instrument struct {
	Key   string     `yaml:"key" json:"key"`
	Title i18n.Label `yaml:"title" json:"title"`
	Rank  int64      `yaml:"rank" json:"rank"`
	Days  int64      `yaml:"days,omitempty" json:"days"`
	By    string     `yaml:"by,omitempty" json:"by"`       // the time of the last day: "18:00"; empty is its end
	From  string     `yaml:"from,omitempty" json:"from"`   // days are counted from: delivered (also empty) or signed
	Issue string     `yaml:"issue,omitempty" json:"issue"` // finder: on the spot; approved: by somebody other than the finder

	Document *Paper   `yaml:"document,omitempty" json:"document,omitempty"`
	Copy     []string `yaml:"copy,omitempty" json:"copy,omitempty"` // unit types above the place that get one

	Sign    int64 `yaml:"sign,omitempty" json:"sign"`       // to sign for it
	Recheck int64 `yaml:"recheck,omitempty" json:"recheck"` // for the office, after a reply
	Return  int64 `yaml:"return,omitempty" json:"return"`   // more for the party when a recheck failed

	Extend  *Extend  `yaml:"extend,omitempty" json:"extend,omitempty"`
	Object  *Object  `yaml:"object,omitempty" json:"object,omitempty"`
	Next    string   `yaml:"next,omitempty" json:"next"` // the heavier one when it was not put right in time
	Refused *Refused `yaml:"refused,omitempty" json:"refused,omitempty"`
	Result  int64    `yaml:"result,omitempty" json:"result"` // for the enforcement office to say what came of it
}

// Paper is the official document of an instrument.
type Paper struct {
	Kind     string `yaml:"kind" json:"kind"`
	Template string `yaml:"template" json:"template"`
}

// Extend says how often and how far a deadline may be put off, and until when a request is answered.
type Extend struct {
	Times  int64 `yaml:"times" json:"times"`
	Most   int64 `yaml:"most" json:"most"`
	Answer int64 `yaml:"answer" json:"answer"`
}

// Object says until when the party may object after the issue, and until when it is answered.
type Object struct {
	Within int64 `yaml:"within" json:"within"`
	Answer int64 `yaml:"answer" json:"answer"`
}

// Refused says after how many failed rechecks a case goes to whom.
type Refused struct {
	Failed int64  `yaml:"failed" json:"failed"`
	To     string `yaml:"to" json:"to"`
}

// handsOver reports whether an instrument is the hand-over to enforcement, which has its own step and its own conditions.
func (i *Instrument) handsOver() bool { return i.Result > 0 }

// minute is the minute of the last day at which it is over; 0 is its end.
func (i *Instrument) minute() int { m, _ := minuteOf(i.By); return m }

func minuteOf(s string) (minute int, ok bool) {
	if s == "" {
		return 0, true
	}
	h, m, found := strings.Cut(s, ":")
	hour, err := strconv.Atoi(h)
	min, err2 := strconv.Atoi(m)
	if !found || err != nil || err2 != nil || len(m) != 2 || hour < 0 || hour > 23 || min < 0 || min > 59 {
		return 0, false
	}
	return hour*60 + min, true
}

// instrumentOf finds an instrument.
func instrumentOf(set *pack.Set, key string) (*Instrument, bool) {
	return pack.Value[Instrument](set, "instruments", key)
}

// Instruments is the pack object type "instruments".
func Instruments() pack.Type {
	return pack.Type{
		Dir:    "instruments",
		Decode: pack.Decoded[Instrument],
		Check: func(set *pack.Set, o *pack.Object) []pack.Fault {
			return o.Value.(*Instrument).faults(set, o)
		},
		Schema: func() map[string]any {
			return map[string]any{"type": "object", "required": []string{"key", "title", "rank", "issue"}}
		},
	}
}

func (i *Instrument) faults(set *pack.Set, o *pack.Object) (faults []pack.Fault) {
	at := func(key, zh, en string) { faults = append(faults, o.Fault(key, zh, en)) }
	if i.Rank <= 0 {
		at("rank", "等级从 1 起", "ranks begin with 1")
	}
	if _, ok := minuteOf(i.By); !ok {
		at("by", `几点要加引号写成 "18:00"`, `write the time in quotation marks: "18:00"`)
	}
	if i.From != "" && i.From != "delivered" && i.From != "signed" {
		at("from", "从 delivered（送达）或 signed（签收）起算", "days are counted from delivered or from signed")
	}
	if i.Issue != "finder" && i.Issue != "approved" {
		at("issue", "由 finder（检查员当场）或 approved（他人审批后）签发", "it is issued by the finder, or approved by somebody else")
	}
	if i.From == "signed" && i.Sign <= 0 {
		at("sign", "从签收起算，就要写几个工作日内签收", "days counted from the signature need a limit for signing")
	}
	for key, n := range map[string]int64{"days": i.Days, "sign": i.Sign, "recheck": i.Recheck, "return": i.Return, "result": i.Result} {
		if n < 0 || n > 250 {
			at(key, "工作日数在 0 到 250 之间", "working days are from 0 to 250")
		}
	}
	for key, to := range map[string]string{"next": i.Next, "refused": toOf(i.Refused)} {
		if to == "" {
			continue
		}
		other := set.Get("instruments", to)
		if other == nil {
			at(key, "没有文书 "+to, "there is no instrument "+to)
		} else if x, ok := other.Value.(*Instrument); ok && x.Rank <= i.Rank {
			at(key, fmt.Sprintf("%s 的等级（%d）不比这一种（%d）重", to, x.Rank, i.Rank), fmt.Sprintf("%s is of rank %d, no heavier than this one (%d)", to, x.Rank, i.Rank))
		}
	}
	return faults
}

func toOf(r *Refused) string {
	if r == nil {
		return ""
	}
	return r.To
}
