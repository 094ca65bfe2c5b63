package demo

import (
	"strings"

	"sifen/internal/demo/talk"
)

// topicsOf are what a school or an institution talks about; none for those that only have a counter.
func topicsOf(u *Unit) []talk.Topic {
	switch {
	case isKindergarten(u):
		return talk.Kindergarten
	case u.Type == "school":
		return talk.School
	case u.Line != nil && u.Line.Name == "区卫健局":
		return talk.Medical
	case strings.HasSuffix(u.Name, "支行"), strings.HasSuffix(u.Name, "党群服务中心"), strings.HasSuffix(u.Name, "市场"), strings.HasSuffix(u.Name, "站"):
		return nil
	}
	return talk.Institution
}

var sessionNotes = []string{"发放折页 80 份，现场答疑 20 余人。", "请物业协助通知，晚饭后开讲，来的多是老人。", "当场演示破袋，居民反映洗手不便，已请物业加装水龙头。", "与网格走访合并进行。",
	"雨天改在架空层。", "有居民问旧沙发怎么处理，已留预约电话。", "社区民警一同参加。", "志愿者 6 人协助。", "讲完后到投放点实操一遍。", "签到表存社区。"}

// returnReasons say why a session came back, and what was wrong with it.
var returnReasons = []struct {
	reason string
	wrong  string // what the first handing-in had wrong
}{
	{"有签到表的，请按签到表填。", "rounded"},
	{"录入时数字写反，请对照签到表核对。", "swapped"},
	{"地点只写了“小区内”，请写清楚在哪里。", "place"},
	{"照片拍摄日期比登记日期早一天，请核对日期。", "day"},
	{"估计人数请写明，不要按清点报。", "basis"},
	{"形式选错了，入户不是讲座。", "form"},
}
