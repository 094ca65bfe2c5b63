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
		"place.turnout": {
			"征求了 {asked} 户，只有 {answers} 户表态，不到 {part}/{of}；请继续征求意见再登记一次",
			"{answers} of {asked} households answered, less than {part}/{of}; ask on and record it again",
		},
		"place.agreement": {
			"{answers} 户表态中有 {agreed} 户同意，没有过 {part}/{of}；请另选位置或再征求意见",
			"{agreed} of {answers} answers agree, not more than {part}/{of}; choose another spot or ask again",
		},
		"place.objections-open": {
			"有 {objected} 户反对，请在征求意见记录里写明怎么答复的，再定点",
			"{objected} households objected; write in the consent record what they were answered, then approve",
		},
		"place.reason": {"请写明原因，至少两个字", "Say why, in two characters at least"},
		"place.takeover-first": {
			"台账里还有 {n} 条投放点、转运站记录，请区分类办先在“点位”页接管",
			"{n} points and stations still stand in ledgers; the district office has to take them over on the page of places first",
		},
		"place.taken-over":      {"点位已经接管过了，请刷新", "Places were taken over already; reload"},
		"place.entries-waiting": {"还有 {n} 条记录在等审核，请先审核或退回，再接管", "{n} records wait for verification; verify or return them first"},
		"place.outside": {
			"位置在{unit}的范围之外约 {metres} 米，请核对单位和经纬度",
			"The position lies some {metres} m outside {unit}; check the unit, latitude and longitude",
		},
		"place.outline": {
			"这不是 GeoJSON 的 FeatureCollection 文件。请从制图软件导出 GeoJSON（WGS84 经纬度）再上传",
			"This is no GeoJSON FeatureCollection. Export GeoJSON (WGS84 longitude and latitude) from the map program and upload that",
		},
		"place.outline-empty": {"文件里一个面也没有，请导出单位的边界面", "The file has no shape in it; export the boundaries of the units"},
		"place.outline-unit": {
			"第 {n} 个面（{name}）对不上单位：请在 properties 里写单位代码 code 或与系统一致的名称 name",
			"Shape {n} ({name}) belongs to no unit here; give the unit's code or its exact name in properties",
		},
		"place.outline-names": {
			"第 {n} 个面（{name}）：有几个单位都叫这个名称，请改写单位代码 code",
			"Shape {n} ({name}): several units have this name; give the unit's code instead",
		},
		"place.outline-twice": {
			"第 {n} 个面（{name}）与第 {first} 个面是同一个单位，请合成一个 MultiPolygon",
			"Shape {n} ({name}) is of the same unit as shape {first}; join them in one MultiPolygon",
		},
		"place.outline-shape": {
			"第 {n} 个面（{name}）不是 Polygon 或 MultiPolygon，点和线不能当轮廓",
			"Shape {n} ({name}) is no Polygon or MultiPolygon; points and lines are no outline",
		},
		"place.outline-ring": {"第 {n} 个面（{name}）有一圈不足四个点，围不成面", "Shape {n} ({name}) has a ring of fewer than four points, which encloses nothing"},
		"place.outline-degrees": {
			"第 {n} 个面（{name}）的坐标不是 [经度, 纬度] 的度数；投影坐标（米）请先转成 WGS84 经纬度",
			"The coordinates of shape {n} ({name}) are not [longitude, latitude] in degrees; convert metres to WGS84 first",
		},
		"place.outline-corners": {
			"轮廓共超过 {limit} 个点，画起来太慢；请先简化边界再上传",
			"The outlines have more than {limit} points, too slow to draw; simplify the boundaries first",
		},
		"place.hours":        {"结束时间要晚于开始时间，各段不能交叉，按先后填写", "Each stretch must end after it begins; list them in order without overlap"},
		"place.more-answers": {"同意和反对的户数加起来超过了征求的户数，请核对", "More households answered than were asked; please check"},
		"place.unit-type":    {"{type}不设这类点位，请换一个单位或类型", "A unit of type {type} has no such places; choose another unit or type"},
		"ledger.kept-elsewhere": {
			"“{kind}”已由“点位”管理，台账里的记录只供查阅；请到“点位”页办理",
			"“{kind}” is kept on the page of places by now; the ledger only shows what was entered before",
		},
	} {
		sentences[code] = l
	}
}
