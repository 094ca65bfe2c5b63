package i18n

// What is said of a stranger's file.
func init() {
	for code, s := range map[string]Label{
		"value.decimals":   {"最多 {n} 位小数，请按列名要求填写", "At most {n} decimals"},
		"value.other-unit": {"单位“{unit}”与这一列的不同，请换算后只填数字", "“{unit}” is not what this column counts in; convert it and enter the number alone"},
		"value.unit-twice": {"这一列已按“{unit}”计，这一格又写了单位，请只填数字",
			"This column is in “{unit}” already and the cell names a unit too; enter the number alone"},
		"value.error-cell":   {"这一格是错误值 {text}，请改正或清空", "The cell holds the error {text}; mend or clear it"},
		"value.picture-cell": {"这一格是嵌入的图片，不是文字；请清空，照片在记录里上传", "The cell holds a picture and no text; clear it, and upload the photo with the record"},
		"value.digits-lost": {"这一格按数字存放，末几位已经丢失；请把单元格设为文本后重新填写",
			"The cell is stored as a number and has lost its last digits; format it as text and type it again"},

		"import.merged-number": {"合并单元格里的 {text} 只在第一行计一次；这一行请另填数字，没有就填“—”",
			"{text} in merged cells counts once, in the first row; enter this row's own number, or “—” for none"},
		"import.aside-total":   {"“{text}”是合计行，不作为记录", "“{text}” is a row of totals and no record"},
		"import.aside-note":    {"“{text}”是表下的说明，不作为记录", "“{text}” is a note and no record"},
		"import.aside-empty":   {"只有序号或空格，不作为记录", "Only a number or blanks: no record"},
		"import.aside-zero":    {"只有为 0 的公式，不作为记录", "Only formulas that are 0: no record"},
		"import.aside-heading": {"“{text}”是分组标题，不作为记录", "“{text}” is a heading of the rows below and no record"},
		"import.aside-table": {"从“{text}”起是另一张表，没有读取；请另存为单独的文件导入",
			"From “{text}” on there is another table; it was not read. Import it as a file of its own"},
		"import.aside-below": {"属于下面的另一张表，没有读取", "Belongs to another table below; not read"},
		"import.aside-left":  {"已由您略过", "Left out by you"},

		"import.note-unit": {"“{title}”按{unit}读取，已换算成{own}：1{unit} ＝ {factor}{own}",
			"“{title}” is read in {unit} and converted: 1 {unit} is {factor} {own}"},
		"import.note-hidden":  {"{rows}在表里是隐藏的（或被筛选掉了），也已读取", "{rows} are hidden in the sheet, or filtered away; they were read too"},
		"import.note-numbers": {"“{title}”一列是文件自己的序号，没有读取", "“{title}” holds the file's own numbers; it was not read"},
		"import.note-state": {"“{title}”一列没有读取（例如“{text}”）；状态由审核得出，已停用的请填结束日期",
			"“{title}” was not read (“{text}” for example); a state comes of verification, and what has ended needs its last day"},
		"import.note-sheets": {"已读取工作表：{names}", "Sheets that were read: {names}"},
		"import.note-others": {"没有读取的工作表：{names}", "Sheets that were not read: {names}"},
		"import.note-aside":  {"{rows}没有作为记录读取", "{rows} were not read as records"},
		"import.note-taken":  {"{rows}与系统中已有的记录相同，不重复登记", "{rows} say what is kept already and make no second record"},
		"import.like-record": {"已有同一单位、同一天、同样内容的记录 {number}：是更正它、另记一条，还是略过？",
			"There is record {number} of the same unit, day and subject: correct it, keep this as another, or leave it out?"},
		"import.like-row": {"与第 {row} 行是同一个（同一单位、同样名称）：请略过一行，或确认是另一个",
			"The same as row {row}, of one unit and name: leave one out, or keep both as two"},
		"import.note-locked": {"{rows}的日期在锁定的期间里，登记后不能审核通过；需要补录的，请先联系区分类办开锁",
			"The days of {rows} are in a locked period: what is entered there cannot be verified until the district office unlocks it"},
		"ledger.hint-locked": {"{from} 至 {until} 已锁定：登记后不能审核通过，需要补录请先联系区分类办开锁",
			"{from} to {until} is locked: this cannot be verified until the district office unlocks it"},
		"ledger.hint-alike": {"已有同一单位、同一天、同样内容的记录 {number}，请看是否重复",
			"There is record {number} of the same unit, day and subject: see whether this is the same"},
		"import.act":      {"这一行不能这样处理", "This cannot be done with the row"},
		"import.no-sheet": {"文件里没有名为“{name}”的工作表", "There is no sheet “{name}” in the file"},
	} {
		sentences[code] = s
	}
}
