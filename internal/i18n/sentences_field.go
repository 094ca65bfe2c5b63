package i18n

func init() {
	for code, l := range map[string]Label{
		"field.version": {"手机上的页面太旧了，请先更新再上传；没传的都在本机上", "The pages on this phone are too old; update first, what was not sent stays on the phone"},
		"field.kind":    {"服务器不认识这种记录，请更新手机上的页面", "The server does not know records of this kind; update the pages on this phone"},
		"field.clock": {
			"手机的时间不对，定不了是哪一天做的，请选日期（{from} 到 {until}）", "The phone's clock cannot be right; choose the day on which it was done ({from} to {until})",
		},
		"field.no-part":     {"手机要的这部分内容没有了，请刷新", "There is no such part any more; refresh"},
		"field.offset":      {"照片已经收到 {offset} 字节，请从那里接着传", "{offset} bytes of the photo are here; go on from there"},
		"field.store":       {"您没有传完的照片超过 {max}，请先把已经开始的传完", "Your unfinished photos exceed {max}; finish those that were begun first"},
		"field.other-photo": {"传来的照片和登记的不是同一个文件，会重新传一遍", "What came is not the photo that was announced; it is sent once more"},
		"field.author":      {"这份导出里有别人的检查，但认不出是哪部手机写的", "This export holds work of somebody else, and the phone that wrote it is not known"},
		"field.reused":      {"这条记录已由别人交上来", "Somebody else has handed this in"},
		"field.zip":         {"这不是手机导出的文件，或者文件不完整", "This is not what a phone exports, or it is not whole"},
		"field.look-noted": {
			"{no} 您看到的已记下，销号要由有权复查的人办", "{no}: what you saw was noted; closing it is for somebody who may recheck",
		},
		"field.not-counted": {"{day} 所在的月份已锁定，检查保留，不计入指标", "The month of {day} is locked; the visit is kept and no figure counts it"},
		"field.self":        {"这是自查，问题记下了，不立整改事项", "This was a self-check: what was wrong is noted and opens no case"},
		"field.kept":        {"您做的已经收下，由交办单位看后处理", "What you did is kept; the issuing unit looks at it"},
	} {
		sentences[code] = l
	}
}
