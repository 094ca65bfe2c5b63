package ledger

// AlikeAtOnce is how many entries one look for records of one thing takes.
var AlikeAtOnce = &alikeAtOnce
