package i18n

var sentences = map[string]Label{}
