package i18n

func init() {
	for code, l := range map[string]Label{
		"assess.no-run":    {"没有这次评分，或还没有公示", "There are no such scores, or they are not public yet"},
		"assess.no-sheet":  {"没有这张评分表", "There is no such score sheet"},
		"assess.no-unit":   {"这次评分没有这个单位，或不在您的范围内", "This unit is not scored here, or it is outside your reach"},
		"assess.forbidden": {"您不能办理这次评分，请联系区分类办", "You may not work on these scores; ask the district office"},
		"assess.own":       {"计算、填写过这次评分的人不能审核它，请由他人办理", "Whoever computed or entered something of these scores does not approve them: somebody else must"},
		"assess.invalid":   {"有几处需要更正", "Some of this has to be corrected"},
		"assess.changed":   {"别人刚改过这次评分，请刷新后再办", "Somebody changed these scores meanwhile; reload and look again"},
		"assess.state":     {"这次评分现在是“{state}”，不能这样办", "The scores are {state} now; this cannot be done"},
		"assess.revised":   {"已有第 {rev} 版更正，请在那一版里办", "Revision {rev} corrects these scores already; work in that one"},
		"assess.period": {
			"请选期间的第一天，例如 2020-11-01；季度从 1、4、7、10 月起",
			"Choose the first day of a period, such as 2020-11-01; quarters begin in January, April, July, October",
		},
		"assess.open-period": {"期间还没有结束：结束后才能审核", "The period is not over yet: it is checked afterwards"},
		"assess.nobody":      {"期末没有这张表要评的单位", "On the last day there is no unit that this sheet scores"},
		"assess.two-groups":  {"{n} 个单位同时在两个组（如“{unit}”）：请改评分表里分组的条件", "{n} units belong to two groups (such as {unit}): change the conditions of the groups"},
		"assess.below-first": {
			"要用“{sheet}”本期的得分，那张表还没有审核：请先审核它", "The scores of “{sheet}” are needed and nobody has checked them yet: check them first",
		},
		"assess.waiting":   {"还有 {n} 项等人评定：请先评完", "{n} items wait for a person's judgement: finish them first"},
		"assess.objecting": {"异议期还没有过，不能定稿", "Units may still object: it cannot be settled yet"},
		"assess.over":      {"异议期已经过了，不能再提", "The time for objections is over"},
		"assess.twice":     {"本单位对这一项已经提过异议，结果会写在这一项下面", "This unit has objected to this item already; the answer will stand below it"},
		"assess.objected":  {"还有 {n} 件异议没有答复（{unit}：{item}）：请先答复", "Objections that wait for an answer: {n} ({unit}: {item}); answer them first"},
		"assess.decided":   {"这件异议已经答复：{state}", "This objection has been answered: {state}"},
		"assess.party": {
			"提出异议的人和计算、填写过这次评分的人不能答复，请由他人办理",
			"Neither who objected nor who computed or entered something of these scores decides: somebody else must",
		},
		"assess.no-objection": {"没有这件异议，或不在您的范围内", "There is no such objection, or it is outside your reach"},
		"assess.no-item":      {"评分表里没有这一项：请在要异议的那一项下面提", "The sheet has no such item: object below the item that you mean"},
		"assess.no-fixes":     {"成立的异议要写明更正哪些数：请在要更正的数后面填新数", "Say which numbers an upheld objection corrects: enter the new number beside the old"},
		"assess.rejected-fixes": {
			"不成立的异议不更正数：请改选成立或部分成立，或清空更正",
			"A rejected objection corrects nothing: choose upheld or partly, or leave the numbers as they are",
		},
		"assess.no-name": {
			"这里不能填这一项：有记录的数不手填，公示后的更正先开新的一版",
			"This is not entered here: what records say is not typed, and what is public is corrected by a revision",
		},
		"assess.number": {"请填数，例如 4.5、90%、10/12", "Enter a number such as 4.5, 90% or 10/12"},
		"assess.judged": {"请填 0 到 {max} 之间的分数，按规定的间隔", "Enter points between 0 and {max}, in the steps that the sheet names"},
	} {
		sentences[code] = l
	}
}
