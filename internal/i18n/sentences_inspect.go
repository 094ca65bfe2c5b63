package i18n

func init() {
	for code, l := range map[string]Label{
		"calendar.year": {"{year} 年的放假安排还没有公布，算不出工作日", "The holidays of {year} are not published yet; working days cannot be counted"},

		"rectify.no-case":   {"没有找到这件整改，可能已删除或不在您的范围内", "There is no such case, or it lies outside your reach"},
		"rectify.forbidden": {"您不能办理这里的整改，请联系上级单位", "You may not handle cases here; ask the unit above"},
		"rectify.own":       {"您在责任单位 {party} 任职，这一步要由别人办", "You have a seat at {party}, which answers for this; somebody else has to do it"},
		"rectify.replier":   {"回复过的人不能自己复查，请换人", "Who replied may not recheck; somebody else has to"},
		"rectify.self-found": {
			"发现或交办这件问题的人不能自己答复延期和异议，请换人",
			"Who found or issued this may not decide on requests and objections; somebody else has to",
		},
		"rectify.finder": {"{instrument}要由发现人以外的人签发", "A {instrument} is issued by somebody other than who found it"},
		"rectify.party":  {"这一步由责任单位 {party} 自己办", "This step is for {party}, which answers for it"},
		"rectify.state":  {"{no} 现在是“{state}”，不能做这一步，请刷新后再办", "{no} is {state}; this step does not fit, reload and look"},
		"rectify.changed": {
			"这件整改刚有新的进展，请刷新后再办；您填的内容还在", "Something happened to this case a moment ago; reload and try again, what you wrote is kept",
		},
		"rectify.invalid":      {"有需要改正的地方，请看下面的提示", "Something needs to be put right; see below"},
		"rectify.reason":       {"请写明理由，至少两个字", "Say why, in two characters at least"},
		"rectify.reply-empty":  {"请说明做了什么，或附上整改后的照片", "Say what was done, or add a photo of it"},
		"rectify.answer-first": {"还有一项申请或异议没有答复，请先答复", "A request or an objection waits for its answer; answer it first"},
		"rectify.asked-already": {
			"这份文书只能提 {times} 次，已经提过", "This can be asked {times} time(s) under one instrument, and was",
		},
		"rectify.too-late":    {"已经过了可以提出的期限", "The time for this is over"},
		"rectify.not-offered": {"{instrument}不办理这一步", "A {instrument} has no such step"},
		"rectify.not-overdue": {"还没有逾期，也没有复查不合格，不能升级", "It is neither overdue nor was it found not put right; it cannot be escalated"},
		"rectify.not-failed": {
			"要有 {need} 次复查不合格才能移送执法，现在 {failed} 次", "It takes {need} failed rechecks to hand over to enforcement; there were {failed}",
		},
		"rectify.newer":          {"同一个问题已经有一件没有销号的：{no}，请在那一件里办理", "The same problem has a later case that is open: {no}; go on with that one"},
		"rectify.no-party":       {"还没有责任单位，请先改责任单位", "Nobody answers for this yet; address it to a party first"},
		"rectify.day-off":        {"{day} 不上班，请选一个工作日", "{day} is not worked; choose a working day"},
		"rectify.notice-written": {"这件整改的通知书已经起草，请在公文里办理", "The notice of this case is being written; go on with it among the documents"},
		"rectify.year": {
			"{year} 年的放假安排还没有公布，期限算不出来，请写明截止日期", "The holidays of {year} are not published, so the deadline cannot be counted; type the last day",
		},
		"rectify.day-needed": {"请写明截止日期", "Type the last day"},
		"rectify.day-past":   {"截止日期 {day} 已经过去", "{day} is past"},
		"rectify.day-range":  {"请选 {from} 到 {until} 之间的一天", "Choose a day from {from} to {until}"},
		"rectify.lighter":    {"要用比现在更重的文书", "Choose an instrument heavier than the present one"},

		"rectify.news-issue":    {"{place}：{title}，请在 {due} 前整改并回复（{no}）", "{place}: {title}; put it right and reply by {due} ({no})"},
		"rectify.news-escalate": {"{place}：{title} 已升级，请在 {due} 前整改并回复（{no}）", "{place}: {title} was escalated; reply by {due} ({no})"},
		"rectify.news-fail":     {"{place}：复查不合格，请在 {due} 前重新整改（{no}）", "{place}: the recheck failed; put it right by {due} ({no})"},
		"rectify.news-pass":     {"{place}：复查合格，{no} 已销号", "{place}: the recheck passed, {no} is closed"},
		"rectify.news-grant":    {"{no} 同意延期到 {due}", "{no}: more time was given, until {due}"},
		"rectify.news-refuse":   {"{no} 不同意延期，期限 {due}", "{no}: no more time; it is due by {due}"},
		"rectify.news-dismiss":  {"{no} 异议不成立，仍须整改，期限 {due}", "{no}: the objection was dismissed; it is due by {due}"},
		"rectify.news-uphold":   {"{no} 异议成立，已撤销", "{no}: the objection was upheld and the case revoked"},
		"rectify.news-reopen":   {"{place}：{no} 又打开了，将重新交办", "{place}: {no} was opened again and will be issued anew"},
		"rectify.news-revoke":   {"{no} 已撤销", "{no} was revoked"},
		"rectify.news-overdue":  {"{place}：{title} 已逾期没有回复（{no}，期限 {due}）", "{place}: {title} is overdue ({no}, due by {due})"},
		"rectify.news-reply":    {"{place}：责任单位已回复，请复查（{no}）", "{place}: the party replied; please recheck ({no})"},
		"rectify.news-ask":      {"{place}：责任单位申请延期，请答复（{no}）", "{place}: the party asks for more time ({no})"},
		"rectify.news-object":   {"{place}：责任单位提出异议，请答复（{no}）", "{place}: the party objects ({no})"},

		"inspect.no-visit":  {"没有找到这次检查，可能不在您的范围内", "There is no such visit, or it lies outside your reach"},
		"inspect.no-place":  {"没有找到这个检查地点，可能编号有误或不在您的范围内", "There is no such place to inspect, or it lies outside your reach"},
		"inspect.forbidden": {"您不能检查这个单位，请联系上级单位", "You may not inspect this unit; ask the unit above"},
		"inspect.invalid":   {"检查表有需要改正的地方，请看下面的提示", "Something in this visit needs to be put right; see below"},
		"inspect.changed":   {"这次检查刚被别人改过，请刷新后再办", "Somebody changed this visit a moment ago; reload and try again"},
		"inspect.voided":    {"这次检查已经作废", "This visit was voided already"},
		"inspect.form": {"这份检查表已经换了，系统里找不到您用的那一版，请导出后交分类办代为录入",
			"This checklist has changed and the version you used is not known here; export your visit and hand it to the office"},
		"inspect.sent-already": {"这次检查已经提交过（{no}），这里填的和那一份不同；再提交一次，会作为另一次检查",
			"This visit was handed in already ({no}) and says something else here; submit again and it is another visit"},
		"inspect.empty":      {"还没有回答任何一项", "Nothing has been answered yet"},
		"inspect.long-ago":   {"检查时间在三个月以前，请核对手机的日期", "The visit was made more than three months ago; check the date of the phone"},
		"inspect.subject":    {"“{item}”答的对象不在这次检查里", "{item}: this subject is not part of the visit"},
		"inspect.no-item":    {"检查表里没有“{item}”这一项", "The checklist has no item {item}"},
		"inspect.no-subject": {"“{item}”不分点位回答", "{item} is not answered point by point"},
		"inspect.twice":      {"“{item}”回答了两次", "{item} was answered twice"},
		"inspect.no-na":      {"“{item}”必须回答，不能选不涉及", "{item} has to be answered; it cannot be left out as not applicable"},
		"inspect.share":      {"“{item}”请写问了几位、其中几位合格", "{item}: say how many were asked, and how many of them were right"},
		"inspect.not-met":    {"不符合：{item}", "Not met: {item}"},
	} {
		sentences[code] = l
	}
}
