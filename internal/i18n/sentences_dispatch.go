package i18n

func init() {
	for code, l := range map[string]Label{
		"dispatch.no-meeting":  {"没有这次会议，或不在您的范围内", "There is no such meeting, or it is outside your reach"},
		"dispatch.no-decision": {"没有这项议定事项，或不在您的范围内", "There is no such decision, or it is outside your reach"},
		"dispatch.forbidden":   {"您不能改这个单位的会议和议定事项", "You may not change meetings and decisions of this unit"},
		"dispatch.not-owner": {
			"这项议定事项由别的单位负责，请由责任单位报办结",
			"Another unit is responsible for this; it reports when it is done",
		},
		"dispatch.own-report": {
			"不能核实自己报的办结，请由本办另一位同事核实",
			"Nobody accepts his own report; ask a colleague of the office to look",
		},
		"dispatch.changed":     {"别人刚改过，请刷新后再改", "Somebody changed it meanwhile; reload and try again"},
		"dispatch.wrong-state": {"会议{state}，现在不能这样做；请刷新后再看", "The meeting is {state}; this cannot be done now. Reload and look again"},
		"dispatch.settled": {
			"这项议定事项是“{state}”，现在不能这样做；请刷新后再看",
			"This decision is “{state}”; this cannot be done now. Reload and look again",
		},
		"dispatch.has-decisions": {
			"这次会议已有{n}项议定事项，不能取消；请先逐项说明原因撤销",
			"This meeting has decided {n} things and cannot be cancelled; drop each with its reason first",
		},
		"dispatch.minutes-there": {
			"这次会议的纪要已经起草，请打开那份文稿修改；要重写，先删去草稿",
			"The minutes of this meeting are there; open them and change them, or discard the draft first",
		},
		"dispatch.invalid":        {"有几处需要更正", "Some of this has to be corrected"},
		"dispatch.no-reason":      {"请写明原因（至少两个字）", "Give a reason of at least two characters"},
		"dispatch.no-words":       {"请写明办理结果（至少两个字）", "Say what came of it, in at least two characters"},
		"dispatch.no-proof":       {"会议要求附佐证材料，请上传照片或文件后再报", "The meeting asked for proof; add a photo or a file"},
		"dispatch.not-your-file":  {"佐证材料要由您本人上传，请重新上传", "The proof must be a file you brought; upload it again"},
		"dispatch.no-person":      {"这位人员不在责任单位，或不能登录；请从责任单位的人员里选", "This person is not of the responsible unit or cannot sign in; choose one of its people"},
		"dispatch.month":          {"{month}还没有开始，不能起草通报", "{month} has not begun; its bulletin cannot be drafted"},
		"dispatch.takeover-first": {"台账里还有{n}条会议记录，请先接管，再在这里安排会议", "{n} records of meetings stand in ledgers; take them over before you plan meetings here"},
		"dispatch.taken-over":     {"会议已经在这里管理，不用再接管", "Meetings are kept here already"},
		"dispatch.entries-waiting": {
			"还有{n}条会议记录在等审核；请先审核或退回，再接管",
			"{n} records of meetings wait for verification; verify or return them first",
		},
		"dispatch.no-owner":       {"请选择责任单位", "Choose the responsible unit"},
		"dispatch.no-deadline":    {"请填写办理期限", "Set a deadline"},
		"dispatch.early-deadline": {"期限不能早于会议当天（{day}），请改成当天或以后", "The deadline lies before the meeting ({day}); set that day or a later one"},
		"dispatch.too-far":        {"{day}太远，请核对年份", "{day} is too far ahead; check the year"},
		"dispatch.no-unit":        {"没有这个单位，或不在您的范围内；请从列表里选", "There is no such unit within your reach; choose one from the list"},
		"dispatch.unit-ended": {
			"“{unit}”到{day}为止，会议当天（{held}）已不存在；请改选并入的单位，或删去这一行",
			"“{unit}” ended on {day}, before the meeting ({held}); choose the unit that took it in, or remove the row",
		},
		"dispatch.owner-ended": {
			"“{unit}”到{day}为止，不能再负责办理；请改选并入的单位",
			"“{unit}” ended on {day} and cannot take this on; choose the unit that took it in",
		},
		"dispatch.unit-twice":    {"“{unit}”出现了两次，请删去一行", "“{unit}” stands twice; remove one row"},
		"dispatch.presence":      {"请说明“{unit}”到会、派人代会还是缺席", "Say whether “{unit}” came, was represented or was absent"},
		"dispatch.unit-type":     {"会议由区、部门、镇街召开，{type}不能召开", "Meetings are held by the district, departments and streets, not by: {type}"},
		"dispatch.outside-unit":  {"“{unit}”在这一天还没有或已经不存在，请改会议日期", "“{unit}” does not exist on this day; change the day of the meeting"},
		"dispatch.day-decided":   {"已有{n}项议定事项按原日期定了期限，会议日期不能再改", "{n} decisions were dated by this day; the day of the meeting cannot change any more"},
		"dispatch.later-meeting": {"请选择同一单位以后召开的会议", "Choose a later meeting of the same unit that was held"},
	} {
		sentences[code] = l
	}
}
