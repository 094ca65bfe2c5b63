package i18n

func init() {
	for code, l := range map[string]Label{
		"place.no-place":         {"没有找到这个点位，可能编号有误或不在您的范围内", "There is no such place: the code may be wrong, or it lies outside your reach"},
		"place.forbidden":        {"您不能办理这个单位的点位，请联系上级单位", "You may not handle places of this unit; ask the unit above"},
		"place.invalid":          {"点位内容有需要改正的地方，请看下面的提示", "Something about this place needs to be put right; see below"},
		"place.wrong-state":      {"这个点位现在是“{state}”，不能做这一步", "This place is {state}; this step does not fit"},
		"place.changed":          {"这个点位刚被别人改过，请刷新后再办", "Someone changed this place a moment ago; reload and try again"},
		"place.own-proposal":     {"自己提议的点位要由别人定点", "Somebody else has to approve what you proposed"},
		"place.notice-too-short": {"公示了 {days} 天，至少要 {need} 天；公示够了再登记", "The notice stood {days} days, {need} are needed; record it when they are over"},
		"place.turnout":          {"征求了 {asked} 户，只有 {answers} 户表态，不到 {part}/{of}；请继续征求意见再登记一次", "{answers} of {asked} households answered, less than {part}/{of}; ask on and record it again"},
		"place.agreement":        {"{answers} 户表态中有 {agreed} 户同意，没有过 {part}/{of}；请另选位置或再征求意见", "{agreed} of {answers} answers agree, not more than {part}/{of}; choose another spot or ask again"},
		"place.objections-open":  {"有 {objected} 户反对，请在征求意见记录里写明怎么答复的，再定点", "{objected} households objected; write in the consent record what they were answered, then approve"},
		"place.reason":           {"请写明原因，至少两个字", "Say why, in two characters at least"},
		"place.takeover-first":   {"台账里还有 {n} 条投放点、转运站记录，请区分类办先在“点位”页接管", "{n} points and stations still stand in ledgers; the district office has to take them over on the page of places first"},
		"place.taken-over":       {"点位已经接管过了，请刷新", "Places were taken over already; reload"},
		"place.entries-waiting":  {"还有 {n} 条记录在等审核，请先审核或退回，再接管", "{n} records wait for verification; verify or return them first"},
		"place.outline":          {"轮廓文件有误：{why}。请上传 WGS84 坐标的 GeoJSON，每个面写明单位代码或名称", "The outline file is wrong: {why}. Upload GeoJSON in WGS84, each polygon naming its unit by code or name"},
		"place.hours":            {"结束时间要晚于开始时间，各段不能交叉，按先后填写", "Each stretch must end after it begins; list them in order without overlap"},
		"place.more-answers":     {"同意和反对的户数加起来超过了征求的户数，请核对", "More households answered than were asked; please check"},
		"place.unit-type":        {"{type}不设这类点位，请换一个单位或类型", "A unit of type {type} has no such places; choose another unit or type"},
		"ledger.kept-elsewhere":  {"“{kind}”已由“点位”管理，台账里的记录只供查阅；请到“点位”页办理", "“{kind}” is kept on the page of places by now; the ledger only shows what was entered before"},
	} {
		sentences[code] = l
	}
}
