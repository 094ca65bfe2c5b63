package sheet

// Error is why a file or cell cannot be read. Code is a stable slug; Zh and En
// are one sentence each and name the cure. Cell is the address it is about,
// empty when it is the whole file.
type Error struct {
	Code, Zh, En string
	Cell         string
}

func (e *Error) Error() string {
	if e.Cell != "" {
		return e.Code + " at " + e.Cell + ": " + e.En
	}
	return e.Code + ": " + e.En
}

// Is compares by code, so that a sentinel equals its copies with an address.
func (e *Error) Is(target error) bool {
	o, ok := target.(*Error)
	return ok && o.Code == e.Code
}

func (e *Error) at(cell string) *Error {
	c := *e
	c.Cell = cell
	return &c
}

// What Read, ReadCSV and Table.Rows answer.
var (
	ErrTooLarge = &Error{Code: "sheet.too-large", Zh: "文件超过20兆，请分成几份上传", En: "the file is larger than 20 MB; split it"}
	ErrUnzipped = &Error{Code: "sheet.too-large-unzipped", Zh: "文件解开后超过256兆，请把数据复制到新模板中再上传",
		En: "the file unpacks to more than 256 MB; copy the data into a fresh template"}
	ErrTooComplex = &Error{Code: "sheet.too-complex", Zh: "文件的样式或图片过多，请把数据复制到新模板中再上传",
		En: "the file holds too many styles or drawings; copy the data into a fresh template"}
	ErrTooManyRows = &Error{Code: "sheet.too-many-rows", Zh: "超过10万行，请分成几份上传", En: "more than 100,000 rows; split the file"}
	ErrTooWide     = &Error{Code: "sheet.too-wide", Zh: "模板之外的列里有内容，请删去多余的列", En: "there is content in columns outside the template; delete those columns"}
	ErrNotSheet    = &Error{Code: "sheet.not-xlsx", Zh: "这不是 .xlsx 表格，请用 Excel 或 WPS 另存为 .xlsx",
		En: "this is not an .xlsx workbook; save it as .xlsx in Excel or WPS"}
	ErrOldOrLocked = &Error{Code: "sheet.old-or-locked", Zh: "这是旧的 .xls 文件或加了密码，请取消密码并另存为 .xlsx",
		En: "this is an old .xls file or protected by a password; remove the password and save it as .xlsx"}
	ErrMacro    = &Error{Code: "sheet.macro", Zh: "文件含有宏，请另存为不带宏的 .xlsx", En: "the file holds macros; save it as .xlsx without macros"}
	ErrDamaged  = &Error{Code: "sheet.damaged", Zh: "文件已损坏或不完整，请打开后另存一份再上传", En: "the file is damaged or cut off; open it and save a copy"}
	ErrNoSheet  = &Error{Code: "sheet.no-sheet", Zh: "找不到要读的工作表，请使用下载的模板", En: "the worksheet is not there; use the downloaded template"}
	ErrEmpty    = &Error{Code: "sheet.empty", Zh: "表格是空的，请从标题行开始填写", En: "the sheet is empty; it begins with a row of titles"}
	ErrEncoding = &Error{Code: "sheet.encoding", Zh: "文字编码无法识别，请另存为 UTF-8 的 CSV 或 .xlsx",
		En: "the text encoding is not known; save as CSV in UTF-8 or as .xlsx"}
	ErrQuotes  = &Error{Code: "sheet.csv-quotes", Zh: "这一行的引号没有配对，请改正或另存为 .xlsx", En: "quotes in this line do not match; mend them or save the file as .xlsx"}
	ErrWebPage = &Error{Code: "sheet.web-page", Zh: "这是网页（HTML）存成的表格，请用 Excel 或 WPS 打开后另存为 .xlsx",
		En: "this is a web page (HTML) under the name of a sheet; open it in Excel or WPS and save it as .xlsx"}
	ErrXML = &Error{Code: "sheet.xml", Zh: "这是 XML 格式的表格，请用 Excel 或 WPS 打开后另存为 .xlsx",
		En: "this is a sheet in XML; open it in Excel or WPS and save it as .xlsx"}
	ErrNotDate     = &Error{Code: "sheet.not-date", Zh: "不是日期，请写成 2020-08-02", En: "not a date; write 2020-08-02"}
	ErrNotNumber   = &Error{Code: "sheet.not-number", Zh: "不是数字，请只填数字", En: "not a number; enter digits only"}
	ErrDecimals    = &Error{Code: "sheet.too-many-decimals", Zh: "小数位数过多，请按列名要求的位数填写", En: "too many decimals; round to what the column asks for"}
	ErrTextTooLong = &Error{Code: "sheet.text-too-long", Zh: "一格文字超过32767个字符，无法写入表格", En: "a text of more than 32,767 characters does not fit into a cell"}
)
