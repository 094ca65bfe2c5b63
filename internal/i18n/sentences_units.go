package i18n

// What an import of units tells.
func init() {
	for code, l := range map[string]Label{
		"reorg.no-name-column": {
			"第 {row} 行的标题里没有“名称”；单位名单要有一列写单位的名称，标题可写“名称”“单位名称”“小区名称”等",
			"The titles in row {row} lack “name”; a unit list has a column with the names of the units, called “name”, 名称 or 单位名称",
		},
		"reorg.two-columns": {
			"{first}“{one}”和 {cell}“{other}”像是同一项，看不出该读哪一列；请只留一列，或给另一列换个标题",
			"{first} “{one}” and {cell} “{other}” seem to say the same; keep one of them, or give the other another title",
		},
		"reorg.column-unread": {
			"“{title}”这一列没有读入：单位名单只读代码、名称、类型、上级、条线、分类方案和单位属性（如户数）",
			"The column “{title}” was not read: of a unit list code, name, type, parent, line, scheme and attributes of units, such as households, are",
		},
		"reorg.attribute-unit": {
			"“{title}”的单位写的是“{unit}”，这项属性按“{own}”保存，没有换算；请把这一列换算好，并改标题里的单位",
			"“{title}” is in {unit}, the attribute is kept in {own} and nothing was converted; convert the column and its title",
		},
		"reorg.attribute-twice": {
			"“{name}”的{title}在 {cell} 写的是 {was}，这里是 {is}；同一单位只能有一个，请改成一致",
			"{title} of {name} is {was} at {cell} and {is} here; a unit has one value: make them agree",
		},
		"attribute.none":        {"没有这项单位属性；可用的属性由规则包定义", "There is no such attribute of units; rule packs say which there are"},
		"attribute.not-of":      {"{type}没有“{title}”这项属性，没有读入", "“{title}” is not kept of this type of unit ({type}) and was not taken"},
		"attribute.before":      {"{name}从 {from} 起才有，在这一天不存在；请改日期", "{name} exists from {from} and not on this day; change the day"},
		"attribute.number":      {"“{text}”不是数字；请只填数字，例如 540", "“{text}” is not a number; enter digits alone, such as 540"},
		"attribute.whole":       {"“{text}”要是整数", "“{text}” must be a whole number"},
		"attribute.negative":    {"“{text}”不能小于 0", "“{text}” cannot be below 0"},
		"attribute.decimals":    {"“{text}”最多 {n} 位小数", "“{text}” may have at most {n} decimals"},
		"attribute.large":       {"“{text}”太大，请核对单位", "“{text}” is too large; check its unit"},
		"attribute.option":      {"没有“{text}”这一项，可以填：{options}", "There is no “{text}”; choose one of: {options}"},
		"attribute.bool":        {"“{text}”看不出是或否，请填“是”或“否”", "“{text}” is neither yes nor no; enter yes or no"},
		"attribute.day":         {"“{text}”不是日期，请写成 2020-01-01", "“{text}” is no day; write one such as 2020-01-01"},
		"reorg.column-untitled": {"这一列没有标题，没有读入", "This column has no title and was not read"},
		"reorg.sheet-unread":    {"工作表“{name}”（{n} 行）没有读入", "The sheet “{name}” ({n} rows) was not read"},
		"reorg.total-row":       {"“{text}”这一行是合计，没有当作单位", "The row “{text}” is a total and made no unit"},
		"reorg.note-row":        {"“{text}”这一行是说明，没有当作单位", "The row “{text}” is a note and made no unit"},
		"reorg.head-again":      {"这一行重复了标题，没有当作单位", "This row repeats the titles and made no unit"},
		"reorg.number-name":     {"名称“{text}”只是数字，请填单位的名称", "The name “{text}” is only a number; enter the unit's name"},
		"reorg.code-shortened": {
			"代码“{text}”已被表格软件缩短，后面的数字看不出；请把这一列设为文本，再填完整的代码",
			"The spreadsheet shortened the code “{text}” and its last digits are lost; make the column text and enter the whole code",
		},
		"reorg.code-outside": {
			"代码 {text} 不属于{district}（代码 {code}）；请核对代码，或去掉这一行",
			"The code {text} is not of {district} (code {code}); check it, or take the row out",
		},
		"reorg.outside-left": {
			"名单里有 {n} 行不属于{district}（代码 {code}），没有读入；这里是第一行",
			"{n} rows are not of {district} (code {code}) and were left out; this is the first",
		},
		"reorg.root-kept": {
			"代码 {code} 就是{district}；名称没有改成“{name}”",
			"The code {code} is {district} itself; its name was not changed to “{name}”",
		},
		"reorg.second-district": {
			"“{name}”不能是区：{district}（代码 {code}）之外没有别的区；请改类型",
			"“{name}” cannot be a district: there is none but {district} (code {code}); change the type",
		},
		"reorg.holds": {
			"“{text}”是{type}“{path}”，下面不能有{kind}；请核对上级",
			"“{text}” is {path} ({type}), which cannot have a unit of type {kind} below it; check the superior",
		},
		"reorg.name-body": {
			"“{name}”像是已有的“{path}”，这一行建成了另一个单位；若是同一个，请把名称改成“{place}”",
			"“{name}” seems to be {path}, and this row makes another unit; if they are one, call it “{place}” in the list",
		},
		"reorg.type-missing": {
			"“{name}”没有写类型；请填类型，如 社区、小区、学校",
			"“{name}” has no type; enter one, such as community, estate or school",
		},
		"reorg.parent-needed": {
			"“{name}”没有写上级；请写所属的镇街或社区，直属区里的写“{district}”",
			"What is “{name}” under? Enter its street or community, or “{district}” if it is directly under the district",
		},
		"reorg.parent-itself": {"“{name}”的上级绕回了它自己，请核对上级", "“{name}” would be above itself; check the superior"},
		"reorg.code-twice": {
			"代码 {code} 在 {cell} 已用于“{name}”；一个代码只能有一个单位",
			"The code {code} stands at {cell} for “{name}” already; a code has one unit",
		},
		"reorg.row-twice": {"“{name}”与 {cell} 是同一个单位，只算一次", "“{name}” is the unit of {cell}; it counts once"},
		"reorg.name-twice": {
			"“{name}”在 {cell} 也有，上级、类型或代码不同，是两个单位；若是同一个，请改正后再导入",
			"“{name}” stands at {cell} too, with another superior, type or code: two units; if they are one, mend the list first",
		},
		"reorg.name-exists": {
			"已有同名的“{path}”（{type}），这一行是另一个单位；若是同一个，请改正上级、类型或代码",
			"There is a unit of this name, {path} ({type}), and this is another; if they are one, mend superior, type or code",
		},
		"reorg.renamed":    {"代码 {code} 的单位原名“{was}”，改为“{name}”", "The unit with the code {code} was “{was}” and is now “{name}”"},
		"reorg.elsewhere":  {"“{name}”现在的上级是“{have}”，没有按名单移动", "“{name}” is under “{have}” and was not moved as the list has it"},
		"reorg.other-type": {"“{name}”现在的类型是{type}，没有按名单改", "“{name}” is of the type {type}, which was not changed as the list has it"},
		"reorg.was-closed": {"“{name}”最后一天是 {until}，没有重新启用", "The last day of “{name}” was {until}; it was not opened again"},
		"reorg.code-parent": {
			"代码 {code} 像是在“{have}”下面，名单写的上级是“{want}”，按名单",
			"By its code {code} it would be under “{have}”; the list says “{want}”, and so it is",
		},
	} {
		sentences[code] = l
	}
}
