package i18n

func init() {
	for code, l := range map[string]Label{
		"plan.none":           {"没有这项计划内容，或不在您的范围内", "There is no such plan, target or task, or it is outside your reach"},
		"plan.forbidden":      {"您不能改这个单位的计划", "You may not change the plan of this unit"},
		"plan.changed":        {"别人刚改过，请刷新后再改", "Somebody changed it meanwhile; reload and try again"},
		"plan.closed":         {"这项任务已办结、取消或结转，不能再改；需要时请先重新打开", "This task is closed; open it again first"},
		"plan.no-title":       {"请填写名称", "Write what it is"},
		"plan.outside-year":   {"完成期限要在计划年度之内", "The deadline must lie within the year of the plan"},
		"plan.no-figure":      {"“{figure}”不能作为目标：请从列表中选一个计数的指标", "“{figure}” cannot be a target; choose a counted figure from the list"},
		"plan.target-twice":   {"这个单位的这个指标已有目标，请直接修改它", "This unit has a target for this figure already; change that one"},
		"plan.no-proof":       {"请写明办结情况，或附上佐证材料、台账编号", "Say what came of it, or add a file or a record's number as proof"},
		"plan.not-your-file":  {"佐证材料要由您本人上传，请重新上传", "The proof must be a file you brought; upload it again"},
		"plan.no-entry":       {"没有编号为“{number}”的台账记录，或不在您的范围内", "There is no record numbered “{number}” within your reach"},
		"plan.no-reason":      {"请写明原因", "Give a reason"},
		"plan.months":         {"目标不能小于零；分月目标要么不填，要么十二个月都填", "A target is not below zero; monthly steps are left out or given for all twelve months"},
		"plan.month-negative": {"{month}月的累计目标小于零，请改成零或更大的数", "The step of month {month} is below zero; write zero or more"},
		"plan.month-falls": {
			"{month}月的累计目标比{before}月小；分月目标是从一月累计到当月的数，请改成不小于{before}月的数",
			"The step of month {month} is below that of month {before}; steps add up from January, so write at least as much",
		},
		"plan.month-end": {"{month}月的累计目标与全年目标不一致，请改成一样的数", "The step of month {month} differs from the yearly target; make them the same"},
		"plan.no-person": {
			"这位人员不在责任单位，或不能登录；请从责任单位的人员里选",
			"This person is not of the responsible unit or cannot sign in; choose one from the unit's people",
		},
		"plan.no-party":         {"责任方只能是五方或区有关部门，作用只能是牵头、配合", "A duty is borne by the five parties or line departments, which lead or join in"},
		"plan.nothing-to-carry": {"没有需要结转的任务", "There are no open tasks to carry over"},
	} {
		sentences[code] = l
	}
}
