package i18n

func init() {
	for code, l := range map[string]Label{
		"paper.none": {"这里没有可以检查的地点，或者表上什么都没有填", "There is no place to inspect here, or nothing was filled in"},
		"paper.file": {
			"这不是从这里下载的检查表，或者“行号”一列被改过（{cell}），请重新下载再填",
			"This is not a sheet from here, or its line numbers were changed ({cell}); download it anew and fill that in",
		},
		"paper.look":      {"请写“已改好”或“没改好”", "Write “put right” or “not yet”"},
		"paper.line":      {"检查清单已经改过，没有这一项了，请重新下载检查表", "The checklist has changed and asks this no more; download the sheet anew"},
		"paper.answer":    {"“{item}”写的“{said}”认不出，请照表上的写法", "“{said}” for {item} cannot be told; write it as the sheet says"},
		"paper.no-answer": {"“{item}”写了情况，没有写回答", "Something is written beside {item}, and no answer"},
		"paper.day": {
			"没有写检查日期；这份表是 {day} 下载的，不是今天，请写明是哪天查的", "The day is missing; the sheet is of {day}, not of today: write on which day it was",
		},
		"paper.future": {"检查日期在今天以后", "The day lies in the future"},
		"paper.name":   {"这一家的名称没有填", "This one has no name"},
	} {
		sentences[code] = l
	}
}
