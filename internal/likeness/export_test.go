package likeness

// OneByOne is for how many keys each unit and day is looked at.
var OneByOne = &oneByOne
