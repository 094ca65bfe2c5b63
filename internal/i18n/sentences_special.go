package i18n

// What special inspections say.
func init() {
	for code, l := range map[string]Label{
		"special.none":    {"没有找到这次专项检查，可能不在您的范围内", "There is no such special inspection, or it is outside your reach"},
		"special.changed": {"这次专项检查刚被别人改过，请刷新后再改", "Somebody changed this special inspection just now; reload and change it again"},
		"special.void":    {"这次专项检查已作废，不能再改", "This special inspection is void and cannot be changed"},
		"special.taken":   {"专项检查已经转到这里，不用再转", "Special inspections are kept here already"},
		"special.waiting": {"台账里还有 {n} 条专项检查等人处理，请先处理完再转", "{n} special inspections in the ledger wait for a decision; decide them first"},
		"special.takeover": {
			"台账里有 {n} 条专项检查，请先在“专项检查”页面把它们转过来，数字和历史不变",
			"The ledger holds {n} special inspections; bring them over on the page of special inspections first, figures and history stay",
		},
		"special.not-over": {
			"这次活动还没有结束、没有检查记录，或不是专项检查，不能登记",
			"This campaign is not over, has no visits, or is no special inspection; it cannot be counted",
		},
		"special.kept":           {"这次活动已登记为 {no}", "This campaign is counted already, as {no}"},
		"special.outside-unit":   {"{unit}在这一天不存在，请改日期", "{unit} did not exist on that day; change the day"},
		"special.number-of-none": {"写了文书编号，请选是通报还是提示单", "There is a document number: say whether it is a bulletin or a prompt notice"},
	} {
		sentences[code] = l
	}
}
