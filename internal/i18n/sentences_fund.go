package i18n

func init() {
	for code, l := range map[string]Label{
		"fund.no-run":    {"没有这次奖补，或还没有公示", "There is no such award, or it is not public yet"},
		"fund.no-rule":   {"没有这个奖补办法", "There is no such award rule"},
		"fund.no-unit":   {"这次奖补没有这个单位，或不在您的范围内", "This unit is not in the award, or it is outside your reach"},
		"fund.no-batch":  {"没有这一批拨付", "There is no such batch"},
		"fund.forbidden": {"您不能办理这次奖补，请联系区分类办", "You may not work on this award; ask the district office"},
		"fund.own": {
			"测算、填写过这次奖补或录入过它的预算的人不能审核，请由他人办理",
			"Whoever computed or entered something of this award, or its budget, does not approve it: somebody else must",
		},
		"fund.approver": {"批准了这次奖补的人不能拨付，请由他人办理", "Whoever approved this award does not pay it: somebody else must"},
		"fund.changed":  {"别人刚改过这次奖补，请刷新后再办", "Somebody changed this award meanwhile; reload and look again"},
		"fund.state":    {"这次奖补现在是“{state}”，不能这样办", "The award is {state} now; this cannot be done"},
		"fund.period": {
			"请选期间的第一天，例如 2020-10-01；季度从 1、4、7、10 月起",
			"Choose the first day of a period, such as 2020-10-01; quarters begin in January, April, July, October",
		},
		"fund.open-period": {"期间还没有结束：结束后才能审核", "The period is not over yet: it is reviewed afterwards"},
		"fund.nobody":      {"期末没有这个办法奖补的单位", "On the last day there is no unit that this rule pays"},
		"fund.waiting":     {"还差 {n} 个数，如“{first}”：请在“填写”里补上并写明依据", "{n} values are missing, such as “{first}”: enter them with the reason"},
		"fund.no-budget": {
			"{year} 年没有“{purpose}”的预算：请先在奖补页录入预算，再重新测算",
			"There is no budget for “{purpose}” in {year}: enter one on the awards page, then compute again",
		},
		"fund.used": {
			"本次 {sum}，预算只剩 {left}：别的奖补已用去，请退回重算或增加预算",
			"This comes to {sum} and {left} are left of the budget: other awards used it; return it to be computed again, or raise the budget",
		},
		"fund.fault":      {"{why}", "{why}"},
		"fund.reconcile":  {"数据到 {day} 对账，之后才能审核", "Its data are reconciled by {day}: it is reviewed after that"},
		"fund.publicised": {"公示期还没有过，不能批准", "It is still publicised: it cannot be approved yet"},
		"fund.revised":    {"已有第 {rev} 版更正，请在那一版里办", "Revision {rev} corrects this award already; work in that one"},
		"fund.no-name": {
			"这里不能填这一项：有记录的数不手填，批准后的更正先开新的一版",
			"This is not entered here: what records say is not typed, and what is approved is corrected by a revision",
		},
		"fund.number":   {"请填数，例如 860、2.2万、90%", "Enter a number such as 860, 2.2万 or 90%"},
		"fund.no-grade": {"没有这个等次：请选办法里写明的等次", "There is no such grade: choose one that the rule names"},
		"fund.money":    {"请填金额，到分为止，例如 37,440.00 或 60万", "Enter an amount to the fen, such as 37,440.00 or 60万"},
		"fund.twice":    {"“{thing}”在 {period} 已经列过，不能再列：请删去这一行", "“{thing}” stands in {period} already and cannot be claimed twice: take this row out"},
		"fund.nothing":  {"现在没有要办的金额：已付清、已在批次里，或还在暂扣", "There is nothing to do now: it is paid, in a batch, or still withheld"},
		"fund.short": {
			"资金到位 {in}，已付 {out}，本批要 {batch}：差 {gap}。请等资金到位并登记，或少选几家",
			"{in} has come in, {out} is paid, this batch needs {batch}: {gap} are missing. Record what comes in, or choose fewer",
		},
		"fund.batch-over": {"第 {no} 批{state}，不能再改：没有付的单位会出现在下一批", "Batch {no} is {state} and stays as it is: who was not paid comes into the next one"},
		"fund.line": {
			"回执第 {row} 行“{unit}”不在第 {no} 批待付的名单里，或写了两次：请核对后再交",
			"Row {row}, “{unit}”, is not among the open lines of batch {no}, or stands twice: check it and send it again",
		},
		"fund.too-much":  {"追回的金额要大于 0，不多于已付的 {paid}", "What is recovered is above 0 and at most the {paid} that were paid"},
		"fund.still-due": {"还有 {n} 家 {sum} 没有付清或暂扣着：请先拨付或解除", "{n} claimants still have {sum} due or withheld: pay or release it first"},
	} {
		sentences[code] = l
	}
}
